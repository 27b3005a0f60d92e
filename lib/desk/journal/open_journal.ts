import type { Clock } from "../../../actors/clock.ts";
import { journalUnavailable } from "./disk_error.ts";
import { decodeJournal, type JournalContent } from "./journal.ts";
import type { JournalStorage } from "./storage.ts";

/** How a journal is opened. */
export interface JournalOptions {
  /** Named in errors. */
  path: string;
  clock: Clock;
  storage: JournalStorage;
  /** Called when the journal turns failing, is mended, or has room again; may be called within `append`. */
  onChange?: () => void;
  /** Bytes of records in a segment; default `SEGMENT_BYTES`. */
  segmentBytes?: number;
  /** Called between two transactions when the segment has grown enough for {@link Journal.startSegment}. */
  onSegmentDue?: () => void;
}

/**
 * Reads what the newest segment holds and cuts its torn end off.
 *
 * @throws {AppError} `JOURNAL_CORRUPT` if the file is damaged before its end,
 *   `JOURNAL_FORMAT_NEWER` if a newer build wrote it, `JOURNAL_UNAVAILABLE` if
 *   the disk does not give it.
 */
export function readNewest({ storage, path }: JournalOptions): JournalContent {
  let bytes: Uint8Array;
  try {
    bytes = storage.read();
  } catch (cause) {
    throw journalUnavailable(`Cannot read journal "${path}"`, cause);
  }
  const content = decodeJournal(bytes, path);
  writeAgain(storage, bytes.subarray(0, content.length));
  if (!content.isTorn) return content;
  try {
    storage.truncate(content.length);
  } catch (cause) {
    throw journalUnavailable(
      `Cannot cut the torn end off journal "${path}"`,
      cause,
    );
  }
  return content;
}

/**
 * A sync that failed in an earlier process may have left pages that the system
 * takes for written; only what is written again comes to the disk with the next
 * sync.
 */
function writeAgain(storage: JournalStorage, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  try {
    storage.overwrite(0, bytes);
  } catch {
    // A disk that takes nothing says so at the next record.
  }
}
