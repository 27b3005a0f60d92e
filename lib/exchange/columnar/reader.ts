/**
 * Reads `.candles` files block by block, so that a part of a file costs the
 * memory and the time of that part.
 *
 * @module
 */
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { fileProblem } from "../candle_csv_problems.ts";
import { type CandleSeries, CandleSeriesBuilder } from "../candle_series.ts";
import { CANDLE_ROWS_MAX } from "../limits.ts";
import { decodeBlock } from "./block.ts";
import {
  blockBytes,
  type BlockHead,
  type ColumnarHeader,
  CRC_BYTES,
  decodeHead,
  decodeHeader,
  decodePrefix,
  HEAD_BYTES,
  PREFIX_BYTES,
  TEXT_BYTES_MAX,
  VERSION,
} from "./format.ts";

/** What a file holds, from its header and the heads of its blocks. */
export interface ColumnarSummary {
  header: ColumnarHeader;
  rows: number;
  blocks: number;
  /** Null without candles. */
  firstAt: number | null;
  lastAt: number | null;
  /** Where the last whole block ends. */
  soundBytes: number;
  /** Bytes after it: a block whose writing was cut off, or is going on now. */
  tornBytes: number;
}

/** Goes through the blocks of an open file from its beginning. The caller closes the file. */
export class ColumnarReader {
  readonly #file: Deno.FsFile;
  readonly #name: string;
  readonly #sizeBytes: number;
  readonly header: ColumnarHeader;
  #at: number;
  #rows = 0;
  #blocks = 0;
  #firstAt: number | null = null;
  #lastAt: number | null = null;

  private constructor(
    options: {
      file: Deno.FsFile;
      name: string;
      sizeBytes: number;
      header: ColumnarHeader;
      at: number;
    },
  ) {
    this.#file = options.file;
    this.#name = options.name;
    this.#sizeBytes = options.sizeBytes;
    this.header = options.header;
    this.#at = options.at;
  }

  /**
   * Reads the header of a file.
   *
   * @throws {AppError} CANDLES_INVALID if it is no file of this format, damaged, or of a later version.
   */
  static async open(file: Deno.FsFile, name: string): Promise<ColumnarReader> {
    const { size: sizeBytes } = await file.stat();
    await file.seek(0, Deno.SeekMode.Start);
    const prefix = await readBytes(file, PREFIX_BYTES);
    const start = prefix === null ? null : decodePrefix(prefix);
    if (start !== null && start.version !== VERSION) {
      throw fileProblem("VERSION_UNKNOWN", {
        name,
        what:
          `has version ${start.version} of the candle format, this program reads version ${VERSION}`,
        mend: "use a newer program, or import the candles again from CSV",
      });
    }
    const restBytes = (start?.textBytes ?? Infinity) + CRC_BYTES;
    const rest = restBytes > TEXT_BYTES_MAX + CRC_BYTES
      ? null
      : await readBytes(file, restBytes);
    const header = prefix === null || rest === null
      ? null
      : decodeHeader(joined(prefix, rest));
    if (header === null) {
      throw fileProblem("FILE_DAMAGED", {
        name,
        what: "has a damaged header",
        mend: "import or download the candles again",
      });
    }
    const at = PREFIX_BYTES + restBytes;
    return new ColumnarReader({ file, name, sizeBytes, header, at });
  }

