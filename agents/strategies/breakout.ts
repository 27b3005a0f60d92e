import type { Bias } from "../../lib/contracts/pattern.ts";
import type { BreakoutStrategyConfig } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import {
  BreakoutIndicators,
  type BreakoutSnapshot,
} from "./breakout_indicators.ts";
import type { BreakoutFacts } from "./facts.ts";
import type { HeldPosition } from "./position_book.ts";
import {
  formatPrice,
  type MarketSetup,
  planTarget,
  type TradePlan,
} from "./setup.ts";
import {
  endOfMarketSetup,
  type Management,
  MARKET_WAIT_CANDLES,
  type Strategy,
  type StrategyContext,
} from "./strategy.ts";

/**
 * Breakout (docs/trading-model.md): the newest candle closed above the highest
 * high of the `channelCandles` before it (or above the last swing high), its
 * body is at least `minBodyPct` of its range and points the same way, the
 * channel was narrower than `maxSqueezePercentile` of its recent widths, and
 * the volume is more than `volumeRatio` times its mean. Entry at the next
 * open, stop `stopAtr` × ATR below the level.
 *
 * It ends at a fixed target, or by a stop that follows `trailAtr` × ATR below
 * the highest close; and when a candle closes back below the level within
 * `failWithinCandles` of the breakout.
 */
export class BreakoutStrategy implements Strategy<BreakoutSnapshot> {
  readonly key = "breakout";
  readonly entry = "market";
  readonly #indicators = new BreakoutIndicators();

  step({ detectors, strategies }: StrategyContext): void {
    this.#indicators.step(detectors.series, strategies.breakout);
  }

  propose({ detectors, strategies }: StrategyContext): MarketSetup | null {
    const config = strategies.breakout;
    const level = this.#brokenLevel(detectors, config);
    if (level === null) return null;
    const { bias, price } = level;
    const { series } = detectors;
    const at = series.lastSeq & SERIES_MASK;
    const close = series.close[at]!;
    const bodyPct = 100 * bias * (close - series.open[at]!) /
      (series.high[at]! - series.low[at]!);
    // A candle without a range has no body to judge.
    if (!(bodyPct >= config.minBodyPct)) return null;
    const squeeze = this.#squeeze(config);
    const volume = this.#volume(series.volume[at]!, config);
    if (squeeze === null || volume === null) return null;
    const plan = planBreakout(
      { bias, price, close, atr: series.atr[at]! },
      config,
    );
    if (plan === null) return null;
    return {
      strategy: "breakout",
      entry: "market",
      bias,
      plan,
      level: price,
      createdSeq: series.lastSeq,
      facts: {
        kind: "breakout",
        level: config.level,
        channelCandles: config.channelCandles,
        ...squeeze,
        ...volume,
        bodyPct,
        trailAtr: config.exit === "trail" ? config.trailAtr : null,
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
    const config = strategies.breakout;
    const { series } = detectors;
    const at = series.lastSeq & SERIES_MASK;
    const { bias, level, createdSeq } = position;
    const close = series.close[at]!;
    const isFresh = series.lastSeq - createdSeq <= config.failWithinCandles;
    if (level !== null && isFresh && bias * (close - level) < 0) {
      return {
        kind: "close",
        reason: `The breakout failed: a candle closed back behind ${
          formatPrice(level)
        }`,
      };
    }
    return config.exit === "trail"
      ? trail(position, { close, distance: config.trailAtr * series.atr[at]! })
      : null;
  }

  #brokenLevel(
    { series, structure, swings }: DetectorSet,
    config: BreakoutStrategyConfig,
  ): { bias: Bias; price: number } | null {
    if (config.level === "swing") {
      const bias = structure.breakBias;
      if (bias === 0) return null;
      return { bias, price: bias > 0 ? swings.high.price : swings.low.price };
    }
    const { high, low, isChannelKnown } = this.#indicators;
    if (!isChannelKnown) return null;
    const close = series.close[series.lastSeq & SERIES_MASK]!;
    if (close > high) return { bias: 1, price: high };
    return close < low ? { bias: -1, price: low } : null;
  }

  /** The percentile where it passes, or null where the channel is too wide or its widths are not known yet. */
  #squeeze(
    { maxSqueezePercentile }: BreakoutStrategyConfig,
  ): Pick<BreakoutFacts, "squeezePercentile"> | null {
    if (maxSqueezePercentile >= 100) return { squeezePercentile: null };
    const percentile = this.#indicators.squeezePercentile();
    return percentile !== null && percentile < maxSqueezePercentile
      ? { squeezePercentile: percentile }
      : null;
  }

  /** The volume's ratio where it passes, or null where it is too small or its mean is not known yet. */
  #volume(
    volume: number,
    { volumeRatio }: BreakoutStrategyConfig,
  ): Pick<BreakoutFacts, "volumeRatio" | "isVolumeMissing"> | null {
    if (volumeRatio === 0) return { volumeRatio: null, isVolumeMissing: false };
    const mean = this.#indicators.meanVolume();
    if (mean === null) return null;
    // Some markets come without volumes; that is no small volume.
    if (mean === 0) return { volumeRatio: null, isVolumeMissing: true };
    return volume > volumeRatio * mean
      ? { volumeRatio: volume / mean, isVolumeMissing: false }
      : null;
  }

  snapshot(): BreakoutSnapshot {
    return this.#indicators.snapshot();
  }

  restore(snapshot: BreakoutSnapshot): void {
    this.#indicators.restore(snapshot);
  }
}

/** With a trailing stop there is no target, and so no planned reward that could be too small. */
function planBreakout(
  { bias, price, close, atr }: {
    bias: Bias;
    price: number;
    close: number;
    atr: number;
  },
  config: BreakoutStrategyConfig,
): TradePlan | null {
  if (atr <= 0) return null;
  const entry = {
    bias,
    entryPrice: close,
    stopPrice: price - bias * config.stopAtr * atr,
  };
  if (config.exit === "target") {
    return planTarget(entry, { config, opposing: null });
  }
  return entry.stopPrice <= 0 ? null : {
    entryPrice: entry.entryPrice,
    stopPrice: entry.stopPrice,
    targetPrice: null,
    rewardRisk: null,
    isAtOpposing: false,
  };
}

function trail(
  { bias, bestClose, stopPrice }: HeldPosition,
  { close, distance }: { close: number; distance: number },
): Management | null {
  const wanted = bestClose - bias * distance;
  if (wanted <= 0 || bias * (wanted - stopPrice) <= 0) return null;
  // The range has shrunk so far that the stop would lie beyond the market.
  if (bias * (close - wanted) <= 0) {
    return {
      kind: "close",
      reason: `A candle closed behind the trailing stop at ${
        formatPrice(wanted)
      }`,
    };
  }
  return {
    kind: "moveStop",
    stopPrice: wanted,
    reason: `The stop follows the best close ${formatPrice(bestClose)}`,
  };
}
