/**
 * The layout of a `.candles` file, version 1. All numbers are little endian.
 *
 * ```
 * file header   magic(8) version(u16) 0(u16) textBytes(u32) text(JSON) crc32(u32)
 * block         head(44) columns(columnBytes) crc32 of the columns(u32)
 * block head    "BLK1" columnBytes(u32) rows(u32) flags(u32)
 *               rowsBefore(f64) firstAt(f64) lastAt(f64) crc32 of the head(u32)
 * ```
 *
 * Nothing in a file is ever written again: appending adds a block. So the
 * totals of a file are in the head of its last block.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { CANDLE_CHUNK_ROWS } from "../limits.ts";

/** First bytes of every file; like PNG's, they show when a transfer has changed line ends. */
export const MAGIC = Uint8Array.of(
  0x89,
  0x43,
  0x4e,
  0x44,
  0x4c,
  0x0d,
  0x0a,
  0x1a,
);

/** The version that is written. */
export const VERSION = 1;

/** Bytes before the text of the file header. */
export const PREFIX_BYTES = 16;

/** Longest text of a file header. */
export const TEXT_BYTES_MAX = 4_096;

/** Bytes of a block head. */
export const HEAD_BYTES = 44;

/** Bytes of a checksum. */
export const CRC_BYTES = 4;

/** Most rows of a block, so that a full one is one chunk of a series in memory. */
export const BLOCK_ROWS_MAX = CANDLE_CHUNK_ROWS;

/** Most bytes that the columns of a block may take, packed or not. */
export const COLUMN_BYTES_MAX = 64 * BLOCK_ROWS_MAX + 64;

/** Flag of a block whose columns are packed with deflate. */
export const FLAG_DEFLATED = 1;

const BLOCK_MAGIC = 0x314b_4c42;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** What a file says about all its candles. */
export interface ColumnarHeader {
  /** Market as BASE/QUOTE; null if nobody said. */
  symbol: string | null;
  /** Time from one open to the next where nothing is missing. */
  stepMs: number;
  /** Where the candles are from: an exchange id, or the name of an imported file; null if unknown. */
  source: string | null;
}

/** What a block says about its candles. */
export interface BlockHead {
  columnBytes: number;
  rows: number;
  isDeflated: boolean;
  /** Rows of all blocks before this one. */
  rowsBefore: number;
  firstAt: number;
  lastAt: number;
}

/** The bytes of a file header. */
export function encodeHeader(header: ColumnarHeader): Uint8Array<ArrayBuffer> {
  const { symbol, stepMs, source } = header;
  const text = encoder.encode(JSON.stringify({ symbol, stepMs, source }));
  const bytes = new Uint8Array(PREFIX_BYTES + text.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(8, VERSION, true);
  view.setUint32(12, text.length, true);
  bytes.set(text, PREFIX_BYTES);
  const end = PREFIX_BYTES + text.length;
  view.setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

/** Version and length of the text of a file header, from its first PREFIX_BYTES bytes; null if they are something else. */
export function decodePrefix(
  bytes: Uint8Array,
): { version: number; textBytes: number } | null {
  if (bytes.length < PREFIX_BYTES || !startsWithMagic(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    version: view.getUint16(8, true),
    textBytes: view.getUint32(12, true),
  };
}

/** Tells a columnar file by its first bytes. */
export function startsWithMagic(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length &&
    MAGIC.every((byte, index) => bytes[index] === byte);
}

/** Reads a whole file header; null if it is damaged. */
export function decodeHeader(bytes: Uint8Array): ColumnarHeader | null {
  const end = bytes.length - CRC_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) return null;
  try {
    const header = JSON.parse(
      decoder.decode(bytes.subarray(PREFIX_BYTES, end)),
    );
    return isHeader(header) ? header : null;
  } catch {
    return null;
  }
}

function isHeader(value: unknown): value is ColumnarHeader {
  if (typeof value !== "object" || value === null) return false;
  const { symbol, stepMs, source } = value as Partial<ColumnarHeader>;
  const isText = (text: unknown) => text === null || typeof text === "string";
  return isText(symbol) && isText(source) && Number.isSafeInteger(stepMs) &&
    stepMs! > 0;
}

/** The bytes of a block head. */
export function encodeHead(head: BlockHead): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, BLOCK_MAGIC, true);
  view.setUint32(4, head.columnBytes, true);
  view.setUint32(8, head.rows, true);
  view.setUint32(12, head.isDeflated ? FLAG_DEFLATED : 0, true);
  view.setFloat64(16, head.rowsBefore, true);
  view.setFloat64(24, head.firstAt, true);
  view.setFloat64(32, head.lastAt, true);
  const end = HEAD_BYTES - CRC_BYTES;
  view.setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

/** Reads a block head; null if it is damaged or not one of this version. */
export function decodeHead(bytes: Uint8Array): BlockHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = HEAD_BYTES - CRC_BYTES;
  if (view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) return null;
  const flags = view.getUint32(12, true);
  const head: BlockHead = {
    columnBytes: view.getUint32(4, true),
    rows: view.getUint32(8, true),
    isDeflated: flags === FLAG_DEFLATED,
    rowsBefore: view.getFloat64(16, true),
    firstAt: view.getFloat64(24, true),
    lastAt: view.getFloat64(32, true),
  };
  const isSound = view.getUint32(0, true) === BLOCK_MAGIC &&
    flags <= FLAG_DEFLATED && head.rows > 0 && head.rows <= BLOCK_ROWS_MAX &&
    head.columnBytes <= COLUMN_BYTES_MAX;
  return isSound ? head : null;
}

/** Bytes of a whole block. */
export function blockBytes(head: BlockHead): number {
  return HEAD_BYTES + head.columnBytes + CRC_BYTES;
}
