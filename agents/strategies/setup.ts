/**
 * What the strategies share: a setup, its planned trade, and when a plan is no
 * longer valid (docs/trading-model.md; the long side is described, shorts are
 * mirrored).
 *
 * @module
 */
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { StrategyKey } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import type { MarketFacts, ZoneFacts } from "./facts.ts";

/** A zone as price meets it: `near` edge first. */
export interface TradeZone {
  bias: Bias;
  near: number;
  far: number;
}

/** Parameters that every plan needs. */
export interface TargetConfig {
  minRewardRisk: number;
  targetR: number;
}

/** Parameters that every zone strategy has. */
export interface ZoneEntryConfig extends TargetConfig {
  entryAt: "edge" | "middle";
  maxAgeCandles: number;
  stopBufferAtr: number;
}

/** Prices of a planned trade. */
export interface TradePlan {
  /** The limit, or for a market entry the close that it was decided on. */
  entryPrice: number;
  stopPrice: number;
  /** Null where the position ends by a rule and not at a price. */
  targetPrice: number | null;
  /** Planned reward as a multiple of the risk, before costs; null where it is open. */
  rewardRisk: number | null;
  /** Whether the target is the opposing level and not a multiple of the risk. */
  isAtOpposing: boolean;
}

/** A plan with a target. */
export interface PricedPlan extends TradePlan {
  targetPrice: number;
  rewardRisk: number;
}

/** What every setup has. */
interface SetupBase {
  strategy: StrategyKey;
  bias: Bias;
  plan: TradePlan;
  /** Candle that made the setup known. */
  createdSeq: number;
}

/** A planned entry that waits for the retest of its zone. Plain data. */
export interface ZoneSetup extends SetupBase {
  entry: "limit";
  plan: PricedPlan;
  zone: TradeZone;
  facts: ZoneFacts;
}

/** A planned entry at the next open. Plain data. */
export interface MarketSetup extends SetupBase {
  entry: "market";
  /** The price whose loss by close speaks against the trade; null for none. */
  level: number | null;
  facts: MarketFacts;
  /** The second leg: units of it for each unit of the first, and its close at the decision. */
  hedge?: { ratio: number; price: number };
  /** Candles after which the position is closed, where that is known at the entry. */
  holdCandles?: number;
}

/** A planned entry. */
export type Setup = ZoneSetup | MarketSetup;

/**
 * Plans a limit entry at a zone.
 *
 * entry = near edge, or (near + far) / 2; stop = far edge − buffer × ATR;
 * target as in {@link planTarget}. Null where that gives none or the ATR is
 * unknown.
 */
export function planTrade(
  zone: TradeZone,
  options: { config: ZoneEntryConfig; atr: number; opposing: number | null },
): PricedPlan | null {
  const { config, atr, opposing } = options;
  if (atr <= 0) return null;
  const bias = zone.bias;
  const entryPrice = config.entryAt === "edge"
    ? zone.near
    : (zone.near + zone.far) / 2;
  const stopPrice = zone.far - bias * config.stopBufferAtr * atr;
  return planTarget({ bias, entryPrice, stopPrice }, { config, opposing });
}

/**
 * Gives an entry and its stop a target: the opposing level if it is at least
 * `minRewardRisk` × risk away, else entry + targetR × risk. Null where the
 * target is nearer than `minRewardRisk`, the stop is not on the losing side, or
 * a price would not be positive.
 */
export function planTarget(
  entry: { bias: Bias; entryPrice: number; stopPrice: number },
  options: { config: TargetConfig; opposing: number | null },
): PricedPlan | null {
  const { bias, entryPrice, stopPrice } = entry;
  const { config, opposing } = options;
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
 * Why a setup at a zone is over at the newest candle, or null while it stands.
 * It has one chance: once price reached its entry level, an entry that is still
 * not filled has lost its "first touch".
 */
export function endOfZoneSetup(
  setup: ZoneSetup,
  options: { detectors: DetectorSet; maxAgeCandles: number },
): string | null {
  const { detectors, maxAgeCandles } = options;
  const series = detectors.series;
  const seq = series.lastSeq;
  const at = seq & SERIES_MASK;
  const bias = setup.bias;
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

/** The nearest opposing liquidity that the newest candle has not taken, seen from a price; null for none. */
export function opposingLiquidity(
  detectors: DetectorSet,
  from: { bias: Bias; price: number },
): { price: number; members: number } | null {
  const { series, liquidity } = detectors;
  const at = series.lastSeq & SERIES_MASK;
  // Levels up to the candle's own extreme are taken or about to be.
  const reached = from.bias > 0
    ? Math.max(from.price, series.high[at]!)
    : Math.min(from.price, series.low[at]!);
  return liquidity.nearestBeyond(from.bias, reached);
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
