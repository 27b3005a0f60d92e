import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  CandleColumns,
  ReferenceColumn,
} from "../../../../agents/smc/reference/columns.ts";
import type { ReferenceOptions } from "../../../../agents/smc/reference/mod.ts";
import { SESSION_WINDOWS } from "../../../../agents/smc/reference/sessions.ts";
import { loadMarketData } from "../../fixtures/market_data.ts";

/** One candle as the oracle reads it. */
export interface Row {
  at: number;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

/** Cells by column name; NaN is an empty one. */
export type Cells = Readonly<Record<string, readonly number[]>>;

export const MINUTE = 60_000;

/** Settings of the package where a test says nothing else, with short swings. */
export const OPTIONS: ReferenceOptions = {
  swingLength: 2,
  joinConsecutive: false,
  closeBreak: true,
  closeMitigation: false,
  rangePercent: 0.01,
  period: { unit: "day", count: 1 },
  window: SESSION_WINDOWS["London"]!,
  shiftMinutes: 0,
};

export function toColumns(rows: readonly Row[]): CandleColumns {
  const column = (read: (row: Row) => number) => Float64Array.from(rows, read);
  return {
    openAt: column(({ at }) => at),
    open: column(({ o }) => o),
    high: column(({ h }) => h),
    low: column(({ l }) => l),
    close: column(({ c }) => c),
    volume: column(({ v }) => v),
  };
}

/** Rows of `[open, high, low, close]`, one minute apart from `startAt` on. */
export function rowsOf(
  prices: readonly (readonly [number, number, number, number])[],
  { startAt = 0, stepMs = MINUTE, volume = 0 } = {},
): Row[] {
  return prices.map(([o, h, l, c], index) => ({
    at: startAt + index * stepMs,
    o,
    h,
    l,
    c,
    v: volume,
  }));
}

/** Candles whose whole body is one price. */
export function flatRows(prices: readonly number[]): Row[] {
  return rowsOf(prices.map((price) => [price, price, price, price]));
}

/** Two results with the same columns and the same cells, −0 as 0. */
export function assertSameCells(
  actual: readonly ReferenceColumn[],
  expected: Cells,
  context: string,
): void {
  assert.deepEqual(
    actual.map(({ name }) => name),
    Object.keys(expected),
    context,
  );
  for (const { name, values } of actual) {
    const wanted = expected[name]!;
    assert.equal(values.length, wanted.length, `${context} ${name}`);
    const row = values.findIndex((value, index) =>
      value !== wanted[index] &&
      !(Number.isNaN(value) && Number.isNaN(wanted[index]!))
    );
    assert(
      row < 0,
      `${context} ${name}, row ${row}: ${values[row]}, expected ${wanted[row]}`,
    );
  }
}

const STEPS = [1, 7, 15, 60, 240, 1_440, 10_080].map((count) => count * MINUTE);

/** Frames of 1 to 120 candles full of ties: small whole prices, holes in time, volumes of 0. */
export const frames: fc.Arbitrary<Row[]> = fc.record({
  prices: fc.constantFrom(2, 4, 9, 40),
  scale: fc.constantFrom(1, 0.1, 1_000.37),
  stepMs: fc.constantFrom(...STEPS),
  startMinute: fc.integer({ min: 0, max: 30_000_000 }),
  parts: fc.array(
    fc.record({
      prices: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      volume: fc.constantFrom(0, 0, 1, 2, 0.37, 123_456_789.123),
      gap: fc.constantFrom(1, 1, 1, 1, 2, 30),
    }),
    { minLength: 1, maxLength: 120, size: "max" },
  ),
}).map(({ prices, scale, stepMs, startMinute, parts }) => {
  let at = startMinute * MINUTE;
  return parts.map((part) => {
    const four = part.prices.map((price) => (1 + price % prices) * scale);
    at += part.gap * stepMs;
    return {
      at,
      o: four[0]!,
      h: Math.max(...four),
      l: Math.min(...four),
      c: four[1]!,
      v: part.volume,
    };
  });
});

/** Real candles `from` to `to`, or null where there is no market data. */
export async function loadRows(
  file: string,
  { from, to }: { from: number; to: number },
): Promise<Row[] | null> {
  const batch = await loadMarketData(file);
  if (batch === null) return null;
  const { packed } = batch;
  return Array.from({ length: to - from }, (_, index) => {
    const [at, o, h, l, c, v] = packed.subarray((from + index) * 6);
    return { at: at!, o: o!, h: h!, l: l!, c: c!, v: v! };
  });
}
