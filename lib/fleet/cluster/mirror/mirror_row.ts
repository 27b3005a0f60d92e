import { MAX_MIRRORED_SEGMENTS } from "../../../store/limits.ts";
import type {
  MirroredEnded,
  MirroredJournal,
  SegmentName,
} from "../../../store/mirror_port.ts";
import type { LocalSegment } from "./mirror_port.ts";

/** What becomes of a mirror's segments, so that it follows the files on the disk. */
export interface MirrorPlan {
  /** They have not changed, and are still there. */
  kept: readonly MirroredEnded[];
  /**
   * Segments that have ended and are to be mirrored, oldest first. Where the mirror
   * goes on, its newest segment is the first of them, or else the newest on the disk.
   */
  fresh: readonly LocalSegment[];
  /** Nothing of the mirror is of use: everything is copied. */
  isAnew: boolean;
}

/**
 * Compares names only: whether the mirror's newest segment is the file that it is
 * taken for shows its content. A segment begins with the state that those before
 * it add up to, so where that one agrees the earlier ones do.
 */
export function planMirror(
  journal: MirroredJournal | null,
  ended: readonly LocalSegment[],
): MirrorPlan {
  const row = ended.slice(-MAX_MIRRORED_SEGMENTS);
  if (journal === null) return planAnew(row);
  const last = journal.ended.at(-1)?.number ?? -Infinity;
  const fresh = row.filter(({ number }) => number > last);
  const older = row.slice(0, row.length - fresh.length);
  // None where all of them were dropped.
  const kept = older.length === 0 ? [] : journal.ended.slice(-older.length);
  const isSame = kept.every((mirrored, index) =>
    isSameSegment(mirrored, older[older.length - kept.length + index])
  );
  return isSame ? { kept, fresh, isAnew: false } : planAnew(row);
}

/** Everything is copied. */
export function planAnew(row: readonly LocalSegment[]): MirrorPlan {
  return { kept: [], fresh: row, isAnew: true };
}

function isSameSegment(
  mirrored: SegmentName & { bytes: number },
  local: LocalSegment | undefined,
): boolean {
  return local !== undefined && mirrored.number === local.number &&
    mirrored.lastSeq === local.lastSeq && mirrored.bytes === local.bytes;
}
