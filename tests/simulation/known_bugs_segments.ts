import { crc32 } from "node:zlib";
import type { JournalStorage } from "../../lib/desk/journal/storage.ts";

/** The book at the beginning of a segment, as far as a bug changes it. */
interface WrittenBook {
  orders: unknown[];
  ledger: { position: unknown };
}

/** Plants a desk that adds up rightly and writes wrongly what a new segment begins with. */
export function wrongBeginning(
  change: (book: WrittenBook) => void,
): (storage: JournalStorage) => JournalStorage {
  return (inner) => ({
    ...inner,
    startSegment(bytes, ended) {
      inner.startSegment(withChangedBook(bytes, change), ended);
    },
  });
}

/** The line stays as long as it was, because its writer counts on that, and its checksum is right. */
function withChangedBook(
  line: Uint8Array,
  change: (book: WrittenBook) => void,
): Uint8Array {
  const text = new TextDecoder().decode(line);
  const number = text.slice(0, text.indexOf(" "));
  const entry = JSON.parse(text.slice(text.indexOf("{")));
  change(entry.record.state.book);
  const json = JSON.stringify(entry);
  const missing = line.length - toLine(number, json).length;
  return toLine(number, json + " ".repeat(missing));
}

function toLine(number: string, json: string): Uint8Array {
  const sum = crc32(`${number} ${json}`).toString(16).padStart(8, "0");
  return new TextEncoder().encode(`${number} ${sum} ${json}\n`);
}
