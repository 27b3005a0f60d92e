/**
 * Writes `.candles` files. A new file appears under its name when it is whole;
 * a block that is added is on disk before the next one begins, so a crash
 * costs at most the block that was being written.
 *
 * @module
 */
import { assert } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { isCandleRow } from "../candle_row.ts";
import type { CandleSeries } from "../candle_series.ts";
import { CANDLE_ROWS_MAX } from "../limits.ts";
import { encodeBlock } from "./block.ts";
import { BLOCK_ROWS_MAX, type ColumnarHeader, encodeHeader } from "./format.ts";
import { ColumnarReader } from "./reader.ts";

/** Something with rows to be copied out, such as a series. */
export type PackedRows = Pick<CandleSeries, "length" | "packed">;

/**
 * Writes a whole file, in place of one of the same name. It is written beside
 * and renamed; the draft is removed if that fails.
 *
 * @throws {AppError} CANDLES_UNWRITABLE if the disk does not take it.
 */
export async function writeColumnarFile(
  path: string,
  options: { header: ColumnarHeader; candles: PackedRows },
): Promise<void> {
  const { header, candles } = options;
  const draft = `${path}.${crypto.randomUUID()}.part`;
  try {
    const file = await Deno.open(draft, { write: true, createNew: true });
    try {
      await writeAll(file, encodeHeader(header));
      for (let from = 0; from < candles.length; from += BLOCK_ROWS_MAX) {
        const count = Math.min(BLOCK_ROWS_MAX, candles.length - from);
        const block = encodeBlock({
          packed: candles.packed(from, count),
          rowsBefore: from,
          stepMs: header.stepMs,
        });
        // deno-lint-ignore no-await-in-loop -- in order
        await writeAll(file, block);
      }
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw unwritable(path, error);
  }
}

/** Adds blocks at the end of a file, which is locked until it is closed. */
export class ColumnarAppender {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly header: ColumnarHeader;
  /** Bytes of an unfinished block that were cut off when the file was opened. */
  readonly mendedBytes: number;
  #endBytes: number;
  #rows: number;
  #firstAt: number | null;
  #lastAt: number | null;

  private constructor(
    path: string,
    file: Deno.FsFile,
    state: ReturnType<ColumnarReader["summary"]>,
  ) {
    this.#path = path;
    this.#file = file;
    this.header = state.header;
    this.mendedBytes = state.tornBytes;
    this.#endBytes = state.soundBytes;
    this.#rows = state.rows;
    this.#firstAt = state.firstAt;
    this.#lastAt = state.lastAt;
  }

  /**
   * Opens a file, or makes it with a header that was given. What a crash left
   * of a block at its end is cut off.
   *
   * @throws {AppError} CANDLES_INVALID if the file is damaged, CANDLES_IN_USE while another process adds to it.
   */
  static async open(
    path: string,
    header: ColumnarHeader,
  ): Promise<ColumnarAppender> {
    if (!await exists(path)) {
      const candles = { length: 0, packed: () => new Float64Array(0) };
      await writeColumnarFile(path, { header, candles });
    }
    const name = path.slice(path.lastIndexOf("/") + 1);
    const file = await Deno.open(path, { read: true, write: true });
    try {
      if (!await file.tryLock(true)) {
        throw new AppError(
          "CANDLES_IN_USE",
          `Another process adds candles to ${name} now; wait for it or end it first`,
          { status: 503 },
        );
      }
      const reader = await ColumnarReader.open(file, name);
      await passAll(reader);
      const state = reader.summary();
      if (state.tornBytes > 0) await file.truncate(state.soundBytes);
      return new ColumnarAppender(path, file, state);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Candles in the file. */
  get rows(): number {
    return this.#rows;
  }

  /** Open time of the first candle, null without one. */
  get firstAt(): number | null {
    return this.#firstAt;
  }

  /** Open time of the last candle, null without one. */
  get lastAt(): number | null {
    return this.#lastAt;
  }

  /**
   * Adds valid candles in ascending order that are all later than those of the
   * file. They are on disk when this returns.
   *
   * @throws {AppError} CANDLES_UNWRITABLE; the file is then as it was before.
   */
  async append(packed: Float64Array<ArrayBuffer>): Promise<void> {
    this.#assertFollows(packed);
    const width = BLOCK_ROWS_MAX * CANDLE_WIDTH;
    for (let at = 0; at < packed.length; at += width) {
      // deno-lint-ignore no-await-in-loop -- in order
      await this.#appendBlock(packed.slice(at, at + width));
    }
  }

  /** Ends the lock. */
  close(): void {
    this.#file.close();
  }

  async #appendBlock(packed: Float64Array<ArrayBuffer>): Promise<void> {
    const block = encodeBlock({
      packed,
      rowsBefore: this.#rows,
      stepMs: this.header.stepMs,
    });
    try {
      await this.#file.seek(this.#endBytes, Deno.SeekMode.Start);
      await writeAll(this.#file, block);
      await this.#file.syncData();
    } catch (error) {
      await this.#file.truncate(this.#endBytes).catch(() => {});
      throw unwritable(this.#path, error);
    }
    this.#endBytes += block.length;
    this.#rows += packed.length / CANDLE_WIDTH;
    this.#firstAt ??= packed[0]!;
    this.#lastAt = packed[packed.length - CANDLE_WIDTH]!;
  }

  #assertFollows(packed: Float64Array): void {
    let last = this.#lastAt ?? -Infinity;
    for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
      assert(isCandleRow(packed, at, last), "A row to add is no later candle");
      last = packed[at]!;
    }
    if (this.#rows + packed.length / CANDLE_WIDTH <= CANDLE_ROWS_MAX) return;
    throw new AppError(
      "CANDLES_INVALID",
      `${
        nameOf(this.#path)
      } would have more than ${CANDLE_ROWS_MAX} candles; go on in another file`,
      { status: 422 },
    );
  }
}

/** Goes to the end and checks every block on the way: nothing is added to a damaged file. */
async function passAll(reader: ColumnarReader): Promise<void> {
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- one block after the other
    const head = await reader.nextHead();
    if (head === null) return;
    // deno-lint-ignore no-await-in-loop -- one block after the other
    await reader.rowsOf(head);
    reader.pass(head);
  }
}

async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    // deno-lint-ignore no-await-in-loop -- until all is written
    at += await file.write(bytes.subarray(at));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function unwritable(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    "CANDLES_UNWRITABLE",
    `The candle file ${
      nameOf(path)
    } cannot be written: ${detail}; check the folder, its permissions and the free space`,
    { cause },
  );
}
