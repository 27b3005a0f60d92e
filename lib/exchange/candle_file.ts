import { assert } from "../core/assert.ts";
import { CANDLE_FILE_NAME, type Timeframe } from "../contracts/candle.ts";
import { AppError } from "../core/errors.ts";
import { readCandleCsv } from "./candle_csv.ts";
import { fileProblem } from "./candle_csv_problems.ts";
import type { CandleSeries } from "./candle_series.ts";
import { MAGIC, startsWithMagic } from "./columnar/format.ts";
import { readColumnar } from "./columnar/reader.ts";
import { REPLAY_ROWS_MAX } from "./limits.ts";
import { fitToTimeframe } from "./resample.ts";

/**
 * Reads a candle file from disk: CSV, CSV.gz or .candles, told apart by their
 * first bytes. Error sentences call it by its last path part, so that a
 * server's folders stay private.
 *
 * @throws {AppError} CANDLES_NOT_FOUND or CANDLES_INVALID.
 */
export async function loadCandleFile(path: string): Promise<CandleSeries> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const file = await openCandleFile(path);
  if (!await isColumnar(file)) {
    return await readCandleCsv(file.readable, { name });
  }
  try {
    return await readColumnar(file, { name });
  } finally {
    file.close();
  }
}

/** Looks at the first bytes and goes back to the beginning. */
export async function isColumnar(file: Deno.FsFile): Promise<boolean> {
  const bytes = new Uint8Array(MAGIC.length);
  let filled = 0;
  while (filled < bytes.length) {
    // deno-lint-ignore no-await-in-loop -- until all is there
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  await file.seek(0, Deno.SeekMode.Start);
  return filled === bytes.length && startsWithMagic(bytes);
}

/**
 * Opens a candle file for reading.
 *
 * @throws {AppError} CANDLES_NOT_FOUND, also for a folder.
 */
export async function openCandleFile(path: string): Promise<Deno.FsFile> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  try {
    const file = await Deno.open(path, { read: true });
    if ((await file.stat()).isFile) return file;
    file.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw unreadable(name, "cannot be opened: check its permissions", error);
    }
    throw unreadable(name, "does not exist: check the name", error);
  }
  throw unreadable(
    name,
    "is not a file: name a .csv, .csv.gz or .candles file",
  );
}

function unreadable(name: string, detail: string, cause?: unknown): AppError {
  const sentence = `The candle file ${name} ${detail}`;
  return new AppError("CANDLES_NOT_FOUND", sentence, {
    status: 404,
    errors: [{ pointer: "", code: "FILE_NOT_FOUND", detail: sentence }],
    cause,
  });
}

interface CacheEntry {
  file: string;
  users: number;
  loading: Promise<CandleSeries>;
  /** Known once loaded. */
  rows: number;
}

/**
 * Files of one folder, each loaded once for a timeframe however many streams
 * replay it, and forgotten when the last stream lets go of it. Bounded by rows.
 */
export class CandleFileCache {
  readonly #folder: string;
  readonly #rowsMax: number;
  readonly #entries = new Map<string, CacheEntry>();

  constructor(folder: string, options: { rowsMax?: number } = {}) {
    this.#folder = folder;
    this.#rowsMax = options.rowsMax ?? REPLAY_ROWS_MAX;
  }

  /** Files held now. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * The candles of a file of the folder, resampled to a timeframe if theirs is
   * shorter; to be let go with {@link release} and the same timeframe.
   *
   * @throws {AppError} If the name is not a bare file name, or the file is missing, wrong, too much or of another timeframe.
   */
  async acquire(file: string, timeframe?: Timeframe): Promise<CandleSeries> {
    if (!CANDLE_FILE_NAME.test(file)) {
      throw fileProblem("FILE_NAME_REFUSED", {
        name: JSON.stringify(file.slice(0, 150)),
        what: "is not a name of the candle folder",
        mend:
          "name a .csv, .csv.gz or .candles file of letters, digits, dots, dashes and underscores, without a path",
      });
    }
    const key = keyOf(file, timeframe);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { file, users: 0, rows: 0, loading: this.#load(file, timeframe) };
      this.#entries.set(key, entry);
    }
    entry.users++;
    try {
      const series = await entry.loading;
      entry.rows = series.length;
      this.#assertFits(file);
      return series;
    } catch (error) {
      this.#letGo(key, entry);
      throw error;
    }
  }

  /** Lets go of a file that was acquired. */
  release(file: string, timeframe?: Timeframe): void {
    const key = keyOf(file, timeframe);
    const entry = this.#entries.get(key);
    assert(entry !== undefined, `The candle file ${file} is not held`);
    this.#letGo(key, entry);
  }

  /** The whole file is held, and counted, while candles of a timeframe are made of it. */
  async #load(file: string, timeframe?: Timeframe): Promise<CandleSeries> {
    if (timeframe === undefined) {
      return await loadCandleFile(`${this.#folder}/${file}`);
    }
    const series = await this.acquire(file);
    try {
      const fit = fitToTimeframe(series, timeframe);
      if (fit.ok) return fit.series;
      throw new AppError(
        "CANDLES_TIMEFRAME",
        `The candles of ${file} ${fit.problem}`,
        { status: 422 },
      );
    } finally {
      this.release(file);
    }
  }

  #letGo(key: string, entry: CacheEntry): void {
    entry.users--;
    // The map may hold a later attempt under the same name.
    if (entry.users === 0 && this.#entries.get(key) === entry) {
      this.#entries.delete(key);
    }
  }

  #assertFits(file: string): void {
    let rows = 0;
    for (const entry of this.#entries.values()) rows += entry.rows;
    if (rows <= this.#rowsMax) return;
    throw fileProblem("ROWS_TOO_MANY", {
      name: file,
      what:
        `does not fit beside the files that are replayed now (${rows} candles, ${this.#rowsMax} allowed)`,
      mend: "stop another replay first or replay a shorter file",
    });
  }
}

/** A file name has no space, so nothing else has the same key. */
function keyOf(file: string, timeframe: Timeframe | undefined): string {
  return timeframe === undefined ? file : `${file} ${timeframe}`;
}
