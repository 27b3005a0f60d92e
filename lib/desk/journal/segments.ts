/**
 * Names of a journal's segments. The newest segment has the journal's own name;
 * when it has grown enough it is renamed and the next one begins with the state
 * that the account has then, so that a recovery reads one segment only.
 *
 * @module
 */

/** What the name of an ended segment tells. */
export interface SegmentName {
  /** Counts from 1. */
  number: number;
  /** Last candle that was processed when it ended. */
  lastSeq: number;
}

const SUFFIX = /^(\d{1,9})-(\d{1,15})$/;

/** Path of an ended segment of the journal at `path`. */
export function segmentPath(path: string, name: SegmentName): string {
  return `${path}.${name.number}-${name.lastSeq}`;
}

/** Reads the path of an ended segment of the journal at `path`; null for any other path. */
export function parseSegmentPath(
  path: string,
  candidate: string,
): SegmentName | null {
  if (!candidate.startsWith(`${path}.`)) return null;
  const match = SUFFIX.exec(candidate.slice(path.length + 1));
  return match === null
    ? null
    : { number: Number(match[1]), lastSeq: Number(match[2]) };
}

/** Ended segments of the journal at `path`, oldest first. */
export function endedSegments(path: string): SegmentName[] {
  const end = path.lastIndexOf("/") + 1;
  const names: SegmentName[] = [];
  for (const { name } of Deno.readDirSync(path.slice(0, end) || ".")) {
    const found = parseSegmentPath(path, path.slice(0, end) + name);
    if (found !== null) names.push(found);
  }
  return sortSegments(names);
}

/** Oldest first. */
export function sortSegments<Name extends SegmentName>(names: Name[]): Name[] {
  return names.sort((a, b) => a.number - b.number);
}
