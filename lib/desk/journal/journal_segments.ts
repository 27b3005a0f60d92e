import { AppError } from "../../core/errors.ts";
import { decodeJournal, type JournalContent } from "./journal.ts";
import type { JournalEntry } from "./records.ts";
import { segmentPath } from "./segments.ts";
import type { EndedSegment, JournalStorage } from "./storage.ts";

/** Number of the segment that was read; the first one does not tell it. */
export function segmentOf({ entries }: JournalContent): number {
  const record = entries[0]?.record;
  return record?.type === "ACCOUNT" ? record.state?.segment ?? 1 : 1;
}

/** Ended segments before the newest one, oldest first. A crash may have left the name of one that has not ended. */
export function endedBefore(
  newest: number,
  storage: Pick<JournalStorage, "endedSegments">,
): EndedSegment[] {
  return storage.endedSegments().filter(({ number }) => number < newest);
}

/**
 * Reads ended segments, oldest first, from the first one on that the others
 * follow without a hole, up to the segment before `newest`. `path` is the
 * journal's.
 *
 * @throws {AppError} `JOURNAL_CORRUPT` if one of them is damaged.
 */
export function decodeSegments(
  segments: readonly EndedSegment[],
  { path, newest }: { path: string; newest: number },
): JournalEntry[] {
  return segments.slice(firstInRow(segments, newest)).flatMap((segment) => {
    const ownPath = segmentPath(path, segment);
    const { entries, isTorn } = decodeJournal(segment.read(), ownPath);
    if (!isTorn && entries.length > 0) return entries;
    throw new AppError(
      "JOURNAL_CORRUPT",
      `Cannot read journal "${ownPath}": its end is missing; restore the file from a backup`,
    );
  });
}

/** Index of the oldest segment after which none is missing; behind the last where that is the newest one. */
function firstInRow(segments: readonly EndedSegment[], newest: number): number {
  let first = segments.length;
  let next = newest;
  while (first > 0 && segments[first - 1]!.number === next - 1) {
    first--;
    next--;
  }
  return first;
}
