import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BarrierOptions,
  labelBarriers,
  type LabelCandles,
  uniquenessWeights,
} from "../../../agents/decision/labels.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { type Ohlc, randomWalk } from "../fixtures/candles.ts";

function columnsOf(rows: readonly Ohlc[], deviation: number): LabelCandles {
  const column = (place: 0 | 1 | 2 | 3) =>
    Float64Array.from(rows, (row) => row[place]);
  return {
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    deviation: new Float64Array(rows.length).fill(deviation),
  };
}

/** Labels the first of hand-written candles: barriers at 98 and 102 of a close of 100. */
function labelFirst(rows: readonly Ohlc[]): [label: number, touch: number] {
  const first: Ohlc = [100, 103, 97, 100];
  const { label, touch } = labelBarriers(columnsOf([first, ...rows], 1), {
    distance: 2,
    limitCandles: rows.length,
  });
  return [label[0]!, touch[0]!];
}

Deno.test("labelBarriers() tells the barrier that is reached first, the touch itself counting", () => {
  const quiet: Ohlc = [100, 101, 99, 100];
  assert.deepEqual(labelFirst([quiet, [100, 102, 99, 101], quiet]), [1, 2]);
  assert.deepEqual(labelFirst([quiet, [100, 101, 98, 99], quiet]), [-1, 2]);
  assert.deepEqual(labelFirst([quiet, quiet, quiet]), [0, 3]);
});

Deno.test("labelBarriers() takes the open for what came first, and 0 where a candle does not tell", () => {
  assert.deepEqual(labelFirst([[102, 104, 96, 97]]), [1, 1]);
  assert.deepEqual(labelFirst([[98, 104, 96, 103]]), [-1, 1]);
  assert.deepEqual(labelFirst([[100, 104, 96, 103], [102, 103, 101, 102]]), [
    0,
    1,
  ]);
});

Deno.test("labelBarriers() has no label without deviation, nor with too few candles after", () => {
  const candles = columnsOf(Array(6).fill([100, 103, 97, 100]), 1);
  candles.deviation[1] = 0;
  const options = { distance: 2, limitCandles: 3 };
  assert.deepEqual([...labelBarriers(candles, options).touch], [
    1,
    -1,
    3,
    -1,
    -1,
    -1,
  ]);
});

Deno.test("labelBarriers() refuses barriers that are none", () => {
  const candles = columnsOf([], 1);
  for (const [distance, limitCandles] of [[0, 1], [1, 0], [1, 1.5]] as const) {
    assert.throws(() => labelBarriers(candles, { distance, limitCandles }));
  }
});

/** The same by looking at the whole window of each candle with lists. */
function naiveLabels(
  candles: LabelCandles,
  { distance, limitCandles }: BarrierOptions,
): { label: number[]; touch: number[] } {
  const found = Array.from(candles.close, (close, start) => {
    const width = distance * candles.deviation[start]!;
    const places = Array.from(
      { length: limitCandles },
      (_, index) => start + 1 + index,
    );
    if (width <= 0 || places.at(-1)! >= candles.close.length) return [0, -1];
    const ups = places.filter((place) => candles.high[place]! >= close + width);
    const downs = places.filter((place) =>
      candles.low[place]! <= close - width
    );
    const up = ups[0] ?? Infinity;
    const down = downs[0] ?? Infinity;
    if (up === Infinity && down === Infinity) return [0, places.at(-1)!];
    if (up !== down) return up < down ? [1, up] : [-1, down];
    const open = candles.open[up]!;
    if (open >= close + width) return [1, up];
    return [open <= close - width ? -1 : 0, up];
  });
  return {
    label: found.map(([label]) => label!),
    touch: found.map(([, touch]) => touch!),
  };
}

Deno.test("labelBarriers() equals a reference that looks at every window whole", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 1, max: 30 }),
    fc.double({ min: 0.2, max: 6, noNaN: true }),
    (seed, limitCandles, distance) => {
      const rng = createRng(seed);
      // Coarse ticks, so that prices often lie at a barrier.
      const walk = randomWalk({ seed, count: 120, tick: 0.5 });
      const candles = columnsOf(
        walk.map(({ close, high, low, open }) => [open, high, low, close]),
        1,
      );
      candles.deviation.forEach((_, index) =>
        candles.deviation[index] = Math.floor(rng.next() * 4) / 2
      );
      const options = {
        distance: Math.round(distance * 2) / 2 || 0.5,
        limitCandles,
      };
      const { label, touch } = labelBarriers(candles, options);
      assert.deepEqual(
        { label: [...label], touch: [...touch] },
        naiveLabels(candles, options),
      );
    },
  ));
});

Deno.test("uniquenessWeights() equals weights computed by hand", () => {
  // Labels of 0 to 2, 2 to 3 and 4 to 5 share candle 2 alone, where two are
  // under way: (1 + 1 + 1/2) / 3, (1/2 + 1) / 2 and (1 + 1) / 2.
  const weights = uniquenessWeights(
    Int32Array.of(0, 2, 4),
    Int32Array.of(2, 3, 5),
  );
  assert.deepEqual([...weights], [2.5 / 3, 0.75, 1]);
});

Deno.test("uniquenessWeights() equals a reference that counts at every candle", () => {
  const labels = fc.array(
    fc.tuple(fc.nat(80), fc.nat(30)).map(([start, length]) => ({
      start,
      touch: start + length,
    })),
    { maxLength: 60 },
  );
  fc.assert(fc.property(labels, (spans) => {
    const weights = uniquenessWeights(
      Int32Array.from(spans, ({ start }) => start),
      Int32Array.from(spans, ({ touch }) => touch),
    );
    spans.forEach(({ start, touch }, index) => {
      const shares: number[] = [];
      for (let at = start; at <= touch; at++) {
        const all = spans.filter((span) =>
          span.start <= at && at <= span.touch
        );
        shares.push(1 / all.length);
      }
      const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length;
      assert.ok(Math.abs(weights[index]! - mean) <= 1e-12);
      assert.ok(weights[index]! > 0 && weights[index]! <= 1 + 1e-12);
    });
  }));
});

Deno.test("uniquenessWeights() refuses labels that end before they start", () => {
  const one = Int32Array.of(1);
  assert.throws(() => uniquenessWeights(one, Int32Array.of(0)), /Label 0/);
  assert.throws(() => uniquenessWeights(one, new Int32Array(0)), /as many/);
});
