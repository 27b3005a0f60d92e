import { AppError } from "../../core/errors.ts";
import { ColumnarReader, type ColumnarSummary } from "./reader.ts";

/**
 * Cuts a file off where it is damaged first, so that all candles before can be
 * read again. A whole file stays as it is.
 *
 * @returns What is left; its `tornBytes` were cut off.
 * @throws {AppError} CANDLES_INVALID if nothing can be saved: the header is damaged.
 */
export async function repairColumnar(path: string): Promise<ColumnarSummary> {
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
    await passSound(reader);
    const summary = reader.summary();
    if (summary.tornBytes > 0) {
      await file.truncate(summary.soundBytes);
      await file.sync();
    }
    return summary;
  } finally {
    file.close();
  }
}

async function passSound(reader: ColumnarReader): Promise<void> {
  try {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- one block after the other
      const head = await reader.nextHead();
      if (head === null) return;
      // deno-lint-ignore no-await-in-loop -- one block after the other
      await reader.rowsOf(head);
      reader.pass(head);
    }
  } catch (error) {
    const isDamage = error instanceof AppError &&
      error.errors[0]?.code === "FILE_DAMAGED";
    if (!isDamage) throw error;
  }
}
