import { type Signal, signal } from "@preact/signals";
import type { LogEntry } from "../../contracts/log.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import { type ApiClient, explain } from "../client/api_client.ts";
import { LogBuffer } from "./log_buffer.ts";
import { type LogFilter, passes, toQuery } from "./log_filter.ts";

const PAGE_LINES = 200;

/** What the server painted. */
export interface LogStart {
  /** Newest first, as the API gives them. */
  entries: readonly LogEntry[];
  nextCursor: string | null;
  filter: LogFilter;
}

/** A log view's lines: the page that was painted, older ones by cursor, newer ones from the stream. */
export class LogFeed {
  readonly lines: Signal<readonly LogEntry[]>;
  readonly filter: Signal<LogFilter>;
  readonly paused = signal(false);
  /** Lines that came while the view was paused or scrolled up. */
  readonly unseen = signal(0);
  readonly loading = signal(false);
  readonly failure: Signal<string | null> = signal(null);
  readonly cursor: Signal<string | null>;
  readonly #api: Pick<ApiClient, "logs">;
  readonly #buffer = new LogBuffer();
  /** Lines that wait until the view goes on. */
  #held: LogEntry[] = [];
  #generation = 0;
  #error: unknown = null;

  constructor(start: LogStart, api: Pick<ApiClient, "logs">) {
    this.#api = api;
    this.#buffer.add([...start.entries].reverse());
    this.lines = signal(this.#buffer.lines);
    this.filter = signal(start.filter);
    this.cursor = signal(start.nextCursor);
  }

  /** Takes a stream event in, if it is a line of this view. */
  apply(event: StreamEnvelope): void {
    if (event.type !== "log.added" || !passes(event.data, this.filter.peek())) {
      return;
    }
    this.unseen.value++;
    if (this.paused.peek()) this.#held.push(event.data);
    else this.#add([event.data]);
  }

  /** Stops or goes on; what came meanwhile is shown then. */
  setPaused(paused: boolean): void {
    this.paused.value = paused;
    if (paused) return;
    this.#add(this.#held);
    this.#held = [];
  }

  /** Another filter: reads the newest lines that match it. */
  async setFilter(filter: LogFilter): Promise<void> {
    this.filter.value = filter;
    await this.reload(true);
  }

  /** Reads the newest lines; with `anew` the others are forgotten. */
  async reload(anew = false): Promise<void> {
    const generation = ++this.#generation;
    const page = await this.#read(null, generation);
    if (page === null) return;
    if (anew) {
      this.#buffer.clear();
      this.#held = [];
      this.unseen.value = 0;
    }
    if (anew || this.lines.peek().length === 0) {
      this.cursor.value = page.nextCursor;
    }
    this.#add(page.items);
  }

  /** Reads the newest lines for the live connection, which wants to know of a failure. */
  async refresh(): Promise<void> {
    await this.reload();
    if (this.#error !== null) throw this.#error;
  }

  /** Reads one more page of older lines. */
  async loadOlder(): Promise<void> {
    const cursor = this.cursor.peek();
    if (cursor === null || this.loading.peek()) return;
    const page = await this.#read(cursor, this.#generation);
    if (page === null) return;
    this.cursor.value = page.nextCursor;
    this.#add(page.items);
  }

  async #read(cursor: string | null, generation: number) {
    const query = toQuery(this.filter.peek());
    query.set("limit", String(PAGE_LINES));
    if (cursor !== null) query.set("cursor", cursor);
    this.loading.value = true;
    try {
      const page = await this.#api.logs(query);
      this.failure.value = null;
      this.#error = null;
      // A newer filter has made this answer old.
      return generation === this.#generation ? page : null;
    } catch (error) {
      this.failure.value = explain(error);
      this.#error = error;
      return null;
    } finally {
      this.loading.value = false;
    }
  }

  #add(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    this.#buffer.add(entries);
    this.lines.value = this.#buffer.lines;
  }
}
