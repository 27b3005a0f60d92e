import { isCandleRow } from "../candle_row.ts";

/** Rows of a venue after their check. */
export interface CheckedRows {
  /** Candles in ascending order, each open time once, on the grid of the timeframe. */
  rows: readonly (readonly number[])[];
  /** Rows that are no candles: missing or impossible numbers, or off the grid. */
  refused: number;
}

/** Sorts out what is no candle; of an open time that comes twice the later row counts. */
export function checkRows(
  raw: readonly (readonly unknown[])[],
  stepMs: number,
): CheckedRows {
  const byTime = new Map<number, readonly number[]>();
  let refused = 0;
  for (const cells of raw) {
    const row = toRow(cells);
    const isCandle = isCandleRow(Float64Array.from(row), 0, -Infinity) &&
      row[0]! % stepMs === 0;
    if (isCandle) byTime.set(row[0]!, row);
    else refused++;
  }
  const rows = [...byTime.values()].sort((a, b) => a[0]! - b[0]!);
  return { rows, refused };
}

function toRow(cells: readonly unknown[]): number[] {
  const row = [0, 1, 2, 3, 4].map((column) => toNumber(cells[column]));
  // A venue without volumes says nothing; a volume that is no number is wrong.
  row.push(
    cells[5] === undefined || cells[5] === null ? 0 : toNumber(cells[5]),
  );
  return row;
}

function toNumber(value: unknown): number {
  return typeof value === "number" ||
      typeof value === "string" && value.trim() !== ""
    ? Number(value)
    : NaN;
}

/** Whether a row tells more than another: of a later candle, or of the same one with more volume. */
export function isNewer(
  row: readonly number[],
  than: readonly number[] | null,
): boolean {
  return than === null || row[0]! > than[0]! ||
    row[0]! === than[0]! && row[5]! >= than[5]!;
}

/** Whether a row comes after a later one. */
export function isUnordered(raw: readonly (readonly unknown[])[]): boolean {
  return raw.some((row, index) =>
    index > 0 && Number(row[0]) < Number(raw[index - 1]![0])
  );
}
