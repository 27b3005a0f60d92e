/**
 * Reads a desk's journal by its description, not by its code: lines of
 * `<number> <crc-32, 8 hex digits> <JSON>`, numbered from 1 without holes in
 * each of its segments. The newest segment has the journal's name, one that has
 * ended `<name>.<number>-<last candle>`; each but the first says at its beginning
 * what the earlier ones add up to.
 */

/** The checksum of ISO 3309, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

// deno-lint-ignore no-explicit-any -- what is in a journal is what is examined here
export type JournalLine = any;

/** A journal as it is on the disk. */
export interface ReadJournal {
  /** Lines of all segments that are kept, in order. */
  lines: JournalLine[];
  /** What is wrong with its form; empty for a good journal. */
  faults: string[];
  /** Number of the oldest segment that is kept. */
  firstSegment: number;
  /** Size of the segments that have ended. */
  endedBytes: number;
}

interface Segment {
  name: string;
  /** Null where the name does not tell. */
  lastSeq: number | null;
  number: number;
  lines: JournalLine[];
  bytes: number;
}

/** Reads a whole journal, as far back as its segments are kept. `path` is that of the newest. */
export async function readJournal(path: string): Promise<ReadJournal> {
  const faults: string[] = [];
  const end = path.lastIndexOf("/") + 1;
  const place = { folder: path.slice(0, end), name: path.slice(end) };
  const newest = await readSegment(place, faults);
  newest.number = numberIn(newest) ?? 1;
  const segments: Segment[] = [];
  for (const ended of await endedNames(place)) {
    // A crash may leave the later name of a segment that has not ended.
    if (ended.number >= newest.number) continue;
    const { folder } = place;
    // deno-lint-ignore no-await-in-loop -- one file after the other: they are large
    const read = await readSegment({ folder, name: ended.name }, faults);
    segments.push({ ...read, ...ended });
  }
  const endedBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  segments.push(newest);
  segments.forEach((segment, index) =>
    checkPlace(segment, { before: segments[index - 1] ?? null, faults })
  );
  return {
    lines: segments.flatMap(({ lines }) => lines),
    faults,
    firstSegment: segments[0]!.number,
    endedBytes,
  };
}

async function endedNames(
  { folder, name }: { folder: string; name: string },
): Promise<{ name: string; number: number; lastSeq: number }[]> {
  const found = [];
  for await (const entry of Deno.readDir(folder || ".")) {
    if (!entry.name.startsWith(`${name}.`)) continue;
    const match = /^(\d+)-(\d+)$/.exec(entry.name.slice(name.length + 1));
    if (match === null) continue;
    const [, number, lastSeq] = match;
    found.push({
      name: entry.name,
      number: Number(number),
      lastSeq: Number(lastSeq),
    });
  }
  return found.sort((a, b) => a.number - b.number);
}

/** Each segment is the one that its name tells, and follows the one before. */
function checkPlace(
  { name, number, lines }: Segment,
  { before, faults }: { before: Segment | null; faults: string[] },
): void {
  const told = numberIn({ lines });
  if (told === null) faults.push(`${name} does not begin with an account`);
  else if (told !== number) faults.push(`${name} says that it is ${told}`);
  if (before === null) return;
  if (number !== before.number + 1) {
    faults.push(`${name}: segment ${number} follows segment ${before.number}`);
  }
  const seq = lines[0]?.seq;
  if (before.lastSeq !== seq) {
    faults.push(
      `${name} begins after candle ${seq}, and follows ${before.name}`,
    );
  }
}

/** The number that a segment tells in its first line; null where it tells none. */
function numberIn({ lines: [first] }: Pick<Segment, "lines">): number | null {
  if (first?.record.type !== "ACCOUNT") return null;
  return first.record.state?.segment ?? 1;
}

async function readSegment(
  { folder, name }: { folder: string; name: string },
  faults: string[],
): Promise<Segment> {
  const text = await Deno.readTextFile(folder + name);
  const lines: JournalLine[] = [];
  const encoder = new TextEncoder();
  const parts = text.split("\n");
  const tell = (what: string) => faults.push(`${name}: ${what}`);
  if (parts.pop() !== "") tell("the last line has no end");
  parts.forEach((part, index) => {
    const match = /^(\d+) ([0-9a-f]{8}) (.*)$/.exec(part);
    if (match === null) return tell(`line ${index + 1} has another form`);
    const [, number, checksum, json] = match;
    if (Number(number) !== index + 1) {
      tell(`line ${index + 1} is numbered ${number}`);
    }
    const actual = crc32(encoder.encode(`${number} ${json}`));
    if (actual !== parseInt(checksum!, 16)) {
      tell(`line ${index + 1} has a wrong checksum`);
    }
    lines.push(JSON.parse(json!));
  });
  const bytes = encoder.encode(text).length;
  return { name, lastSeq: null, number: 0, lines, bytes };
}
