/**
 * The one reader of candle files: `timestamp_ms,open,high,low,close,volume`,
 * plain or gzip. It parses bytes, not strings, because a backtest starts with
 * it; whatever is not the ordinary case goes to candle_csv_problems.ts, which
 * says what is wrong.
 *
 * @module
 */
import { CANDLE_WIDTH } from "../contracts/candle.ts";
import { CANDLE_CSV_HEADER, parseCsvNumber } from "./candle_csv_format.ts";
import { explainRow, fileProblem, lineProblem } from "./candle_csv_problems.ts";
import { isCandleRow } from "./candle_row.ts";
import { type CandleSeries, CandleSeriesBuilder } from "./candle_series.ts";
import { CANDLE_ROWS_MAX, CSV_LINE_BYTES_MAX } from "./limits.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const BYTE_ORDER_MARK = "\uFEFF";
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A mantissa below this and a power of ten up to 22 are both exact, so their quotient is the nearest number. */
const EXACT_DIGITS_MAX = 15;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, power) => 10 ** power);

/** Incremental parser of one file: push bytes as they come, then finish. */
export class CandleCsvParser {
  readonly #name: string;
  readonly #builder = new CandleSeriesBuilder();
  readonly #row = new Float64Array(CANDLE_WIDTH);
  #carry: Uint8Array = new Uint8Array(0);
  #line = 0;
  #blankLine = 0;
  #lastOpenAt = -Infinity;
  #cursor = 0;

  /** `name` is how the file is called in error sentences. */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Takes the next bytes of the file.
   *
   * @throws {AppError} CANDLES_INVALID at the first wrong line.
   */
  push(bytes: Uint8Array): void {
    let start = 0;
    while (true) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end === -1) break;
      if (this.#carry.length > 0) {
        const line = this.#withCarry(bytes.subarray(start, end));
        this.#carry = new Uint8Array(0);
        this.#takeLine(line, 0, line.length);
      } else this.#takeLine(bytes, start, end);
      start = end + 1;
    }
    if (start < bytes.length) {
      this.#carry = this.#withCarry(bytes.subarray(start));
    }
  }

  /**
   * Ends the file.
   *
   * @throws {AppError} CANDLES_INVALID if the last line is wrong, or without any candle.
   */
  finish(): CandleSeries {
    if (this.#carry.length > 0) {
      this.#takeLine(this.#carry, 0, this.#carry.length);
    }
    if (this.#builder.rows === 0) {
      const what = this.#line === 0 ? "is empty" : "has a header but no candle";
      throw fileProblem("CANDLES_MISSING", {
        name: this.#name,
        what,
        mend:
          `expected the header ${CANDLE_CSV_HEADER} and one line for each candle`,
      });
    }
    return this.#builder.finish();
  }

  #withCarry(bytes: Uint8Array): Uint8Array {
    const length = this.#carry.length + bytes.length;
    if (length > CSV_LINE_BYTES_MAX) {
      throw lineProblem("LINE_TOO_LONG", {
        place: { name: this.#name, line: this.#line + 1 },
        what: `is longer than ${CSV_LINE_BYTES_MAX} bytes`,
        mend:
          "expected six short numbers separated by commas; check that this is a candle file with line breaks",
      });
    }
    const joined = new Uint8Array(length);
    joined.set(this.#carry);
    joined.set(bytes, this.#carry.length);
    return joined;
  }

  #takeLine(bytes: Uint8Array, start: number, end: number): void {
    this.#line++;
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (this.#line === 1) {
      this.#takeHeader(decoder.decode(bytes.subarray(start, end)));
      return;
    }
    if (end === start) {
      // Empty lines at the end are harmless; one between candles hides something.
      if (this.#blankLine === 0) this.#blankLine = this.#line;
      return;
    }
    if (this.#blankLine > 0) {
      throw lineProblem("LINE_EMPTY", {
        place: { name: this.#name, line: this.#blankLine },
        what: "is empty but candles follow",
        mend: "remove the empty line",
      });
    }
    if (
      !this.#parseRow(bytes, start, end) ||
      !isCandleRow(this.#row, 0, this.#lastOpenAt)
    ) {
      explainRow(decoder.decode(bytes.subarray(start, end)), {
        name: this.#name,
        line: this.#line,
        lastOpenAt: this.#lastOpenAt,
      });
    }
    if (this.#builder.rows >= CANDLE_ROWS_MAX) {
      throw fileProblem("ROWS_TOO_MANY", {
        name: this.#name,
        what: `has more than ${CANDLE_ROWS_MAX} candles`,
        mend: "split it into shorter files",
      });
    }
    this.#lastOpenAt = this.#row[0]!;
    this.#builder.push(this.#row);
  }

  #takeHeader(line: string): void {
    const header = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
    if (header === CANDLE_CSV_HEADER) return;
    throw lineProblem("HEADER_WRONG", {
      place: { name: this.#name, line: 1 },
      what: `is ${JSON.stringify(header.slice(0, 80))}`,
      mend: /^\d/.test(header)
        ? `the header is missing; put the line ${CANDLE_CSV_HEADER} on top`
        : `expected the header ${CANDLE_CSV_HEADER}`,
    });
  }

  #parseRow(bytes: Uint8Array, start: number, end: number): boolean {
    this.#cursor = start;
    for (let column = 0; column < CANDLE_WIDTH; column++) {
      this.#row[column] = this.#parseNumber(bytes, end);
      const isLast = column === CANDLE_WIDTH - 1;
      const atComma = this.#cursor < end && bytes[this.#cursor] === COMMA;
      if (isLast ? this.#cursor !== end : !atComma) return false;
      this.#cursor++;
    }
    return true;
  }

  /** Reads the number at the cursor and leaves the cursor behind it; NaN where there is none. */
  #parseNumber(bytes: Uint8Array, end: number): number {
    const start = this.#cursor;
    let at = start;
    let mantissa = 0;
    let point = -1;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte >= ZERO && byte <= NINE) mantissa = mantissa * 10 + byte - ZERO;
      else if (byte === POINT && point === -1) point = at;
      else break;
    }
    const digits = at - start - (point === -1 ? 0 : 1);
    if (
      digits === 0 || digits > EXACT_DIGITS_MAX || !isDelimiter(bytes, at, end)
    ) {
      return this.#parseUnusual(bytes, end);
    }
    this.#cursor = at;
    return point === -1 ? mantissa : mantissa / POWERS_OF_TEN[at - point - 1]!;
  }

  /** Signs, exponents and more digits than are exact: correct rounding is the platform's. */
  #parseUnusual(bytes: Uint8Array, end: number): number {
    const start = this.#cursor;
    let at = start;
    while (!isDelimiter(bytes, at, end)) at++;
    this.#cursor = at;
    return parseCsvNumber(decoder.decode(bytes.subarray(start, at)));
  }
}

