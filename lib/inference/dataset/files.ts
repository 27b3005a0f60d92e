import { createHash } from "node:crypto";
import { AppError } from "../../core/errors.ts";
import { openCandleFile } from "../../exchange/candle_file.ts";
import type { Dataset } from "./build.ts";
import { datasetBytes } from "./format.ts";

/** File beside the rows that says how to read them. */
export function descriptionPath(path: string): string {
  return `${path}.json`;
}

/**
 * SHA-256 of a candle file's bytes, as `sha256sum` prints it.
 *
 * @throws {AppError} CANDLES_NOT_FOUND.
 */
export async function hashCandleFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await openCandleFile(path);
  for await (const bytes of file.readable) hash.update(bytes);
  return hash.digest("hex");
}

/**
 * Writes the rows and answers with their SHA-256. A description that is there
 * goes first: without one nobody takes half a file for a whole one.
 *
 * @throws {AppError} DATASET_NOT_WRITTEN.
 */
export async function writeRows(
  path: string,
  dataset: Dataset,
): Promise<string> {
  const hash = createHash("sha256");
  await orRefuse(path, async () => {
    await removeIfThere(descriptionPath(path));
    using file = await Deno.open(path, {
      write: true,
      create: true,
      truncate: true,
    });
    for (const bytes of datasetBytes(dataset)) {
      hash.update(bytes);
      // deno-lint-ignore no-await-in-loop -- one piece after the other
      await writeAll(file, bytes);
    }
  });
  return hash.digest("hex");
}

/**
 * Writes the description of rows that were written before.
 *
 * @throws {AppError} DATASET_NOT_WRITTEN.
 */
export async function writeDescription(
  path: string,
  text: string,
): Promise<void> {
  const file = descriptionPath(path);
  await orRefuse(file, () => Deno.writeTextFile(file, text));
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    // deno-lint-ignore no-await-in-loop -- until all is written
    at += await file.write(bytes.subarray(at));
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function orRefuse(
  path: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new AppError(
      "DATASET_NOT_WRITTEN",
      `Cannot write ${path}: ${
        (error as Error).message
      }; name a file in a folder that you may write to`,
      { status: 422, cause: error },
    );
  }
}
