/**
 * The text form of a journal: one line a record,
 *
 *     <record number> <crc-32 of number and JSON, 8 hex digits> <JSON>\n
 *
 * numbered from 1 without holes. A torn last line is what a crash leaves and is
 * cut off, as is a last transaction without its mark: nothing outside the desk
 * has followed from it. Damage before other lines is no crash, and is refused.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { AppError } from "../../core/errors.ts";
import { FormatReader } from "./format.ts";
import { isBookRecord, type JournalEntry } from "./records.ts";

/** What was read from a journal. */
export interface JournalContent {
  /** Entries of whole transactions. */
  entries: JournalEntry[];
  /** Length in bytes of the first line, 0 for none. */
  firstLength: number;
  /** Length in bytes of what `entries` were read from; what is behind it is to be cut off. */
  length: number;
  /** Whether anything is behind it. */
  isTorn: boolean;
  /** Format of the last line; `entries` are of the present one. */
  format: number;
}

const NEWLINE = 0x0a;

/** Hexadecimal digits of a checksum. */
const CHECKSUM_LENGTH = 8;

/** Writes one entry as a line. */
export function encodeEntry(number: number, entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${number} ${checksum(number, json)} ${json}\n`;
}

/**
 * Reads a journal. `path` is named in errors only.
 *
 * @throws {AppError} `JOURNAL_CORRUPT` if a damaged line is followed by others,
 *   `JOURNAL_FORMAT_NEWER` if a newer build wrote it.
 */
export function decodeJournal(bytes: Uint8Array, path: string): JournalContent {
  const textBetween = textReader(bytes);
  const format = new FormatReader(path);
  const entries: JournalEntry[] = [];
  let length = 0;
  // Entries and bytes up to the end of the last whole transaction.
  let whole = 0;
  let wholeLength = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, length);
    if (end < 0) break;
    const entry = decodeLine({ bytes, textBetween, start: length, end }, {
      number: entries.length + 1,
    });
    if (entry === null) {
      refuseDamageInside({
        bytes: bytes.subarray(end + 1),
        line: entries.length + 1,
        offset: length,
        path,
      });
      break;
    }
    entries.push(format.read(entry));
    length = end + 1;
    // A link record changes no money and stands alone, unless a transaction is open before it.
    const isClosed = entry.mark !== undefined ||
      (!isBookRecord(entry.record) && whole === entries.length - 1);
    if (!isClosed) continue;
    whole = entries.length;
    wholeLength = length;
  }
  entries.length = whole;
  return {
    entries,
    firstLength: wholeLength === 0 ? 0 : bytes.indexOf(NEWLINE) + 1,
    length: wholeLength,
    isTorn: wholeLength < bytes.length,
    format: format.format,
  };
}

/** Where a line is: its bytes without the newline, and the text of any bytes of its file. */
interface LinePlace {
  bytes: Uint8Array;
  textBetween: TextReader;
  start: number;
  end: number;
}

type TextReader = (start: number, end: number) => string;

function decodeLine(
  { bytes, textBetween, start, end }: LinePlace,
  { number }: { number: number },
): JournalEntry | null {
  const prefix = `${number} `;
  const jsonStart = start + prefix.length + CHECKSUM_LENGTH + 1;
  if (jsonStart >= end) return null;
  const sum = toHex(crc32(bytes.subarray(jsonStart, end), crc32(prefix)));
  if (textBetween(start, jsonStart) !== `${prefix}${sum} `) return null;
  return JSON.parse(textBetween(jsonStart, end)) as JournalEntry;
}

/** Most journals are plain ASCII: one decoding of the whole file is then ten times as fast as one a line. */
function textReader(bytes: Uint8Array): TextReader {
  const decoder = new TextDecoder();
  const text = decoder.decode(bytes);
  // Then every byte is one character, so a place in one is a place in the other.
  if (text.length === bytes.length) {
    return (start, end) => text.slice(start, end);
  }
  return (start, end) => decoder.decode(bytes.subarray(start, end));
}

/** A torn write damages the end of a file; some file systems fill it up with zeros. */
function refuseDamageInside(
  damage: { bytes: Uint8Array; line: number; offset: number; path: string },
): void {
  const { bytes, line, offset, path } = damage;
  if (bytes.every((byte) => byte === 0)) return;
  throw new AppError(
    "JOURNAL_CORRUPT",
    `Cannot read journal "${path}": line ${line} (byte ${offset}) is damaged and more lines follow; ` +
      `restore the file from a backup, or keep a copy, cut it before byte ${offset} and check the account against the trades on record`,
  );
}

function checksum(number: number, json: string): string {
  return toHex(crc32(`${number} ${json}`));
}

function toHex(sum: number): string {
  return sum.toString(16).padStart(CHECKSUM_LENGTH, "0");
}
