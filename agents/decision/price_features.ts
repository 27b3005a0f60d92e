import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import {
  DirectionalMovement,
  type DirectionalMovementSnapshot,
} from "../market/directional_movement.ts";
import {
  ExponentialAverage,
  type ExponentialAverageSnapshot,
} from "../market/exponential_average.ts";
import {
  ExponentialVariance,
  type ExponentialVarianceSnapshot,
} from "../market/exponential_variance.ts";
import {
  RelativeStrength,
  type RelativeStrengthSnapshot,
} from "../market/relative_strength.ts";
import {
  RollingMoments,
  type RollingMomentsSnapshot,
} from "../market/rolling_moments.ts";
import { PLACE } from "./feature_list.ts";
import {
  LONG_WINDOW_CANDLES,
  SHORT_WINDOW_CANDLES,
  VOLATILITY_DECAY,
} from "./limits.ts";
import { clip, ratio } from "./scale.ts";
import { VolumeFeatures } from "./volume_features.ts";

const ROOT_3 = Math.sqrt(3);
const ROOT_10 = Math.sqrt(10);
const ROOT_12 = Math.sqrt(12);
const ROOT_48 = Math.sqrt(48);

/** State of {@link PriceFeatures}; structured-cloneable. */
export interface PriceFeaturesSnapshot {
  variance: ExponentialVarianceSnapshot;
  short: RollingMomentsSnapshot;
  long: RollingMomentsSnapshot;
  volumes: RollingMomentsSnapshot;
  strength: RelativeStrengthSnapshot;
  movement: DirectionalMovementSnapshot;
  fast: ExponentialAverageSnapshot;
  slow: ExponentialAverageSnapshot;
}

/** Features of prices and volumes: returns, shape, volatility, momentum. */
export class PriceFeatures {
  readonly #series: CandleSeries;
  readonly #variance = new ExponentialVariance(VOLATILITY_DECAY);
  /** Volatility before the newest return, so that a shock is not measured by itself; set anew with every candle. */
  #deviationBefore = 0;
  readonly #short = new RollingMoments(SHORT_WINDOW_CANDLES);
  readonly #long = new RollingMoments(LONG_WINDOW_CANDLES);
  readonly #volumes = new VolumeFeatures();
  readonly #strength = new RelativeStrength();
  readonly #movement = new DirectionalMovement();
  readonly #fast = new ExponentialAverage(20);
  readonly #slow = new ExponentialAverage(200);

  constructor(series: CandleSeries) {
    this.#series = series;
  }

  /** EWMA volatility of one candle's log return, the newest included; 0 before there is one. */
  get deviation(): number {
    return this.#variance.deviation;
  }

  /** Takes the newest candle of the series; `isFirst` if there is none before it. */
  take(isFirst: boolean): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    const close = series.close[at]!;
    if (!isFirst) {
      const value = Math.log(
        close / series.close[(series.lastSeq - 1) & SERIES_MASK]!,
      );
      this.#deviationBefore = this.#variance.deviation;
      this.#variance.update(value);
      this.#short.push(value);
      this.#long.push(value);
    }
    this.#volumes.take(series.volume[at]!);
    this.#strength.push(close);
    this.#movement.push(series.high[at]!, series.low[at]!);
    this.#fast.update(close);
    this.#slow.update(close);
  }

  /** Writes the features of the newest candle into a row; only after the warm-up. */
  write(row: Float32Array): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    const open = series.open[at]!;
    const close = series.close[at]!;
    const atr = series.atr[at]!;
    const deviation = this.#deviationBefore;
    row[PLACE.return_1] = ratio(this.#return(1), deviation);
    row[PLACE.return_3] = ratio(this.#return(3), deviation * ROOT_3);
    row[PLACE.return_12] = ratio(this.#return(12), deviation * ROOT_12);
    row[PLACE.return_48] = ratio(this.#return(48), deviation * ROOT_48);
    row[PLACE.body] = ratio(close - open, atr);
    row[PLACE.upper_wick] = ratio(
      series.high[at]! - Math.max(open, close),
      atr,
    );
    row[PLACE.lower_wick] = ratio(Math.min(open, close) - series.low[at]!, atr);
    row[PLACE.atr_log] = clip(Math.log(100 * (atr / close)));
    row[PLACE.volatility_ratio] = ratio(
      this.#short.standardDeviation,
      this.#long.standardDeviation,
    );
    this.#volumes.write(row);
    row[PLACE.rsi] = (this.#strength.rsi - 50) / 50;
    row[PLACE.adx] = this.#movement.adx / 100;
    row[PLACE.ema_20_distance] = ratio(close - this.#fast.value, atr);
    row[PLACE.ema_200_distance] = ratio(
      close - this.#slow.value,
      atr * ROOT_10,
    );
  }

  /** Log return over some candles. */
  #return(candles: number): number {
    const { close, lastSeq } = this.#series;
    return Math.log(
      close[lastSeq & SERIES_MASK]! / close[(lastSeq - candles) & SERIES_MASK]!,
    );
  }

  snapshot(): PriceFeaturesSnapshot {
    return {
      variance: this.#variance.snapshot(),
      short: this.#short.snapshot(),
      long: this.#long.snapshot(),
      volumes: this.#volumes.snapshot(),
      strength: this.#strength.snapshot(),
      movement: this.#movement.snapshot(),
      fast: this.#fast.snapshot(),
      slow: this.#slow.snapshot(),
    };
  }

  restore(snapshot: PriceFeaturesSnapshot): void {
    this.#variance.restore(snapshot.variance);
    this.#short.restore(snapshot.short);
    this.#long.restore(snapshot.long);
    this.#volumes.restore(snapshot.volumes);
    this.#strength.restore(snapshot.strength);
    this.#movement.restore(snapshot.movement);
    this.#fast.restore(snapshot.fast);
    this.#slow.restore(snapshot.slow);
  }
}
