/**
 * Labels for training. They look forward by definition: nothing that trades may
 * import this file, and an architecture test holds that.
 *
 * @module
 */
import { assert } from "../../lib/core/assert.ts";

/** Candles in columns, oldest first. */
export interface LabelCandles {
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  /** What one standard deviation of the price counts as at each candle's close; 0 where it is not known. */
  deviation: Float64Array;
}

/** Where the barriers stand. */
export interface BarrierOptions {
  /** Distance of the upper and the lower barrier from the close, in `deviation`. */
  distance: number;
  /** Candles after the labelled one until time is up. */
  limitCandles: number;
}

/** Labels of all candles, by their places in the columns. */
export interface BarrierLabels {
  /** 1 upper barrier first, −1 lower first, 0 neither within the time or unknown which; look at `touch` first. */
  label: Int8Array;
  /** Place of the candle that decided; −1 where there is no label. */
  touch: Int32Array;
}

/**
 * Triple-barrier labels (López de Prado, Advances in Financial Machine
 * Learning, 2018, chapter 3) of the close of each candle: which of close +
 * distance × deviation and close − distance × deviation a later candle reaches
 * first, its high and low counting; the time limit decides for 0.
 *
 * A candle that opens at or beyond a barrier has reached that one. One that
 * reaches both otherwise does not tell which came first: 0, decided there.
 *
 * There is no label where the deviation is not known, nor where fewer than
 * `limitCandles` candles follow: of those only the quickly decided ones could
 * be told, and a data set of them would be biased.
 */
export function labelBarriers(
  candles: LabelCandles,
  { distance, limitCandles }: BarrierOptions,
): BarrierLabels {
  assert(
    distance > 0 && Number.isInteger(limitCandles) && limitCandles > 0,
    `Barriers need a distance and a limit above 0, were ${distance} and ${limitCandles}`,
  );
  const count = candles.close.length;
  const label = new Int8Array(count);
  const touch = new Int32Array(count).fill(-1);
  for (let start = 0; start + limitCandles < count; start++) {
    const width = distance * candles.deviation[start]!;
    if (!(width > 0)) continue;
    const close = candles.close[start]!;
    const upper = close + width;
    const lower = close - width;
    const last = start + limitCandles;
    touch[start] = last;
    for (let place = start + 1; place <= last; place++) {
      const isUp = candles.high[place]! >= upper;
      const isDown = candles.low[place]! <= lower;
      if (!isUp && !isDown) continue;
      const open = candles.open[place]!;
      const isDecided = open >= upper || open <= lower || isUp !== isDown;
      const isUpFirst = open >= upper || (isUp && open > lower);
      label[start] = isDecided ? isUpFirst ? 1 : -1 : 0;
      touch[start] = place;
      break;
    }
  }
  return { label, touch };
}

/**
 * Weights of labels that overlap: the mean of 1 ÷ concurrent labels over the
 * candles from a label's own to the one that decided it, both included (the
 * average uniqueness of the same book, section 4.4). A label that shares none of
 * its candles weighs 1.
 *
 * `start` and `touch` are places of candles, label by label.
 */
export function uniquenessWeights(
  start: Int32Array,
  touch: Int32Array,
): Float64Array {
  assert(
    start.length === touch.length,
    `Labels need as many ends as starts, were ${touch.length} and ${start.length}`,
  );
  let end = -1;
  for (let index = 0; index < touch.length; index++) {
    if (touch[index]! > end) end = touch[index]!;
  }
  // Differences of the number of labels from one candle to the next.
  const concurrent = new Int32Array(end + 2);
  for (let index = 0; index < start.length; index++) {
    assert(
      start[index]! >= 0 && start[index]! <= touch[index]!,
      `Label ${index} ends at ${touch[index]}, before its start ${
        start[index]
      }`,
    );
    concurrent[start[index]!]!++;
    concurrent[touch[index]! + 1]!--;
  }
  for (let place = 1; place < concurrent.length; place++) {
    concurrent[place]! += concurrent[place - 1]!;
  }
  const weight = new Float64Array(start.length);
  for (let index = 0; index < start.length; index++) {
    let sum = 0;
    for (let place = start[index]!; place <= touch[index]!; place++) {
      sum += 1 / concurrent[place]!;
    }
    weight[index] = sum / (touch[index]! - start[index]! + 1);
  }
  return weight;
}
