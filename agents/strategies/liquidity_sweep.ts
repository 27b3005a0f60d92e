import type { Bias, LiquidityEvent } from "../../lib/contracts/pattern.ts";
import type { LiquiditySweepStrategyConfig } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { CODE } from "../smc/pattern_codes.ts";
import type { SweepFacts } from "./facts.ts";
import { heldCandles, type HeldPosition } from "./position_book.ts";
import {
  formatPrice,
  type MarketSetup,
  opposingLiquidity,
  planTarget,
} from "./setup.ts";
import {
  endOfMarketSetup,
  type Management,
  MARKET_WAIT_CANDLES,
  type Strategy,
  type StrategyContext,
} from "./strategy.ts";
import { usesSource } from "./sweep_source.ts";

/** A sweep that may be traded. Plain data. */
export interface Sweep {
  /** Direction of the trade: up after lows were taken. */
  bias: Bias;
  /** Candle of the sweep. */
  seq: number;
  /** Price of the pool. */
  pool: number;
  /** How far the candle went beyond it. */
  extreme: number;
  facts: Pick<
    SweepFacts,
    "source" | "members" | "wickPct" | "poolAgeCandles"
  >;
}

/** The sweep that waits for structure to turn, or null. */
export type SweepSnapshot = Sweep | null;

const SWEPT = CODE["liquidity.swept"];

/** Closes behind the pool that end the trade. */
const CLOSES_BEHIND_MAX = 2;

/**
 * Liquidity sweep (docs/trading-model.md): the newest candle traded beyond a
 * pool of lows and closed back above it, with a lower wick of at least
 * `minWickPct` of its range. Entry at the next open, or at the open after a
 * bullish change of character of internal structure within
 * `chochWithinCandles`. Stop beyond the extreme of the sweep, target at the
 * opposite liquidity if that is far enough. Closed after `maxHoldCandles`, or
 * at the second close behind the pool.
 *
 * Of several pools swept on one candle the furthest counts. A candle that
 * sweeps both sides says nothing. While a sweep waits for the turn it is
 * dropped once its extreme is traded through or a candle closes behind its
 * pool, and replaced by a newer sweep.
 */
export class LiquiditySweepStrategy implements Strategy<SweepSnapshot> {
  readonly key = "liquiditySweep";
  readonly entry = "market";
  /** The sweep of the newest candle. */
  #newest: Sweep | null = null;
  /** The sweep that waits for structure to turn. */
  #waiting: Sweep | null = null;

  step({ detectors, strategies }: StrategyContext): void {
    const config = strategies.liquiditySweep;
    this.#newest = findSweep(detectors, config);
    if (config.entry === "next_open") {
      this.#waiting = null;
      return;
    }
    const waiting = this.#waiting;
    if (waiting !== null && isOver(waiting, { detectors, config })) {
      this.#waiting = null;
    }
    // What the newest candle swept can turn on a later one only.
    this.#waiting = this.#newest ?? this.#waiting;
  }

