import { assert } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import { readCandleCsv } from "./candle_csv.ts";
import { fileProblem } from "./candle_csv_problems.ts";
import type { CandleSeries } from "./candle_series.ts";
import { REPLAY_ROWS_MAX } from "./limits.ts";

/**
 * Reads a candle file from disk. Error sentences call it by its last path
 * part, so that a server's folders stay private.
 *
 * @throws {AppError} CANDLES_NOT_FOUND or CANDLES_INVALID.
 */
export async function loadCandleFile(path: string): Promise<CandleSeries> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const file = await openFile(path, name);
  return await readCandleCsv(file.readable, { name });
}

async function openFile(path: string, name: string): Promise<Deno.FsFile> {
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
  throw unreadable(name, "is not a file: name a .csv or .csv.gz file");
}

function unreadable(name: string, detail: string, cause?: unknown): AppError {
  const sentence = `The candle file ${name} ${detail}`;
  return new AppError("CANDLES_NOT_FOUND", sentence, {
    status: 404,
    errors: [{ pointer: "", code: "FILE_NOT_FOUND", detail: sentence }],
    cause,
  });
}

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.csv(\.gz)?$/;

interface CacheEntry {
  users: number;
  loading: Promise<CandleSeries>;
  /** Known once loaded. */
  rows: number;
}

/**
 * Files of one folder, each loaded once however many streams replay it, and
 * forgotten when the last stream lets go of it. Bounded by rows.
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
   * The candles of a file of the folder; to be let go with {@link release}.
   *
   * @throws {AppError} If the name is not a bare file name, or the file is missing, wrong or too much.
   */
  async acquire(file: string): Promise<CandleSeries> {
    if (!FILE_NAME.test(file)) {
      throw fileProblem("FILE_NAME_REFUSED", {
        name: JSON.stringify(file.slice(0, 150)),
        what: "is not a name of the candle folder",
        mend:
          "name a .csv or .csv.gz file of letters, digits, dots, dashes and underscores, without a path",
      });
    }
    let entry = this.#entries.get(file);
    if (entry === undefined) {
      entry = {
        users: 0,
        rows: 0,
        loading: loadCandleFile(`${this.#folder}/${file}`),
      };
      this.#entries.set(file, entry);
    }
    entry.users++;
    try {
      const series = await entry.loading;
      entry.rows = series.length;
      this.#assertFits(file);
      return series;
    } catch (error) {
      this.#letGo(file, entry);
      throw error;
    }
  }

  /** Lets go of a file that was acquired. */
  release(file: string): void {
    const entry = this.#entries.get(file);
    assert(entry !== undefined, `The candle file ${file} is not held`);
    this.#letGo(file, entry);
  }

  #letGo(file: string, entry: CacheEntry): void {
    entry.users--;
    // The map may hold a later attempt under the same name.
    if (entry.users === 0 && this.#entries.get(file) === entry) {
      this.#entries.delete(file);
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
