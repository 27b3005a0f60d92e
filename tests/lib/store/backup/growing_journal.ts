import { openJournalFile } from "../../../../lib/desk/journal/storage.ts";
import { JOURNAL } from "./support.ts";

/** A journal whose every segment says which one it is. */
export class GrowingJournal {
  readonly path: string;
  readonly #storage: ReturnType<typeof openJournalFile>;
  /** Number of the newest segment. */
  newest = 1;
  /** Number of the oldest segment that is kept. */
  oldest = 1;

  constructor(folder: string) {
    this.path = `${folder}/${JOURNAL}`;
    Deno.writeTextFileSync(this.path, textOf(1));
    this.#storage = openJournalFile(this.path);
  }

  /** Goes on in so many new segments, one after the other. */
  start(times = 1): void {
    for (let time = 0; time < times; time++) {
      const number = this.newest++;
      const bytes = new TextEncoder().encode(textOf(this.newest));
      this.#storage.startSegment(bytes, { number, lastSeq: number * 10 });
    }
  }

  removeOldest(): void {
    const [oldest] = this.#storage.endedSegments();
    if (oldest === undefined) return;
    oldest.remove();
    this.oldest = oldest.number + 1;
  }

  close(): void {
    this.#storage.close();
  }
}

/** What a segment holds. */
export function textOf(segment: number): string {
  return `segment ${segment}\n`;
}

/** Name of a segment that has ended. */
export function segmentName(number: number): string {
  return `${JOURNAL}.${number}-${number * 10}`;
}

/** Segments from one to another, the last one as the newest. */
export function row(first: number, last: number): Record<string, string> {
  const texts: Record<string, string> = { [JOURNAL]: textOf(last) };
  for (let number = first; number < last; number++) {
    texts[segmentName(number)] = textOf(number);
  }
  return texts;
}

/** What the files of a folder hold, by name. */
export async function readTexts(
  folder: string,
): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    texts[name] = await Deno.readTextFile(`${folder}/${name}`);
  }
  return texts;
}
