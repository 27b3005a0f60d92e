import { CANDLE_FILE_NAME } from "../contracts/candle.ts";
import { isColumnar, openCandleFile } from "../exchange/candle_file.ts";
import type { ColumnarSummary } from "../exchange/columnar/reader.ts";
import { summarizeColumnar } from "../exchange/columnar/reader.ts";
import { UsageError } from "./context.ts";

const ENDING = ".candles";

/**
 * The name of a file of the candle folder as somebody wrote it; without an
 * ending it is a `.candles` file.
 *
 * @throws {UsageError} If it is no bare name.
 */
export function fileName(text: string): string {
  const name = /\.(csv|csv\.gz|candles)$/.test(text) ? text : text + ENDING;
  if (CANDLE_FILE_NAME.test(name)) return name;
  throw new UsageError(
    `${
      JSON.stringify(text.slice(0, 130))
    } is no name of the candle folder; use letters, digits, dots, dashes and underscores, without a path`,
  );
}

/**
 * The name of a new file, always `.candles`.
 *
 * @throws {UsageError} If it is no bare name, or one of a CSV file.
 */
export function newFileName(text: string): string {
  const name = fileName(text);
  if (name.endsWith(ENDING)) return name;
  throw new UsageError(
    `--out ${
      JSON.stringify(text)
    } ends like a CSV file; candles are written as ${ENDING} files, and export makes CSV of them`,
  );
}

/** A usable file name made of any text, such as a market or the name of another file. */
export function nameFrom(text: string): string {
  const stem = text.replace(/\.gz$/i, "").replace(
    /\.(csv|txt|tsv|candles)$/i,
    "",
  )
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 110);
  return `${stem === "" ? "candles" : stem}${ENDING}`;
}

/**
 * Refuses to write over a file that is there.
 *
 * @throws {UsageError}
 */
export async function assertNew(path: string, replace: boolean): Promise<void> {
  if (replace || !await fileExists(path)) return;
  const name = path.slice(path.lastIndexOf("/") + 1);
  throw new UsageError(
    `${name} is there already; choose another name with --out, or say --replace`,
  );
}

/** Tells whether there is something of that name. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * What a file says about itself; null for CSV, which says nothing.
 *
 * @throws {AppError} If it is missing or damaged.
 */
export async function summaryOf(path: string): Promise<ColumnarSummary | null> {
  const file = await openCandleFile(path);
  try {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return await isColumnar(file) ? await summarizeColumnar(file, name) : null;
  } finally {
    file.close();
  }
}
