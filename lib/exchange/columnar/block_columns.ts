/**
 * The columns of one block: rows of CANDLE_WIDTH numbers in, bytes out, and
 * back, bit for bit. Prices and volumes that are decimals become whole numbers
 * of their last digit, coded by their distance from a neighbour; others stay
 * 64-bit numbers.
 *
 * @module
 */
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { ByteReader, BytesMissing } from "./byte_reader.ts";
import { ByteWriter, CODED_INTEGER_MAX } from "./byte_writer.ts";

const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;

/** In place of a number of decimals: the column holds 64-bit numbers. */
const RAW = 255;

/** Most decimals that are looked for; more are noise of binary arithmetic. */
const DECIMALS_MAX = 12;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, power) => 10 ** power);

/** Some rows, packed by CANDLE_COLUMNS, and how far apart they usually open. */
export interface BlockRows {
  packed: Float64Array<ArrayBuffer>;
  rows: number;
  stepMs: number;
}

/** Codes valid candles in ascending order. */
export function encodeColumns(block: BlockRows): Uint8Array<ArrayBuffer> {
  const { packed, rows } = block;
  const writer = new ByteWriter();
  const priceDecimals = decimalsOf(packed, rows, [OPEN, HIGH, LOW, CLOSE]);
  const volumeDecimals = decimalsOf(packed, rows, [VOLUME]);
  writer.byte(priceDecimals);
  writer.byte(volumeDecimals);
  encodeTimes(writer, block);
  if (priceDecimals === RAW) {
    for (const column of [OPEN, HIGH, LOW, CLOSE]) {
      encodeRaw(writer, { packed, rows, column });
    }
  } else encodePrices(writer, block, POWERS_OF_TEN[priceDecimals]!);
  if (volumeDecimals === RAW) {
    encodeRaw(writer, { packed, rows, column: VOLUME });
  } else {
    const power = POWERS_OF_TEN[volumeDecimals]!;
    for (let row = 0; row < rows; row++) {
      const volume = packed[row * CANDLE_WIDTH + VOLUME]!;
      writer.unsigned(Math.round(volume * power));
    }
  }
  return writer.finish();
}

/**
 * Reads the rows of a block whose first candle opens at `firstAt`.
 *
 * @throws {RangeError} If the bytes are too few or too many.
 */
export function decodeColumns(
  bytes: Uint8Array,
  block: { rows: number; stepMs: number; firstAt: number },
): Float64Array<ArrayBuffer> {
  const { rows } = block;
  const reader = new ByteReader(bytes);
  const packed = new Float64Array(rows * CANDLE_WIDTH);
  const priceDecimals = readDecimals(reader);
  const volumeDecimals = readDecimals(reader);
  decodeTimes(reader, packed, block);
  if (priceDecimals === RAW) {
    for (const column of [OPEN, HIGH, LOW, CLOSE]) {
      decodeRaw(reader, { packed, rows, column });
    }
  } else decodePrices(reader, packed, POWERS_OF_TEN[priceDecimals]!);
  if (volumeDecimals === RAW) {
    decodeRaw(reader, { packed, rows, column: VOLUME });
  } else {
    const power = POWERS_OF_TEN[volumeDecimals]!;
    for (let at = VOLUME; at < packed.length; at += CANDLE_WIDTH) {
      packed[at] = reader.unsigned() / power;
    }
  }
  if (reader.left > 0) throw new BytesMissing();
  return packed;
}

function readDecimals(reader: ByteReader): number {
  const decimals = reader.byte();
  if (decimals !== RAW && decimals > DECIMALS_MAX) throw new BytesMissing();
  return decimals;
}

/** The least number of decimals with which all values of some columns are whole numbers, or RAW. */
function decimalsOf(
  packed: Float64Array,
  rows: number,
  columns: readonly number[],
): number {
  let decimals = 0;
  for (const column of columns) {
    for (let row = 0; row < rows; row++) {
      const value = packed[row * CANDLE_WIDTH + column]!;
      while (!isWholeAt(value, POWERS_OF_TEN[decimals]!)) {
        decimals++;
        if (decimals > DECIMALS_MAX) return RAW;
      }
    }
  }
  // A value that was whole with fewer decimals may be too large with more.
  for (const column of columns) {
    for (let row = 0; row < rows; row++) {
      const value = packed[row * CANDLE_WIDTH + column]!;
      if (!isWholeAt(value, POWERS_OF_TEN[decimals]!)) return RAW;
    }
  }
  return decimals;
}

