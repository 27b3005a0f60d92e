/**
 * Fetches the history of a market page by page into a file. Every page is
 * checked and on disk before the next one is asked for, so that an end at any
 * moment costs one page, and the same call goes on from there.
 *
 * @module
 */
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import type { ColumnarAppender } from "../columnar/writer.ts";
import { PAGE_ATTEMPTS_MAX } from "./limits.ts";
import { checkPage } from "./page.ts";
import { retrying, type Waiting } from "./retry.ts";
import { type HistoryVenue, VenueFailure } from "./venue.ts";

/** What is wanted of whom. */
export interface DownloadOptions {
  venue: HistoryVenue;
  /** Its header's step is the timeframe that the venue gives. */
  file: ColumnarAppender;
  /** Venue and market, for sentences. */
  name: string;
  /** First candle wanted; a file that has candles goes on after its last one. */
  fromAt: number;
  /** Candles from then on are not wanted; Infinity for all until now. */
  toAt: number;
  waiting: Waiting;
  /** Ends the download in order, after the page under way. */
  signal: AbortSignal;
  onProgress(progress: DownloadProgress): void;
  /** Is told before each pause after a failure. */
  onPause(failure: VenueFailure, pauseMs: number): void;
}

/** How far a download is. */
export interface DownloadProgress {
  added: number;
  /** Time up to which the venue was asked. */
  reachedAt: number;
  fromAt: number;
  endAt: number;
}

/** What a download did. */
export interface DownloadResult {
  added: number;
  pages: number;
  /** Candles that the venue gave again. */
  overlapping: number;
  /** Those of them with other numbers than before; the first ones were kept. */
  revised: number;
  /** Candles without a volume, written as 0. */
  volumeUnknown: number;
  /** First candle that was added, null if none was. */
  firstAddedAt: number | null;
  endedBy: "complete" | "interrupted" | "failed";
  /** Why it failed; null if it did not. */
  failure: string | null;
}

/**
 * Downloads until everything wanted is there, the venue fails for good, or the
 * signal is aborted. What was stored stays in each case.
 *
 * @throws {AppError} If a page is wrong or the file cannot be written.
 */
export async function downloadHistory(
  options: DownloadOptions,
): Promise<DownloadResult> {
  const { file, name, onPause, signal, venue, waiting } = options;
  const { stepMs } = file.header;
  const retry = { attemptsMax: PAGE_ATTEMPTS_MAX, waiting, signal, onPause };
  const result = emptyResult();
  let previous: ReadonlyMap<number, readonly number[]> = new Map();
  try {
    const nowAt = await retrying(() => venue.now(), retry);
    // The candle that is open now is not over before the next one opens.
    const endAt = Math.min(options.toAt, Math.floor(nowAt / stepMs) * stepMs);
    const fromAt = nextAt(file, options.fromAt);
    let sinceAt = fromAt;
    while (sinceAt < endAt) {
      if (signal.aborted) return { ...result, endedBy: "interrupted" };
      // deno-lint-ignore no-await-in-loop -- one page after the other
      const rows = await retrying(() => venue.fetchPage(sinceAt), retry);
      const lastAt = file.lastAt ?? -Infinity;
      const context = { name, stepMs, lastAt, endAt, previous };
      const page = checkPage(rows, context);
      // deno-lint-ignore no-await-in-loop -- one page after the other
      if (page.packed.length > 0) await file.append(page.packed);
      addPage(result, page);
      // Without anything new there is a hole, at least as long as a page.
      sinceAt = page.packed.length > 0
        ? file.lastAt! + stepMs
        : sinceAt + venue.pageCandles * stepMs;
      previous = page.candles;
      const reachedAt = Math.min(sinceAt, endAt);
      options.onProgress({ added: result.added, reachedAt, fromAt, endAt });
    }
    return result;
  } catch (failure) {
    if (!(failure instanceof VenueFailure)) throw failure;
    if (signal.aborted) return { ...result, endedBy: "interrupted" };
    return { ...result, endedBy: "failed", failure: failure.message };
  }
}

function emptyResult(): DownloadResult {
  return {
    added: 0,
    pages: 0,
    overlapping: 0,
    revised: 0,
    volumeUnknown: 0,
    firstAddedAt: null,
    endedBy: "complete",
    failure: null,
  };
}

function addPage(
  result: DownloadResult,
  page: ReturnType<typeof checkPage>,
): void {
  result.pages++;
  result.added += page.packed.length / CANDLE_WIDTH;
  result.overlapping += page.overlapping;
  result.revised += page.revised;
  result.volumeUnknown += page.volumeUnknown;
  if (page.packed.length > 0) result.firstAddedAt ??= page.packed[0]!;
}

/** Where to begin: on the grid, and never before what is stored. */
function nextAt(file: ColumnarAppender, fromAt: number): number {
  const { stepMs } = file.header;
  return file.lastAt === null
    ? Math.ceil(fromAt / stepMs) * stepMs
    : file.lastAt + stepMs;
}
