/**
 * Sentences for wrong candle files: which file, line and column, the value,
 * what was expected and how to mend it. Nothing here is on the fast path.
 *
 * @module
 */
import { DefectError } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import {
  CANDLE_CSV_COLUMNS as COLUMNS,
  parseCsvNumber,
} from "./candle_csv_format.ts";

/** What can be wrong with a candle file; the `code` of the error's field. */
export type CandleProblemCode =
  | "FILE_NOT_FOUND"
  | "FILE_NAME_REFUSED"
  | "CANDLES_MISSING"
  | "GZIP_DAMAGED"
  | "ROWS_TOO_MANY"
  | "VERSION_UNKNOWN"
  | "FILE_DAMAGED"
  | "HEADER_WRONG"
  | "LINE_EMPTY"
  | "LINE_TOO_LONG"
  | "COLUMNS_WRONG"
  | "NUMBER_WRONG"
  | "TIMESTAMP_NOT_INTEGER"
  | "TIMESTAMP_OUT_OF_RANGE"
  | "TIMESTAMP_DUPLICATE"
  | "TIMESTAMP_UNSORTED"
  | "PRICE_NOT_POSITIVE"
  | "VOLUME_NEGATIVE"
  | "HIGH_TOO_LOW"
  | "LOW_TOO_HIGH";

interface Place {
  name: string;
  line: number;
  column?: string;
}

interface Problem {
  what: string;
  mend: string;
  cause?: unknown;
}

/** A problem of a whole file. */
export function fileProblem(
  code: CandleProblemCode,
  problem: Problem & { name: string },
): AppError {
  const detail = `${problem.name} ${problem.what}: ${problem.mend}`;
  return new AppError("CANDLES_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "", code, detail }],
    cause: problem.cause,
  });
}

/** A problem of one line, or of one column in it. */
export function lineProblem(
  code: CandleProblemCode,
  problem: Problem & { place: Place },
): AppError {
  const { name, line, column } = problem.place;
  const where = column === undefined
    ? `${name}, line ${line}`
    : `${name}, line ${line}, column ${column}`;
  const detail = `${where}: ${problem.what}; ${problem.mend}`;
  const pointer = column === undefined ? `/${line}` : `/${line}/${column}`;
  return new AppError("CANDLES_INVALID", detail, {
    status: 422,
    errors: [{ pointer, code, detail }],
  });
}

interface RowContext {
  name: string;
  line: number;
  /** Open time of the row before, −Infinity for the first. */
  lastOpenAt: number;
}

/**
 * Finds the first thing that is wrong with a row, left to right.
 *
 * @throws {AppError} Always: the fast parser has refused the row already.
 */
export function explainRow(text: string, context: RowContext): never {
  const cells = text.split(",");
  const { name, line } = context;
  if (cells.length !== COLUMNS.length) {
    throw lineProblem("COLUMNS_WRONG", {
      place: { name, line },
      what: `has ${cells.length} ${
        cells.length === 1 ? "column" : "columns"
      }: ${quote(text)}`,
      mend: `expected ${COLUMNS.length}: ${COLUMNS.join(",")}`,
    });
  }
  const values = cells.map((cell, index) => {
    const value = parseCsvNumber(cell);
    if (Number.isFinite(value)) return value;
    throw cellProblem("NUMBER_WRONG", {
      cells,
      index,
      context,
      what: "is not a finite number",
      mend:
        "expected a plain decimal number such as 60123.5; correct the value or remove the line",
    });
  });
  explainTimestamp(values[0]!, cells, context);
  explainAmounts(values, cells, context);
  throw new DefectError(`The row was refused without a reason: ${quote(text)}`);
}

function explainTimestamp(
  openAt: number,
  cells: readonly string[],
  context: RowContext,
): void {
  const at = { cells, index: 0, context };
  if (!Number.isInteger(openAt)) {
    throw cellProblem("TIMESTAMP_NOT_INTEGER", {
      ...at,
      what: "is not a whole number",
      mend: "expected the candle's open time in milliseconds since 1970, UTC",
    });
  }
  if (Math.abs(openAt) > 8.64e15) {
    throw cellProblem("TIMESTAMP_OUT_OF_RANGE", {
      ...at,
      what: "is too large for a time",
      mend: "expected milliseconds since 1970, not micro- or nanoseconds",
    });
  }
  if (openAt === context.lastOpenAt) {
    throw cellProblem("TIMESTAMP_DUPLICATE", {
      ...at,
      what: "is a duplicate of the line before",
      mend: "expected each open time once; remove one of the two lines",
    });
  }
  if (openAt < context.lastOpenAt) {
    throw cellProblem("TIMESTAMP_UNSORTED", {
      ...at,
      what: `is earlier than the line before (${context.lastOpenAt})`,
      mend: "expected ascending open times; sort the file by its first column",
    });
  }
}

function explainAmounts(
  values: readonly number[],
  cells: readonly string[],
  context: RowContext,
): void {
  const [, open, high, low, close, volume] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  [open, high, low, close].forEach((price, offset) => {
    if (price > 0) return;
    throw cellProblem("PRICE_NOT_POSITIVE", {
      cells,
      index: offset + 1,
      context,
      what: "is not a positive price",
      mend: "expected a price above 0; correct the value or remove the line",
    });
  });
  if (volume < 0) {
    throw cellProblem("VOLUME_NEGATIVE", {
      cells,
      index: 5,
      context,
      what: "is negative",
      mend: "expected 0 or more; write 0 where the volume is not known",
    });
  }
  if (high < open || high < close) {
    const other = high < open ? 1 : 4;
    throw cellProblem("HIGH_TOO_LOW", {
      cells,
      index: 2,
      context,
      what: `is below the ${COLUMNS[other]} ${cells[other]}`,
      mend:
        "expected high >= open and close; correct the value or remove the line",
    });
  }
  if (low > open || low > close) {
    const other = low > open ? 1 : 4;
    throw cellProblem("LOW_TOO_HIGH", {
      cells,
      index: 3,
      context,
      what: `is above the ${COLUMNS[other]} ${cells[other]}`,
      mend:
        "expected low <= open and close; correct the value or remove the line",
    });
  }
}

function cellProblem(
  code: CandleProblemCode,
  problem: Problem & {
    cells: readonly string[];
    index: number;
    context: RowContext;
  },
): AppError {
  const { cells, index, context } = problem;
  return lineProblem(code, {
    place: { name: context.name, line: context.line, column: COLUMNS[index]! },
    what: `${quote(cells[index]!)} ${problem.what}`,
    mend: problem.mend,
  });
}

/** A value in double quotes, shortened and with control characters made visible. */
function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return JSON.stringify(short);
}
