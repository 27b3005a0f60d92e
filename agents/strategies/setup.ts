/**
 * What the strategies share: how a zone becomes a planned trade, and when a
 * plan is no longer valid (docs/trading-model.md; the long side is described, shorts are mirrored).
 *
 * @module
 */
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { StrategyKey } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";

/** A zone as price meets it: `near` edge first. */
export interface TradeZone {
  bias: Bias;
  near: number;
  far: number;
}

/** Parameters that every zone strategy has. */
export interface ZoneEntryConfig {
  entryAt: "edge" | "middle";
  maxAgeCandles: number;
  stopBufferAtr: number;
  minRewardRisk: number;
  targetR: number;
}

/** Prices of a planned trade. */
export interface TradePlan {
  entryPrice: number;
  stopPrice: number;
  targetPrice: number;
  /** Planned reward as a multiple of the risk, before costs. */
  rewardRisk: number;
  /** Whether the target is the opposing level and not a multiple of the risk. */
  isAtOpposing: boolean;
}

/** A planned entry that waits for the retest of its zone. Plain data. */
export interface Setup {
  strategy: StrategyKey;
  zone: TradeZone;
  plan: TradePlan;
  /** Candle that made the setup known. */
  createdSeq: number;
  facts: SetupFacts;
}

/** What speaks for a setup, as numbers; `describeReasons` puts it in words. */
export type SetupFacts =
  | {
    kind: "order_block";
    breakStage: "bos" | "choch";
    legAtr: number;
    /** Swings at the opposing level; 0 where there is none. */
    opposingMembers: number;
  }
  | { kind: "fvg"; gapAtr: number; bodyPct: number };

/**
 * Plans a limit entry at a zone.
 *
 * entry = near edge, or (near + far) / 2; stop = far edge − buffer × ATR;
 * target = the opposing level if it is at least `minRewardRisk` × risk away,
 * else entry + targetR × risk. Null where the target is nearer than
 * `minRewardRisk`, the ATR is unknown, or a price would not be positive.
 */
export function planTrade(
  zone: TradeZone,
  options: { config: ZoneEntryConfig; atr: number; opposing: number | null },
): TradePlan | null {
  const { config, atr, opposing } = options;
  if (atr <= 0) return null;
  const bias = zone.bias;
  const entryPrice = config.entryAt === "edge"
    ? zone.near
    : (zone.near + zone.far) / 2;
  const stopPrice = zone.far - bias * config.stopBufferAtr * atr;
  const risk = bias * (entryPrice - stopPrice);
  if (risk <= 0) return null;
  const opposingR = opposing === null
    ? -Infinity
    : bias * (opposing - entryPrice) / risk;
  const isAtOpposing = opposing !== null && opposingR >= config.minRewardRisk;
  const rewardRisk = isAtOpposing ? opposingR : config.targetR;
  const targetPrice = isAtOpposing
    ? opposing
    : entryPrice + bias * config.targetR * risk;
  if (rewardRisk < config.minRewardRisk) return null;
  if (stopPrice <= 0 || targetPrice <= 0) return null;
  return { entryPrice, stopPrice, targetPrice, rewardRisk, isAtOpposing };
}

/**
 * Why a setup is over at the newest candle, or null while it stands. A setup
 * has one chance: once price reached its entry level, an entry that is still
 * not filled has lost its "first touch".
 */
export function endOfSetup(
  setup: Setup,
  options: { detectors: DetectorSet; maxAgeCandles: number },
): string | null {
  const { detectors, maxAgeCandles } = options;
  const series = detectors.series;
  const seq = series.lastSeq;
  const at = seq & SERIES_MASK;
  const bias = setup.zone.bias;
  if (bias * series.close[at]! < bias * setup.zone.far) {
    return "A candle closed beyond the zone";
  }
  if (detectors.structure.breakBias === -bias) {
    return "Structure changed against the setup";
  }
  const reach = bias > 0 ? series.low[at]! : -series.high[at]!;
  if (reach <= bias * setup.plan.entryPrice) {
    return "The entry level was touched without a fill";
  }
  if (seq - setup.createdSeq > maxAgeCandles) {
    return `The zone is older than ${maxAgeCandles} candles`;
  }
  return null;
}

/** Texts up to this length are shown as they are; longer ones come from arithmetic. */
const PLAIN_PRICE_LENGTH = 10;

/** A price in a sentence: as the feed wrote it, or eight significant digits of a computed one. No locale. */
export function formatPrice(price: number): string {
  const text = String(price);
  return text.length <= PLAIN_PRICE_LENGTH
    ? text
    : String(Number(price.toPrecision(8)));
}

/** A multiple of the risk in a sentence. */
export function formatR(multiple: number): string {
  return `${multiple.toFixed(1)}R`;
}
