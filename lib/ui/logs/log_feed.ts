import { type Signal, signal } from "@preact/signals";
import type { LogEntry } from "../../contracts/log.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import type { ApiClient } from "../client/api_client.ts";
import { type Failure, failureOf } from "../client/failure.ts";
import { LogBuffer, MAX_LINES } from "./log_buffer.ts";
import { type LogFilter, passes, toQuery } from "./log_filter.ts";

const PAGE_LINES = 200;
/** Pages read at most to close a gap; more lines than that would not be kept anyway. */
const MAX_GAP_PAGES = MAX_LINES / PAGE_LINES;
/** Lines in one paint that nobody reads line by line: then the next paint may wait. */
const BUSY_LINES = 50;
const BUSY_PAINT_MS = 100;

/** What the server painted. */
export interface LogStart {
  /** Newest first, as the API gives them. */
  entries: readonly LogEntry[];
  nextCursor: string | null;
  filter: LogFilter;
  /** The log could not be read when the page was made. */
  isUnread?: boolean;
}

const UNREAD: Failure = {
  detail: "The server painted the page without it.",
  code: null,
  requestId: null,
};

/** Parts of a {@link LogFeed}. */
export interface LogFeedParts {
  api: Pick<ApiClient, "logs">;
  /** Runs once before a paint, the next one or one after `afterMs`; what comes until then is shown together. */
  beforePaint: (run: () => void, afterMs: number) => void;
}

/** A log view's lines: the page that was painted, older ones by cursor, newer ones from the stream. */
export class LogFeed {
  readonly lines: Signal<readonly LogEntry[]>;
  readonly filter: Signal<LogFilter>;
  readonly paused = signal(false);
  /** Lines that came while the view was paused or scrolled up. */
  readonly unseen = signal(0);
  readonly loading = signal(false);
  readonly failure: Signal<Failure | null> = signal(null);
  readonly cursor: Signal<string | null>;
  /** The buffer was full: older lines than the first are on the server, but not by the cursor. */
  readonly isTrimmed = signal(false);
  /** Long lines go on below instead of being cut. */
  readonly wraps = signal(false);
  /** The lines are those of an earlier filter, because reading anew failed. */
  readonly isForeign = signal(false);
  readonly #parts: LogFeedParts;
  readonly #buffer = new LogBuffer();
  /** Lines that wait for the next paint, or until a paused view goes on. */
  #waiting: LogEntry[] = [];
  #isPaintAsked = false;
  /** How many lines the last paint took in. */
  #lastTaken = 0;
  /** Newest line before a gap that is not closed yet. */
  #gapFrom: number | null = null;
  #generation = 0;
  #error: unknown = null;
  /** Does once more what was read last. */
  #again: () => Promise<void> = () => this.reload();

