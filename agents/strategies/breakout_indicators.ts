import type { BreakoutStrategyConfig } from "../../lib/contracts/strategies.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { DonchianChannel } from "../market/donchian_channel.ts";
import {
  RollingMoments,
  type RollingMomentsSnapshot,
} from "../market/rolling_moments.ts";
import {
  RollingRank,
  type RollingRankSnapshot,
} from "../market/rolling_rank.ts";

/** Candles of the mean volume. */
export const VOLUME_CANDLES = 20;

/** State of {@link BreakoutIndicators}. The channel is rebuilt from the candles. */
export interface BreakoutSnapshot {
  /** Newest candle that was taken in; −1 before the first. */
  seq: number;
  channelCandles: number;
  squeezeCandles: number;
  widths: RollingRankSnapshot;
  volume: RollingMomentsSnapshot;
}

/**
 * Channel, its recent widths, and the mean volume, for one agent. Begun anew
 * from the kept candles when the windows change or candles were left out.
 */
export class BreakoutIndicators {
  #channel = new DonchianChannel(1);
  #widths = new RollingRank(1);
  readonly #volume = new RollingMoments(VOLUME_CANDLES);
  #seq = -1;
  #isChannelLost = false;
  /** High and low of the channel before the newest candle; meaningless while {@link isChannelKnown} is false. */
  high = 0;
  low = 0;
  isChannelKnown = false;

  /** Takes the newest candle. */
  step(
    series: CandleSeries,
    { channelCandles, squeezeCandles }: Pick<
      BreakoutStrategyConfig,
      "channelCandles" | "squeezeCandles"
    >,
  ): void {
    const isSame = this.#channel.window === channelCandles &&
      this.#widths.window === squeezeCandles;
    if (!isSame || this.#seq !== series.lastSeq - 1) {
      this.#begin(channelCandles, squeezeCandles);
      for (let seq = series.oldestSeq; seq < series.lastSeq; seq++) {
        this.#take(series, seq);
      }
    } else if (this.#isChannelLost) {
      this.#channel.rebuild(series, series.lastSeq - 1);
    }
    this.#isChannelLost = false;
    this.#take(series, series.lastSeq);
  }

  /**
   * Percentile of the channel's width among its last widths, its own included;
   * null while fewer are known than are asked for.
   */
  squeezePercentile(): number | null {
    return this.#widths.isKnown
      ? this.#widths.percentileOf(this.high - this.low)
      : null;
  }

  /** Mean volume of {@link VOLUME_CANDLES} candles, the newest included; null while unknown. */
  meanVolume(): number | null {
    return this.#volume.isKnown ? this.#volume.mean : null;
  }

  #begin(channelCandles: number, squeezeCandles: number): void {
    this.#channel = new DonchianChannel(channelCandles);
    this.#widths = new RollingRank(squeezeCandles);
    this.#volume.clear();
  }

  #take(series: CandleSeries, seq: number): void {
    const at = seq & SERIES_MASK;
    this.isChannelKnown = this.#channel.isKnown;
    if (this.isChannelKnown) {
      this.high = this.#channel.high;
      this.low = this.#channel.low;
      this.#widths.push(this.high - this.low);
    }
    this.#channel.push(series.high[at]!, series.low[at]!);
    this.#volume.push(series.volume[at]!);
    this.#seq = seq;
  }

  snapshot(): BreakoutSnapshot {
    return {
      seq: this.#seq,
      channelCandles: this.#channel.window,
      squeezeCandles: this.#widths.window,
      widths: this.#widths.snapshot(),
      volume: this.#volume.snapshot(),
    };
  }

  restore(snapshot: BreakoutSnapshot): void {
    this.#begin(snapshot.channelCandles, snapshot.squeezeCandles);
    this.#widths.restore(snapshot.widths);
    this.#volume.restore(snapshot.volume);
    this.#seq = snapshot.seq;
    this.#isChannelLost = true;
  }
}