  propose({ detectors, strategies }: StrategyContext): MarketSetup | null {
    const config = strategies.liquiditySweep;
    if (config.entry === "next_open") {
      return this.#newest === null
        ? null
        : plan(this.#newest, { detectors, config });
    }
    const waiting = this.#waiting;
    const { lastSeq } = detectors.series;
    if (waiting === null || waiting.seq === lastSeq) return null;
    const { breakBias, lastBreakStage } = detectors.internal.structure;
    if (breakBias !== waiting.bias || lastBreakStage !== "choch") return null;
    this.#waiting = null;
    return plan(waiting, { detectors, config });
  }

  waitCandles(): number {
    return MARKET_WAIT_CANDLES;
  }

  endOfSetup = endOfMarketSetup;

  manage(
    position: HeldPosition,
    { detectors, strategies }: StrategyContext,
  ): Management | null {
    if (position.closesBehind >= CLOSES_BEHIND_MAX && position.level !== null) {
      return {
        kind: "close",
        reason: `A second candle closed behind the pool at ${
          formatPrice(position.level)
        }`,
      };
    }
    const { maxHoldCandles } = strategies.liquiditySweep;
    return heldCandles(position, detectors.series) >= maxHoldCandles
      ? { kind: "close", reason: `Held for ${maxHoldCandles} candles` }
      : null;
  }

  snapshot(): SweepSnapshot {
    return structuredClone(this.#waiting);
  }

  restore(snapshot: SweepSnapshot): void {
    this.#newest = null;
    this.#waiting = structuredClone(snapshot);
  }
}

interface Sight {
  detectors: DetectorSet;
  config: LiquiditySweepStrategyConfig;
}

function isOver(
  sweep: Sweep,
  { detectors, config }: Sight,
): boolean {
  const { series } = detectors;
  const at = series.lastSeq & SERIES_MASK;
  const { bias, pool, extreme, seq } = sweep;
  const reach = bias > 0 ? series.low[at]! : series.high[at]!;
  return series.lastSeq - seq > config.chochWithinCandles ||
    bias * (reach - extreme) < 0 || bias * (series.close[at]! - pool) < 0;
}

/** The sweep of the newest candle that the configuration lets through, or null. */
export function findSweep(
  { log, series }: DetectorSet,
  config: LiquiditySweepStrategyConfig,
): Sweep | null {
  if (log.findNewest(SWEPT) < 0) return null;
  const swept = log.events(log.newestStart, log.end).filter((event) =>
    event.kind === "liquidity" && event.stage === "swept"
  ) as LiquidityEvent[];
  // Whatever their source: a candle that took both sides says nothing.
  if (swept.some(({ bias }) => bias !== swept[0]!.bias)) return null;
  let found: LiquidityEvent | null = null;
  for (const event of swept) {
    const isTradable = usesSource(config, event.source) &&
      series.lastSeq - event.refSeq <= config.maxPoolAgeCandles;
    const isFurther = found === null ||
      event.bias * (event.price - found.price) > 0;
    if (isTradable && isFurther) found = event;
  }
  return found === null ? null : toSweep(found, { series, config });
}

/** Null where the wick is too short. */
function toSweep(
  { bias: side, price, source, members, refSeq }: LiquidityEvent,
  { series, config }: Pick<DetectorSet, "series"> & Pick<Sight, "config">,
): Sweep | null {
  const at = series.lastSeq & SERIES_MASK;
  const open = series.open[at]!;
  const close = series.close[at]!;
  const bias: Bias = side > 0 ? -1 : 1;
  const extreme = bias > 0 ? series.low[at]! : series.high[at]!;
  const body = bias > 0 ? Math.min(open, close) : Math.max(open, close);
  const wickPct = 100 * bias * (body - extreme) /
    (series.high[at]! - series.low[at]!);
  if (wickPct < config.minWickPct) return null;
  return {
    bias,
    seq: series.lastSeq,
    pool: price,
    extreme,
    facts: {
      source,
      members,
      wickPct,
      poolAgeCandles: series.lastSeq - refSeq,
    },
  };
}

function plan(
  sweep: Sweep,
  { detectors, config }: Sight,
): MarketSetup | null {
  const { series } = detectors;
  const at = series.lastSeq & SERIES_MASK;
  const atr = series.atr[at]!;
  if (atr <= 0) return null;
  const { bias, extreme } = sweep;
  const entryPrice = series.close[at]!;
  const opposing = opposingLiquidity(detectors, { bias, price: entryPrice });
  const trade = planTarget({
    bias,
    entryPrice,
    stopPrice: extreme - bias * config.stopBufferAtr * atr,
  }, { config, opposing: opposing?.price ?? null });
  if (trade === null) return null;
  return {
    strategy: "liquiditySweep",
    entry: "market",
    bias,
    plan: trade,
    level: sweep.pool,
    createdSeq: series.lastSeq,
    facts: {
      kind: "liquidity_sweep",
      ...sweep.facts,
      extreme,
      turnedAfterCandles: config.entry === "next_open"
        ? null
        : series.lastSeq - sweep.seq,
      opposingMembers: opposing?.members ?? 0,
    },
  };
}
