import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import type { EventStore } from "../store/port.ts";
import type { LiveClient } from "./client.ts";
import { FrameBatch } from "./frames/frame_batch.ts";
import { FrameRing } from "./frames/frame_ring.ts";
import { type Frame, toControlFrame, toFrame } from "./frames/frames.ts";
import { MAX_REPLAY_EVENTS, READ_BATCH, WATCHDOG_MS } from "./limits.ts";
import { SharedReads } from "./shared_reads.ts";

type Log = Pick<EventStore, "headSeq" | "after" | "watch">;

/**
 * Reads the event log once for everybody and hands it on. A client that is not
 * up to date is replayed from the ring or the log first; because it has its own
 * cursor and skips what is not behind it, the seam between replay and live
 * neither repeats nor loses an event.
 */
export class EventTail {
  readonly #log: Log;
  readonly #clients: ReadonlySet<LiveClient>;
  readonly #ring: FrameRing;
  readonly #reads: SharedReads;
  readonly #watch: { close(): void };
  readonly #retry: TimeSourceTimer;
  readonly #replaying = new WeakSet<LiveClient>();
  #seq: number;
  #isReading = false;
  #isClosed = false;

  constructor(
    log: Log,
    options: { time: TimeSource; clients: ReadonlySet<LiveClient> },
  ) {
    this.#log = log;
    this.#clients = options.clients;
    this.#seq = log.headSeq();
    this.#ring = new FrameRing(this.#seq);
    this.#reads = new SharedReads(log);
    this.#watch = log.watch(() => void this.#read());
    // A read that failed is repeated even if nothing new is appended.
    this.#retry = options.time.every(WATCHDOG_MS, () => void this.#read());
  }

  /** Sequence of the newest committed event, which live clients may not have been served yet. */
  get headSeq(): number {
    return Math.max(this.#seq, this.#log.headSeq());
  }

  /** Brings a client up to date and keeps it so. */
  serve(client: LiveClient): void {
    if (client.cursor > this.headSeq) {
      this.#resync(
        client,
        `The store has no event ${client.cursor}: it was replaced`,
      );
    }
    client.mode = "replaying";
    this.#replay(client).catch(() => {
      // The store did not answer. The client asks again, from its own place.
      client.close("The store does not answer; connect again", 1013);
    });
  }

  /** Stops reading. */
  close(): void {
    this.#isClosed = true;
    this.#watch.close();
    this.#retry.cancel();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isClosed && this.#log.headSeq() > this.#seq) {
        const head = this.#log.headSeq();
        // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
        const { events, gap } = await this.#log.after(this.#seq, READ_BATCH);
        if (gap) this.#restart(head);
        else this.#fanOut(events.map((event) => toFrame(event)), head);
      }
    } catch {
      // The store's health tells of it; the timer reads again.
    } finally {
      this.#isReading = false;
    }
  }

  #fanOut(frames: readonly Frame[], head: number): void {
    for (const frame of frames) this.#ring.push(frame);
    this.#seq = frames.at(-1)?.seq ?? head;
    const batch = new FrameBatch(frames);
    for (const client of this.#clients) {
      if (client.mode !== "live" || client.tryPass(batch)) continue;
      this.#offerSome(client, frames);
      // What it had no room for it gets from the log, at its own pace.
      if (client.cursor < this.#seq) this.serve(client);
    }
  }

  /** Events were pruned before they were read: everybody finds the gap on its own. */
  #restart(head: number): void {
    this.#seq = head;
    this.#ring.reset(head);
    for (const client of this.#clients) {
      if (client.mode === "live") this.serve(client);
    }
  }

  async #replay(client: LiveClient): Promise<void> {
    if (this.#replaying.has(client)) return;
    this.#replaying.add(client);
    try {
      while (client.mode === "replaying") {
        if (client.cursor >= this.#seq) {
          client.mode = "live";
          client.flush();
          return;
        }
        // deno-lint-ignore no-await-in-loop -- at the pace of the client
        await this.#replayBatch(client);
      }
    } finally {
      this.#replaying.delete(client);
    }
  }

  async #replayBatch(client: LiveClient): Promise<void> {
    await client.drained();
    if (client.mode !== "replaying") return;
    const { placement } = client;
    if (this.#log.headSeq() - client.cursor > MAX_REPLAY_EVENTS) {
      return this.#resync(
        client,
        `More than ${MAX_REPLAY_EVENTS} events were missed`,
      );
    }
    if (this.#ring.covers(client.cursor)) {
      const frames = this.#ring.after(client.cursor).slice(0, READ_BATCH);
      this.#offerSome(client, frames);
    } else {
      const { frames, gap, head } = await this.#reads.after(client.cursor);
      // The client may have asked for another place meanwhile.
      if (client.placement !== placement) return;
      if (gap) return this.#resync(client, "Older events are no longer kept");
      this.#offerSome(client, frames);
      const last = frames.at(-1)?.seq ?? 0;
      // A page that is not full holds all there was: nothing more is to come up to its head.
      if (frames.length < READ_BATCH && client.cursor >= last) {
        client.cursor = Math.max(client.cursor, head);
      }
    }
  }

  /** Offers as much as the client has room for; its cursor says how far that was. */
  #offerSome(client: LiveClient, frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (client.isBehind) client.flush();
      if (client.isBehind) break;
      client.offer(frame);
    }
    client.flush();
  }

  #resync(client: LiveClient, reason: string): void {
    // Our own reading may lag behind; the client reads the state as it is now.
    client.cursor = this.headSeq;
    const { cursor: seq } = client;
    client.control(toControlFrame({ v: 1, type: "resync", seq, reason }));
  }
}
