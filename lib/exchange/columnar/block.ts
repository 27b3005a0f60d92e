/** A block of candles to bytes and back: columns, perhaps deflated, framed by a head and a checksum. */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { isCandleRow } from "../candle_row.ts";
import { decodeColumns, encodeColumns } from "./block_columns.ts";
import {
  type BlockHead,
  COLUMN_BYTES_MAX,
  CRC_BYTES,
  encodeHead,
  HEAD_BYTES,
} from "./format.ts";

/** Deflating must save this part of a block, or reading would pay for nothing. */
const DEFLATE_SAVING_MIN = 1 / 8;

/** Codes rows that the caller has checked, at most BLOCK_ROWS_MAX of them. */
export function encodeBlock(
  block: {
    packed: Float64Array<ArrayBuffer>;
    rowsBefore: number;
    stepMs: number;
  },
): Uint8Array<ArrayBuffer> {
  const { packed, rowsBefore, stepMs } = block;
  const rows = packed.length / CANDLE_WIDTH;
  const plain = encodeColumns({ packed, rows, stepMs });
  const deflated = deflateRawSync(plain);
  const isDeflated = deflated.length <= plain.length * (1 - DEFLATE_SAVING_MIN);
  const columns = isDeflated ? deflated : plain;
  const head = encodeHead({
    columnBytes: columns.length,
    rows,
    isDeflated,
    rowsBefore,
    firstAt: packed[0]!,
    lastAt: packed[packed.length - CANDLE_WIDTH]!,
  });
  const end = HEAD_BYTES + columns.length;
  const bytes = new Uint8Array(end + CRC_BYTES);
  bytes.set(head);
  bytes.set(columns, HEAD_BYTES);
  new DataView(bytes.buffer).setUint32(end, crc32(columns), true);
  return bytes;
}

/**
 * The rows of a block from what follows its head, or null if they are damaged:
 * a wrong checksum, or rows that are no candles.
 */
export function decodeBlock(
  body: Uint8Array,
  head: BlockHead,
  stepMs: number,
): Float64Array<ArrayBuffer> | null {
  const columns = body.subarray(0, head.columnBytes);
  const view = new DataView(body.buffer, body.byteOffset);
  if (view.getUint32(head.columnBytes, true) !== crc32(columns)) return null;
  const { rows, firstAt, lastAt } = head;
  let packed;
  try {
    const plain = head.isDeflated
      ? inflateRawSync(columns, { maxOutputLength: COLUMN_BYTES_MAX })
      : columns;
    packed = decodeColumns(plain, { rows, firstAt, stepMs });
  } catch {
    // A file made on purpose: its checksum is right, what it covers is not.
    return null;
  }
  let openAt = -Infinity;
  for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
    if (!isCandleRow(packed, at, openAt)) return null;
    openAt = packed[at]!;
  }
  return openAt === lastAt ? packed : null;
}
