/** Random series for properties, and ways to compare them bit for bit. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../../lib/contracts/candle.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../../lib/exchange/candle_series.ts";

export const MINUTE_MS = 60_000;

/** Decimals as venues send them, or any double. */
const price = fc.oneof(
  fc.integer({ min: 1, max: 10 ** 9 }).map((units) => units / 10 ** 2),
  fc.integer({ min: 1, max: 10 ** 9 }).map((units) => units / 10 ** 8),
  fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
);
const volume = fc.oneof(
  fc.constant(0),
  fc.constant(-0),
  fc.integer({ min: 0, max: 10 ** 9 }).map((units) => units / 10 ** 5),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
);

/** Candles whose steps are mostly one minute, with gaps of any length. */
export const anyCandles: fc.Arbitrary<Omit<Candle, "seq">[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(MINUTE_MS) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 ** 12 }) },
    ),
    fc.tuple(price, price, price, price),
    volume,
  ),
  { minLength: 1, maxLength: 60 },
).map((drafts) => {
  let openAt = 1.5e12;
  return drafts.map(([stepMs, prices, volume]) => {
    openAt += stepMs;
    const [open, a, b, close] = prices;
    const high = Math.max(open, a, b, close);
    const low = Math.min(open, a, b, close);
    return { openAt, open, high, low, close, volume };
  });
});

/** Minutes on the grid with gaps, and volumes that are decimals. */
export const minuteSeries: fc.Arbitrary<CandleSeries> = fc.record({
  start: fc.integer({ min: 0, max: 3_000 }),
  drafts: fc.array(
    fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.integer({ min: 2, max: 100 }) },
      ),
      fc.integer({ min: 100, max: 10_000 }),
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 0, max: 10 ** 6 }),
    ),
    { minLength: 2, maxLength: 300 },
  ),
}).map(({ start, drafts }) => {
  let minute = 25_000_000 + start;
  return seriesFromCandles(drafts.map(([step, open, move, volume], index) => {
    // The second candle follows at once, so that the step is known.
    minute += index === 1 ? 1 : step;
    return {
      openAt: minute * MINUTE_MS,
      open,
      high: Math.max(open, open + move) + 2,
      low: Math.min(open, open + move) - 3,
      close: open + move,
      volume: volume / 10 ** 5,
    };
  }));
});

/** A regular series of minutes with a few gaps. */
export function walk(rows: number): CandleSeries {
  return seriesFromCandles(Array.from({ length: rows }, (_, seq) => {
    const open = 20_000 + (seq * 7_919) % 500;
    const close = 20_000 + ((seq + 1) * 7_919) % 500;
    return {
      openAt: (25_000_000 + seq + Math.floor(seq / 500) * 3) * MINUTE_MS,
      open: open / 100,
      high: (Math.max(open, close) + 7) / 100,
      low: (Math.min(open, close) - 9) / 100,
      close: close / 100,
      volume: (seq % 977) / 1_000,
    };
  }));
}

/** Equal bit for bit: 0 and −0 differ. */
export function assertSameSeries(
  actual: CandleSeries,
  expected: CandleSeries,
  what = "series",
): void {
  assert.equal(actual.length, expected.length, what);
  const a = actual.packed(0, actual.length);
  const b = expected.packed(0, expected.length);
  const at = a.findIndex((value, index) => !Object.is(value, b[index]));
  assert.equal(at, -1, `${what}: number ${at} is ${a[at]}, not ${b[at]}`);
}
