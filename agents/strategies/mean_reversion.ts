import type { MeanReversionStrategyConfig } from "../../lib/contracts/strategies.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import {
  DirectionalMovement,
  type DirectionalMovementSnapshot,
} from "../market/directional_movement.ts";
import {
  RollingMoments,
  type RollingMomentsSnapshot,
} from "../market/rolling_moments.ts";
import { heldCandles, type HeldPosition } from "./position_book.ts";
import type { MarketSetup } from "./setup.ts";
import {
  endOfMarketSetup,
  type Management,
  MARKET_WAIT_CANDLES,
  type Strategy,
  type StrategyContext,
} from "./strategy.ts";

/** State of a {@link MeanReversionStrategy}. */
export interface MeanReversionSnapshot {
  /** Newest candle that was taken in; −1 before the first. */
  seq: number;
  windowCandles: number;
  moments: RollingMomentsSnapshot;
  movement: DirectionalMovementSnapshot;
}

/**
 * Mean reversion (docs/trading-model.md): while the ADX(14) is below `maxAdx`,
 * the newest candle closed more than `entryZ` standard deviations below the
 * mean of the last `windowCandles` closes, its own included (population
 * standard deviation). Entry at the next open, stop `stopAtr` × ATR below the
 * close.
 *
 * It has no target price: it is closed at the open after a close at or above
 * `exitZ` standard deviations from the mean, after `maxHoldCandles`, or when
 * structure breaks down. The planned reward, for the least reward to risk, is
 * the way to that exit as the window is now. A candle that breaks structure
 * down makes no entry.
 */
export class MeanReversionStrategy implements Strategy<MeanReversionSnapshot> {
  readonly key = "meanReversion";
  readonly entry = "market";
  #moments = new RollingMoments(2);
  readonly #movement = new DirectionalMovement();
  #seq = -1;
  /** Distance of the newest close from its mean in standard deviations; 0 while unknown. */
  #z = 0;

  step({ detectors: { series }, strategies }: StrategyContext): void {
    const { windowCandles } = strategies.meanReversion;
    const isSame = this.#moments.window === windowCandles;
    if (!isSame || this.#seq !== series.lastSeq - 1) {
      this.#moments = new RollingMoments(windowCandles);
      this.#movement.clear();
      for (let seq = series.oldestSeq; seq < series.lastSeq; seq++) {
        this.#take(series, seq);
      }
    }
    this.#take(series, series.lastSeq);
    const deviation = this.#moments.standardDeviation;
    const close = series.close[series.lastSeq & SERIES_MASK]!;
    this.#z = this.#moments.isKnown && deviation > 0
      ? (close - this.#moments.mean) / deviation
      : 0;
  }

  propose({ detectors, strategies }: StrategyContext): MarketSetup | null {
    const config = strategies.meanReversion;
    const z = this.#z;
    if (Math.abs(z) <= config.entryZ) return null;
    if (!this.#movement.isKnown || this.#movement.adx >= config.maxAdx) {
      return null;
    }
    const bias = z < 0 ? 1 : -1;
    const { series, structure } = detectors;
    if (structure.breakBias === -bias) return null;
    const at = series.lastSeq & SERIES_MASK;
    const risk = config.stopAtr * series.atr[at]!;
    if (risk <= 0) return null;
    const deviation = this.#moments.standardDeviation;
    const rewardRisk = (config.exitZ - bias * z) * deviation / risk;
    const entryPrice = series.close[at]!;
    const stopPrice = entryPrice - bias * risk;
    if (rewardRisk < config.minRewardRisk || stopPrice <= 0) return null;
    return {
      strategy: "meanReversion",
      entry: "market",
      bias,
      plan: {
        entryPrice,
        stopPrice,
        targetPrice: null,
        rewardRisk,
        isAtOpposing: false,
      },
      level: null,
      createdSeq: series.lastSeq,
      facts: {
        kind: "mean_reversion",
        z,
        adx: this.#movement.adx,
        mean: this.#moments.mean,
        windowCandles: config.windowCandles,
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
    const config = strategies.meanReversion;
    const { bias } = position;
    if (detectors.structure.breakBias === -bias) {
      return { kind: "close", reason: "Structure broke against the position" };
    }
    if (this.#hasReverted(bias, config)) {
      return {
        kind: "close",
        reason: `The close is ${
          Math.abs(this.#z).toFixed(1)
        } standard deviations ${
          bias * this.#z < 0 ? "short of" : "beyond"
        } its mean, the exit is at ${config.exitZ}`,
      };
    }
    return heldCandles(position, detectors.series) >= config.maxHoldCandles
      ? { kind: "close", reason: `Held for ${config.maxHoldCandles} candles` }
      : null;
  }

  #hasReverted(bias: number, { exitZ }: MeanReversionStrategyConfig): boolean {
    return this.#moments.isKnown && bias * this.#z >= exitZ;
  }

  #take(series: CandleSeries, seq: number): void {
    const at = seq & SERIES_MASK;
    this.#moments.push(series.close[at]!);
    this.#movement.push(series.high[at]!, series.low[at]!);
    this.#seq = seq;
  }

  snapshot(): MeanReversionSnapshot {
    return {
      seq: this.#seq,
      windowCandles: this.#moments.window,
      moments: this.#moments.snapshot(),
      movement: this.#movement.snapshot(),
    };
  }

  restore(snapshot: MeanReversionSnapshot): void {
    this.#moments = new RollingMoments(snapshot.windowCandles);
    this.#moments.restore(snapshot.moments);
    this.#movement.restore(snapshot.movement);
    this.#seq = snapshot.seq;
    this.#z = 0;
  }
}