  constructor(start: LogStart, parts: LogFeedParts) {
    this.#parts = parts;
    this.#buffer.add([...start.entries].reverse());
    this.lines = signal(this.#buffer.lines);
    this.filter = signal(start.filter);
    this.cursor = signal(start.nextCursor);
    if (start.isUnread === true) this.failure.value = UNREAD;
  }

  /** Takes a stream event in, if it is a line of this view. */
  apply(event: StreamEnvelope): void {
    if (event.type !== "log.added" || !passes(event.data, this.filter.peek())) {
      return;
    }
    this.#waiting.push(event.data);
    // Only the newest would be kept; cutting at twice that makes it cheap.
    if (this.#waiting.length >= 2 * MAX_LINES) {
      this.#waiting = this.#waiting.slice(-MAX_LINES);
      this.isTrimmed.value = true;
    }
    if (this.#isPaintAsked) return;
    this.#isPaintAsked = true;
    this.#parts.beforePaint(
      () => this.#takeIn(),
      this.#lastTaken >= BUSY_LINES ? BUSY_PAINT_MS : 0,
    );
  }

  /** Stops or goes on; what came meanwhile is shown then. */
  setPaused(paused: boolean): void {
    this.paused.value = paused;
    this.#takeIn();
  }

  /** Another filter: reads the newest lines that match it. */
  async setFilter(filter: LogFilter): Promise<void> {
    this.filter.value = filter;
    await this.reload(true);
  }

  /** Reads the newest lines, back to what is known; with `anew` the others are forgotten. */
  async reload(anew = false): Promise<void> {
    const generation = ++this.#generation;
    this.#takeIn();
    this.isForeign.value ||= anew;
    this.#again = () => this.reload();
    if (this.isForeign.value) this.#gapFrom = null;
    // After a failure the gap still begins where it did, whatever came since.
    else this.#gapFrom ??= this.#newestSeq();
    const first = await this.#read(null, generation);
    if (first === null) return;
    const found = [...first.items];
    let cursor = first.nextCursor;
    const isClosed = () =>
      this.#gapFrom === null || cursor === null ||
      (found.at(-1)?.seq ?? Infinity) <= this.#gapFrom;
    for (let pages = 1; !isClosed() && pages < MAX_GAP_PAGES; pages++) {
      // deno-lint-ignore no-await-in-loop -- each page begins where the last one ended
      const page = await this.#read(cursor, generation);
      if (page === null) return;
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    // A gap too wide to close: what is before it goes, and is read by cursor if wanted.
    const startsAnew = this.isForeign.value || !isClosed() ||
      this.lines.peek().length === 0;
    if (startsAnew) this.#forget(found[0]?.seq ?? -1);
    if (startsAnew) this.cursor.value = cursor;
    this.isForeign.value = false;
    this.#gapFrom = null;
    this.#add(found, startsAnew);
  }

  /** Forgets the lines up to one; what came after it while it was read stays. */
  #forget(seq: number): void {
    const filter = this.filter.peek();
    const late = this.#buffer.lines.filter((entry) =>
      entry.seq > seq && passes(entry, filter)
    );
    this.#buffer.clear();
    this.#buffer.add(late);
    this.#waiting = this.#waiting.filter((entry) => passes(entry, filter));
    this.unseen.value = 0;
  }

  /** Reads the newest lines for the live connection, which wants to know of a failure. */
  async refresh(): Promise<void> {
    await this.reload();
    if (this.#error !== null) throw this.#error;
  }

  /** Reads one more page of older lines, while there is room for them. */
  async loadOlder(): Promise<void> {
    const cursor = this.cursor.peek();
    if (
      cursor === null || this.loading.peek() || this.isTrimmed.peek() ||
      this.lines.peek().length > MAX_LINES - PAGE_LINES
    ) return;
    this.#again = () => this.loadOlder();
    const page = await this.#read(cursor, this.#generation);
    if (page === null) return;
    this.cursor.value = page.nextCursor;
    this.#add(page.items, true);
  }

  /** Reads again what could not be read. */
  retry(): Promise<void> {
    return this.#again();
  }

  async #read(cursor: string | null, generation: number) {
    const query = toQuery(this.filter.peek());
    query.set("limit", String(PAGE_LINES));
    if (cursor !== null) query.set("cursor", cursor);
    this.loading.value = true;
    try {
      const page = await this.#parts.api.logs(query);
      this.failure.value = null;
      this.#error = null;
      // A newer filter has made this answer old.
      return generation === this.#generation ? page : null;
    } catch (error) {
      this.failure.value = failureOf(error);
      this.#error = error;
      return null;
    } finally {
      this.loading.value = false;
    }
  }

  #newestSeq(): number | null {
    return this.#buffer.lines.at(-1)?.seq ?? null;
  }

  /** Shows what waits; a paused view only counts it. */
  #takeIn(): void {
    this.#isPaintAsked = false;
    if (this.paused.peek()) {
      this.unseen.value = this.#waiting.length;
      this.#lastTaken = BUSY_LINES;
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#lastTaken = waiting.length;
    this.#add(waiting, false);
  }

  #add(entries: readonly LogEntry[], isOld: boolean): void {
    if (entries.length === 0 && this.lines.peek() === this.#buffer.lines) {
      return;
    }
    const added = this.#buffer.add(entries);
    if (!isOld) this.unseen.value += added;
    this.isTrimmed.value = this.#buffer.isTrimmed;
    this.lines.value = this.#buffer.lines;
  }
}