  /**
   * The head of the next whole block, null at the end; the file is then at its columns.
   * A block that is cut off by the end of the file is not read: see {@link summary}.
   *
   * @throws {AppError} CANDLES_INVALID if the head is damaged.
   */
  async nextHead(): Promise<BlockHead | null> {
    if (this.#at + HEAD_BYTES > this.#sizeBytes) return null;
    await this.#file.seek(this.#at, Deno.SeekMode.Start);
    const bytes = await readBytes(this.#file, HEAD_BYTES);
    const head = bytes === null ? null : decodeHead(bytes);
    if (head === null || !this.#isNext(head)) throw this.#damaged();
    if (this.#at + blockBytes(head) > this.#sizeBytes) return null;
    if (head.rowsBefore + head.rows > CANDLE_ROWS_MAX) {
      throw fileProblem("ROWS_TOO_MANY", {
        name: this.#name,
        what: `has more than ${CANDLE_ROWS_MAX} candles`,
        mend: "split it into shorter files",
      });
    }
    return head;
  }

  /**
   * The rows of the block whose head was read last.
   *
   * @throws {AppError} CANDLES_INVALID if they are damaged.
   */
  async rowsOf(head: BlockHead): Promise<Float64Array<ArrayBuffer>> {
    const body = await readBytes(this.#file, head.columnBytes + CRC_BYTES);
    const packed = body === null
      ? null
      : decodeBlock(body, head, this.header.stepMs);
    if (packed === null) throw this.#damaged();
    return packed;
  }

  /** Goes behind the block whose head was read last. */
  pass(head: BlockHead): void {
    this.#at += blockBytes(head);
    this.#rows += head.rows;
    this.#blocks++;
    this.#firstAt ??= head.firstAt;
    this.#lastAt = head.lastAt;
  }

  /** What was passed so far; of the whole file once {@link nextHead} was null. */
  summary(): ColumnarSummary {
    return {
      header: this.header,
      rows: this.#rows,
      blocks: this.#blocks,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      soundBytes: this.#at,
      tornBytes: this.#sizeBytes - this.#at,
    };
  }

  #isNext(head: BlockHead): boolean {
    return head.rowsBefore === this.#rows && head.lastAt >= head.firstAt &&
      head.firstAt > (this.#lastAt ?? -Infinity);
  }

  #damaged() {
    return fileProblem("FILE_DAMAGED", {
      name: this.#name,
      what: `is damaged after ${this.#rows} candles, at byte ${this.#at}`,
      mend:
        "import or download it again, or keep what is before with deno task data repair",
    });
  }
}

/**
 * Goes through all block heads without reading candles.
 *
 * @throws {AppError} CANDLES_INVALID if the file is damaged.
 */
export async function summarizeColumnar(
  file: Deno.FsFile,
  name: string,
): Promise<ColumnarSummary> {
  const reader = await ColumnarReader.open(file, name);
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- one block after the other
    const head = await reader.nextHead();
    if (head === null) return reader.summary();
    reader.pass(head);
  }
}

/**
 * Reads the candles that open from `fromAt` (inclusive) to `toAt` (exclusive); all without them.
 *
 * @throws {AppError} CANDLES_INVALID if the file is damaged or has no candle in that time.
 */
export async function readColumnar(
  file: Deno.FsFile,
  options: { name: string; fromAt?: number; toAt?: number },
): Promise<CandleSeries> {
  const { name, fromAt = -Infinity, toAt = Infinity } = options;
  const reader = await ColumnarReader.open(file, name);
  const builder = new CandleSeriesBuilder();
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- one block after the other
    const head = await reader.nextHead();
    if (head === null || head.firstAt >= toAt) break;
    if (head.lastAt >= fromAt) {
      // deno-lint-ignore no-await-in-loop -- one block after the other
      const packed = await reader.rowsOf(head);
      builder.pushPacked(cut(packed, fromAt, toAt));
    }
    reader.pass(head);
  }
  if (builder.rows === 0) {
    const isPart = fromAt !== -Infinity || toAt !== Infinity;
    throw fileProblem("CANDLES_MISSING", {
      name,
      what: isPart ? "has no candle in that time" : "has no candle",
      mend: "download or import candles first",
    });
  }
  return builder.finish();
}

function cut(
  packed: Float64Array<ArrayBuffer>,
  fromAt: number,
  toAt: number,
): Float64Array<ArrayBuffer> {
  let start = 0;
  let end = packed.length;
  while (start < end && packed[start]! < fromAt) start += CANDLE_WIDTH;
  while (end > start && packed[end - CANDLE_WIDTH]! >= toAt) {
    end -= CANDLE_WIDTH;
  }
  return start === 0 && end === packed.length
    ? packed
    : packed.slice(start, end);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** So many bytes from where the file is, or null if it ends before. */
async function readBytes(
  file: Deno.FsFile,
  count: number,
): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(count);
  let filled = 0;
  while (filled < count) {
    // deno-lint-ignore no-await-in-loop -- until all is there
    const read = await file.read(bytes.subarray(filled));
    if (read === null) return null;
    filled += read;
  }
  return bytes;
}