function isDelimiter(bytes: Uint8Array, at: number, end: number): boolean {
  return at === end || bytes[at] === COMMA;
}

/**
 * Reads candles from a stream of bytes, plain or gzip (told apart by the first
 * two bytes, so that a misnamed file works too).
 *
 * @throws {AppError} CANDLES_INVALID with file, line, column and how to mend it.
 */
export async function readCandleCsv(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: { name: string },
): Promise<CandleSeries> {
  const parser = new CandleCsvParser(options.name);
  for await (const chunk of unpackedBytes(source, options)) parser.push(chunk);
  return parser.finish();
}

/**
 * The bytes of a file that is plain or gzip.
 *
 * @throws {AppError} CANDLES_INVALID if the gzip data is damaged.
 */
export async function* unpackedBytes(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: { name: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { isGzip, bytes } = await detectGzip(source);
  if (!isGzip) return yield* bytes;
  const reader = bytes.pipeThrough(new DecompressionStream("gzip"))
    .getReader();
  try {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- one piece after the other
      const { done, value } = await reader.read().catch((cause) => {
        throw fileProblem("GZIP_DAMAGED", {
          name: options.name,
          what: "cannot be unpacked",
          mend: "the gzip data is damaged or cut off; copy the file again",
          cause,
        });
      });
      if (done) return;
      yield value as Uint8Array<ArrayBuffer>;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Looks at the first two bytes and gives back a stream that still has them. */
async function detectGzip(source: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = source.getReader();
  let head = new Uint8Array(0);
  while (head.length < 2) {
    const { done, value } = await reader.read();
    if (done) break;
    head = head.length === 0 ? value : new Uint8Array([...head, ...value]);
  }
  const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      if (head.length > 0) controller.enqueue(head);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { isGzip: head[0] === 0x1f && head[1] === 0x8b, bytes };
}
