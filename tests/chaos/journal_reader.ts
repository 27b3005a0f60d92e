/**
 * Reads a desk's journal by its description, not by its code: lines of
 * `<number> <crc-32, 8 hex digits> <JSON>`, numbered from 1 without holes.
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
  lines: JournalLine[];
  /** What is wrong with its form; empty for a good journal. */
  faults: string[];
}

/** Reads a whole journal. */
export async function readJournal(path: string): Promise<ReadJournal> {
  const text = await Deno.readTextFile(path);
  const lines: JournalLine[] = [];
  const faults: string[] = [];
  const encoder = new TextEncoder();
  const parts = text.split("\n");
  if (parts.pop() !== "") faults.push("the last line has no end");
  parts.forEach((part, index) => {
    const match = /^(\d+) ([0-9a-f]{8}) (.*)$/.exec(part);
    if (match === null) {
      faults.push(`line ${index + 1} has another form`);
      return;
    }
    const [, number, checksum, json] = match;
    if (Number(number) !== index + 1) {
      faults.push(`line ${index + 1} is numbered ${number}`);
    }
    const actual = crc32(encoder.encode(`${number} ${json}`));
    if (actual !== parseInt(checksum!, 16)) {
      faults.push(`line ${index + 1} has a wrong checksum`);
    }
    lines.push(JSON.parse(json!));
  });
  return { lines, faults };
}
