import type { LogEntry } from "../../contracts/log.ts";

/** Lines kept in the browser; older ones are read again from the server. */
export const MAX_LINES = 10_000;

/** Lines in order of their place in the log, each one once, oldest first. When it is full the oldest go. */
export class LogBuffer {
  #lines: LogEntry[] = [];
  /** Whether older lines were dropped because the buffer was full. */
  isTrimmed = false;

  /** All lines, oldest first. */
  get lines(): readonly LogEntry[] {
    return this.#lines;
  }

  /** Adds lines in any order; known ones are left out. Answers how many were new. */
  add(entries: readonly LogEntry[]): number {
    const lastSeq = this.#lines.at(-1)?.seq ?? -1;
    const isAppend = entries.every(({ seq }, index) =>
      seq > (entries[index - 1]?.seq ?? lastSeq)
    );
    const before = this.#lines.length;
    if (isAppend) {
      this.#lines = this.#lines.concat(entries);
    } else {
      const bySeq = new Map(this.#lines.map((entry) => [entry.seq, entry]));
      for (const entry of entries) bySeq.set(entry.seq, entry);
      this.#lines = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    }
    const added = this.#lines.length - before;
    if (this.#lines.length > MAX_LINES) {
      this.#lines = this.#lines.slice(-MAX_LINES);
      this.isTrimmed = true;
    }
    return added;
  }

  /** Forgets everything. */
  clear(): void {
    this.#lines = [];
    this.isTrimmed = false;
  }
}