/** −0 is not 0 bit for bit, and no whole number gives it back: adding 0 makes it 0. */
function isWholeAt(value: number, power: number): boolean {
  const whole = Math.round(value * power) + 0;
  return whole < CODED_INTEGER_MAX && Object.is(whole / power, value);
}

/** Only the rows that do not open one step after the row before are written, with their time. */
function encodeTimes(writer: ByteWriter, block: BlockRows): void {
  const { packed, rows, stepMs } = block;
  const exceptions: number[] = [];
  for (let row = 1; row < rows; row++) {
    const at = row * CANDLE_WIDTH;
    if (packed[at]! - packed[at - CANDLE_WIDTH]! !== stepMs) {
      exceptions.push(row);
    }
  }
  writer.unsigned(exceptions.length);
  let last = 0;
  for (const row of exceptions) {
    writer.unsigned(row - last);
    writer.float64(packed[row * CANDLE_WIDTH]!);
    last = row;
  }
}

function decodeTimes(
  reader: ByteReader,
  packed: Float64Array,
  { rows, stepMs, firstAt }: { rows: number; stepMs: number; firstAt: number },
): void {
  let exceptions = reader.unsigned();
  let next = exceptions > 0 ? reader.unsigned() : rows;
  let openAt = firstAt;
  packed[0] = openAt;
  for (let row = 1; row < rows; row++) {
    if (row === next) {
      openAt = reader.float64();
      exceptions--;
      next = exceptions > 0 ? row + reader.unsigned() : rows;
    } else openAt += stepMs;
    packed[row * CANDLE_WIDTH] = openAt;
  }
  if (exceptions > 0) throw new BytesMissing();
}

/**
 * A close is coded by its distance from the close before, an open likewise
 * (mostly 0), a high and a low by theirs from the candle's body.
 */
function encodePrices(
  writer: ByteWriter,
  { packed, rows }: BlockRows,
  power: number,
): void {
  const whole = (row: number, column: number) =>
    Math.round(packed[row * CANDLE_WIDTH + column]! * power);
  for (let row = 0, before = 0; row < rows; row++) {
    const close = whole(row, CLOSE);
    writer.signed(close - before);
    before = close;
  }
  for (let row = 0, before = 0; row < rows; row++) {
    writer.signed(whole(row, OPEN) - before);
    before = whole(row, CLOSE);
  }
  for (let row = 0; row < rows; row++) {
    const body = Math.max(whole(row, OPEN), whole(row, CLOSE));
    writer.unsigned(whole(row, HIGH) - body);
  }
  for (let row = 0; row < rows; row++) {
    const body = Math.min(whole(row, OPEN), whole(row, CLOSE));
    writer.unsigned(body - whole(row, LOW));
  }
}

function decodePrices(
  reader: ByteReader,
  packed: Float64Array,
  power: number,
): void {
  const { length } = packed;
  // Whole numbers first; they become prices when nothing is coded by them any more.
  for (let at = 0, close = 0; at < length; at += CANDLE_WIDTH) {
    close += reader.signed();
    packed[at + CLOSE] = close;
  }
  for (let at = 0, before = 0; at < length; at += CANDLE_WIDTH) {
    packed[at + OPEN] = before + reader.signed();
    before = packed[at + CLOSE]!;
  }
  for (let at = 0; at < length; at += CANDLE_WIDTH) {
    const body = Math.max(packed[at + OPEN]!, packed[at + CLOSE]!);
    packed[at + HIGH] = (body + reader.unsigned()) / power;
  }
  for (let at = 0; at < length; at += CANDLE_WIDTH) {
    const open = packed[at + OPEN]!;
    const close = packed[at + CLOSE]!;
    packed[at + LOW] = (Math.min(open, close) - reader.unsigned()) / power;
    packed[at + OPEN] = open / power;
    packed[at + CLOSE] = close / power;
  }
}

interface RawColumn {
  packed: Float64Array;
  rows: number;
  column: number;
}

function encodeRaw(
  writer: ByteWriter,
  { packed, rows, column }: RawColumn,
): void {
  for (let row = 0; row < rows; row++) {
    writer.float64(packed[row * CANDLE_WIDTH + column]!);
  }
}

function decodeRaw(
  reader: ByteReader,
  { packed, rows, column }: RawColumn,
): void {
  for (let row = 0; row < rows; row++) {
    packed[row * CANDLE_WIDTH + column] = reader.float64();
  }
}
