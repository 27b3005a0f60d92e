import type { EventStore } from "../store/port.ts";
import { type Frame, toFrame } from "./frames/frames.ts";
import { READ_BATCH, SHARED_BYTES } from "./limits.ts";

type Log = Pick<EventStore, "headSeq" | "after">;

/** Stored events from some place on. */
export interface PageOfFrames {
  frames: readonly Frame[];
  /** Events before the first were pruned that the reader has not had. */
  gap: boolean;
  /** The log had this many events when it was read. */
  head: number;
}

/**
 * Reads of the log by clients that catch up, shared among all of them. After a
 * restart every client comes back at once with about the same place; reading
 * and serializing the same events for each would take minutes of the store.
 *
 * Places are rounded down to whole pages so that clients a few events apart
 * share a read. The newest pages are kept: what a page holds never changes, it
 * can only lack the events that were added since.
 */
export class SharedReads {
  readonly #log: Log;
  readonly #reading = new Map<number, Promise<PageOfFrames>>();
  readonly #kept = new Map<number, PageOfFrames>();
  #keptBytes = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Events after `seq`, oldest first, at most a page; it may begin with some before. */
  async after(seq: number): Promise<PageOfFrames> {
    const start = seq - seq % READ_BATCH;
    const page = await this.#read(start, seq);
    // What was pruned may all be before `seq`: only a read from there can tell.
    return page.gap && start !== seq ? await this.#read(seq, seq) : page;
  }

  #read(start: number, seq: number): Promise<PageOfFrames> {
    const kept = this.#kept.get(start);
    if (kept !== undefined && lastSeq(kept) > seq) return Promise.resolve(kept);
    const running = this.#reading.get(start);
    if (running !== undefined) return running;
    const reading = this.#load(start).finally(() =>
      this.#reading.delete(start)
    );
    this.#reading.set(start, reading);
    return reading;
  }

  async #load(start: number): Promise<PageOfFrames> {
    const head = this.#log.headSeq();
    const { events, gap } = await this.#log.after(start, READ_BATCH);
    const page = { frames: events.map((event) => toFrame(event)), gap, head };
    if (page.frames.length > 0 && !gap) this.#keep(start, page);
    return page;
  }

  #keep(start: number, page: PageOfFrames): void {
    this.#forget(start);
    this.#kept.set(start, page);
    this.#keptBytes += bytesOf(page);
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= SHARED_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(start: number): void {
    const page = this.#kept.get(start);
    if (page === undefined) return;
    this.#kept.delete(start);
    this.#keptBytes -= bytesOf(page);
  }
}

function lastSeq({ frames }: PageOfFrames): number {
  return frames.at(-1)?.seq ?? 0;
}

function bytesOf({ frames }: PageOfFrames): number {
  return frames.reduce((sum, frame) => sum + frame.bytes, 0);
}
