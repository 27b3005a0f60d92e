import { AppError } from "../../core/errors.ts";
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { isCandleRow } from "../candle_row.ts";

/** What a page must agree with. */
export interface PageContext {
  /** Venue and market, for the sentence. */
  name: string;
  stepMs: number;
  /** Open time of the last candle that is stored; −Infinity without one. */
  lastAt: number;
  /** Candles from then on are not wanted, or not over yet. */
  endAt: number;
  /** The page before, to see whether candles that come twice are the same. */
  previous: ReadonlyMap<number, readonly number[]>;
}

/** A page after its check. */
export interface CheckedPage {
  /** New candles, packed. */
  packed: Float64Array<ArrayBuffer>;
  /** All candles of the page by their time, for the check of the next one. */
  candles: ReadonlyMap<number, readonly number[]>;
  /** Candles that were there already. */
  overlapping: number;
  /** Those of them that the venue gives with other numbers now. */
  revised: number;
  /** Candles whose volume the venue does not say; written as 0. */
  volumeUnknown: number;
}

/**
 * Checks a venue's answer: every row a candle, on the grid of the timeframe,
 * in ascending order, none with two different contents.
 *
 * @throws {AppError} HISTORY_PAGE_INVALID with what is wrong; nothing of the page is to be stored then.
 */
export function checkPage(
  rows: readonly (readonly unknown[])[],
  context: PageContext,
): CheckedPage {
  const candles = new Map<number, readonly number[]>();
  const fresh: number[] = [];
  let overlapping = 0;
  let revised = 0;
  let volumeUnknown = 0;
  let lastAt = -Infinity;
  for (const cells of rows) {
    const row = toRow(cells, context);
    const openAt = row[0]!;
    if (cells[5] === null || cells[5] === undefined) volumeUnknown++;
    if (openAt < lastAt) {
      throw wrongPage(context, openAt, "comes after a later candle");
    }
    lastAt = openAt;
    const twin = candles.get(openAt);
    if (twin !== undefined) {
      if (isEqual(twin, row)) overlapping++;
      else throw wrongPage(context, openAt, "comes twice, with other numbers");
      continue;
    }
    candles.set(openAt, row);
    const stored = context.previous.get(openAt);
    if (stored !== undefined && !isEqual(stored, row)) revised++;
    if (openAt <= context.lastAt) overlapping++;
    else if (openAt < context.endAt) fresh.push(...row);
  }
  return {
    packed: Float64Array.from(fresh),
    candles,
    overlapping,
    revised,
    volumeUnknown,
  };
}

function toRow(cells: readonly unknown[], context: PageContext): number[] {
  const row = [0, 1, 2, 3, 4].map((column) => Number(cells[column] ?? NaN));
  row.push(Number(cells[5] ?? 0));
  if (!isCandleRow(Float64Array.from(row), 0, -Infinity)) {
    throw new AppError(
      "HISTORY_PAGE_INVALID",
      `${context.name} sent a row that is no candle: ${
        JSON.stringify(cells).slice(0, 200)
      }; nothing of this page was stored`,
      { status: 502 },
    );
  }
  if (row[0]! % context.stepMs !== 0) {
    throw wrongPage(context, row[0]!, "is not on the grid of the timeframe");
  }
  return row;
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  for (let column = 0; column < CANDLE_WIDTH; column++) {
    if (a[column] !== b[column]) return false;
  }
  return true;
}

function wrongPage(
  context: PageContext,
  openAt: number,
  what: string,
): AppError {
  return new AppError(
    "HISTORY_PAGE_INVALID",
    `The candle of ${
      new Date(openAt).toISOString()
    } from ${context.name} ${what}; nothing of this page was stored`,
    { status: 502 },
  );
}
