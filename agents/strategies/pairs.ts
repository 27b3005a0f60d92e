import type { PairsStrategyConfig } from "../../lib/contracts/strategies.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import {
  PairSpread,
  type PairSpreadSnapshot,
  type SpreadDistance,
} from "./pair_spread.ts";
import { heldCandles, type HeldPosition } from "./position_book.ts";
import type { MarketSetup } from "./setup.ts";
import {
  endOfMarketSetup,
  type Management,
  MARKET_WAIT_CANDLES,
  type Strategy,
  type StrategyContext,
} from "./strategy.ts";

/** State of a {@link PairsStrategy}. */
export interface PairsSnapshot {
  /** Newest candle that was taken in; −1 before the first. */
  seq: number;
  spread: PairSpreadSnapshot;
}

/** The pair at the newest candle, where its half-life and β can be traded. */
interface PairView extends SpreadDistance {
  beta: number;
  halfLife: number;
}

/**
 * Pairs (docs/trading-model.md), the long side: the spread ln A − β ln B is
 * `entryZ` standard deviations below its mean, its half-life within its range.
 * A is bought and β times its value of B sold at the next open, B at a ratio
 * that stays as it is. The stop is the loss of the pair, were the spread to go
 * on to `stopZ` as the window is now; the desk holds it as well.
 *
 * Closed at the open after a close with the spread within `exitZ` or beyond
 * `stopZ`, after `holdHalfLives` half-lives of the entry, or when the half-life
 * leaves its range. The distance of then counts: β and window are those of the
 * newest candle. A β that is not positive is no pair.
 */
export class PairsStrategy implements Strategy<PairsSnapshot> {
  readonly key = "pairs";
  readonly entry = "market";
  #spread = new PairSpread(2);
  #seq = -1;
  /** Null while unknown or not to be traded. */
  #view: PairView | null = null;

  step({ detectors: { series }, strategies }: StrategyContext): void {
    const config = strategies.pairs;
    const isSame = this.#spread.windowCandles === config.windowCandles;
    if (!isSame || this.#seq !== series.lastSeq - 1) {
      this.#spread = new PairSpread(config.windowCandles);
      for (let seq = series.oldestSeq; seq < series.lastSeq; seq++) {
        this.#take(series, seq);
      }
    }
    this.#take(series, series.lastSeq);
    this.#view = this.#look(config);
  }

  propose({ detectors, strategies }: StrategyContext): MarketSetup | null {
    const view = this.#view;
    const config = strategies.pairs;
    if (view === null) return null;
    const distance = Math.abs(view.z);
    if (distance <= config.entryZ || distance >= config.stopZ) return null;
    const bias = view.z < 0 ? 1 : -1;
    const { series } = detectors;
    const at = series.lastSeq & SERIES_MASK;
    const entryPrice = series.close[at]!;
    const hedgePrice = series.hedgeClose![at]!;
    // A move of the spread by d log points is worth about d × A for a unit of A.
    const risk = (config.stopZ - distance) * view.deviation * entryPrice;
    const stopPrice = entryPrice - bias * risk;
    if (!(risk > 0) || stopPrice <= 0) return null;
    return {
      strategy: "pairs",
      entry: "market",
      bias,
      plan: {
        entryPrice,
        stopPrice,
        targetPrice: null,
        rewardRisk: (distance - config.exitZ) / (config.stopZ - distance),
        isAtOpposing: false,
      },
      level: null,
      createdSeq: series.lastSeq,
      hedge: { ratio: view.beta * entryPrice / hedgePrice, price: hedgePrice },
      holdCandles: Math.ceil(config.holdHalfLives * view.halfLife),
      facts: {
        kind: "pairs",
        hedgeSymbol: config.hedgeSymbol,
        ...view,
      },
    };
  }

  waitCandles(): number {
    return MARKET_WAIT_CANDLES;
  }

  endOfSetup = endOfMarketSetup;

  manage(
    position: HeldPosition,
    { detectors, strategies }: StrategyContext,
  ): Management | null {
    const config = strategies.pairs;
    const view = this.#view;
    if (view === null) return close(this.#whyOver());
    const z = position.bias * view.z;
    if (z <= -config.stopZ) {
      return close(
        `The spread is ${
          (-z).toFixed(1)
        } standard deviations out, the stop is at ${config.stopZ}`,
      );
    }
    if (z > -config.exitZ) {
      return close(
        `The spread is back: ${
          z.toFixed(1)
        } standard deviations, the exit is at ${config.exitZ}`,
      );
    }
    const { holdCandles } = position;
    return holdCandles !== undefined &&
        heldCandles(position, detectors.series) >= holdCandles
      ? close(`Held for ${holdCandles} candles`)
      : null;
  }

  /** Why the pair cannot be traded any more. */
  #whyOver(): string {
    const reading = this.#spread.read();
    if (reading === null) return "The spread is not known any more";
    return reading.beta > 0
      ? "The half-life of the spread is out of its range"
      : "The markets do not move together any more: beta is not positive";
  }

  #look(config: PairsStrategyConfig): PairView | null {
    const reading = this.#spread.read();
    if (reading === null || reading.halfLife === null) return null;
    const { beta, halfLife } = reading;
    const isTradable = beta > 0 && halfLife >= config.minHalfLife &&
      halfLife <= config.maxHalfLife;
    if (!isTradable) return null;
    const distance = this.#spread.distance(
      beta,
      halfLife * config.zHalfLives,
    );
    return distance && { ...distance, beta, halfLife };
  }

  /** A candle without the second market begins the window anew: a hole would join two prices that are far apart. */
  #take(series: CandleSeries, seq: number): void {
    const at = seq & SERIES_MASK;
    const hedgeClose = series.hedgeClose?.[at] ?? 0;
    this.#seq = seq;
    if (hedgeClose > 0) this.#spread.push(series.close[at]!, hedgeClose);
    else this.#spread = new PairSpread(this.#spread.windowCandles);
  }

  snapshot(): PairsSnapshot {
    return { seq: this.#seq, spread: this.#spread.snapshot() };
  }

  restore({ seq, spread }: PairsSnapshot): void {
    this.#seq = seq;
    this.#spread = new PairSpread(spread.windowCandles);
    this.#spread.restore(spread);
    this.#view = null;
  }
}

function close(reason: string): Management {
  return { kind: "close", reason };
}
