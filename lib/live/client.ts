import type { TimeSource } from "../core/time.ts";
import { FrameQueue } from "./frames/frame_queue.ts";
import type { FrameBatch } from "./frames/frame_batch.ts";
import { type Frame, toControlFrame } from "./frames/frames.ts";
import {
  CLOSE_GRACE_MS,
  COALESCE_BYTES,
  REPLAY_LOW_BYTES,
  WRITE_BYTES,
} from "./limits.ts";
import { TopicFilter } from "./frames/topic_filter.ts";

/** The wire of one client. It calls `client.flush()` when it can take more. */
export interface Transport {
  /** True while frames can be written. */
  isReady(): boolean;
  write(frames: readonly Frame[]): void;
  /** Bytes written that have not left this process. */
  bufferedBytes(): number;
  /** Ends the stream after the frames that were written, and then calls `client.leave()`. */
  finish(reason: string, code: CloseCode): void;
  /** Ends the stream without waiting for what waits. */
  kill(reason: string, code: CloseCode): void;
}

/** WebSocket close codes; SSE has only the reason. */
export type CloseCode = 1001 | 1008 | 1009 | 1013 | 4401;

/**
 * - `waiting`: a socket that has not said yet what it wants
 * - `replaying`: it is served from the log until it has caught up
 * - `live`: it gets every event as it comes
 * - `closed`
 */
export type ClientMode = "waiting" | "replaying" | "live" | "closed";

/** Data of a client that does not change. */
export interface ClientOptions {
  kind: "sse" | "socket";
  number: number;
  userId: string;
  time: TimeSource;
  isStillAllowed: () => Promise<boolean>;
  onClosed: (client: LiveClient) => void;
}

/** One listener: what it wants, how far it is, and what waits for it. */
export class LiveClient {
  readonly kind: "sse" | "socket";
  /** Counts up from client to client. */
  readonly number: number;
  readonly userId: string;
  readonly isStillAllowed: () => Promise<boolean>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  /** Every event up to here was sent or queued, as far as it was wanted. */
  cursor = 0;
  mode: ClientMode = "waiting";
  /** Changes when the client is put elsewhere, so that a replay that runs sees it. */
  placement = 0;
  /** Failed checks of `isStillAllowed` in a row. */
  failedChecks = 0;
  readonly #time: TimeSource;
  readonly #queue = new FrameQueue();
  readonly #onClosed: (client: LiveClient) => void;
  readonly #end: () => void;
  #filter = new TopicFilter();
  #transport: Transport | null = null;
  #progressAt: number;
  #onDrained: (() => void) | null = null;
  #closing: { reason: string; code: CloseCode } | null = null;

  constructor(options: ClientOptions) {
    this.kind = options.kind;
    this.number = options.number;
    this.userId = options.userId;
    this.isStillAllowed = options.isStillAllowed;
    this.#time = options.time;
    this.#onClosed = options.onClosed;
    this.#progressAt = options.time.nowMs();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  /** Bytes that wait here and in the transport. */
  get queuedBytes(): number {
    return this.#queue.bytes + (this.#transport?.bufferedBytes() ?? 0);
  }

  /** True when so much waits that the live path would only make it worse. */
  get isBehind(): boolean {
    return this.#queue.bytes > COALESCE_BYTES;
  }

  /** Since when nothing was taken although something waits, or null. */
  get stuckSince(): number | null {
    return this.#queue.size === 0 ? null : this.#progressAt;
  }

  attach(transport: Transport): void {
    this.#transport = transport;
  }

  /** Empty = everything but market updates. */
  setTopics(topics: readonly string[]): void {
    this.#filter = new TopicFilter(topics);
  }

  /** Puts the client at a place in the order; what waits of another place is forgotten. */
  place(cursor: number): void {
    this.#queue.clear();
    this.cursor = cursor;
    this.placement++;
  }

  /**
   * Hands on what is wanted of the next events without queueing it: the way
   * nearly every event takes, and the one whose cost counts a thousand times.
   *
   * @returns false if something waits already or the events are not the next;
   * then nothing was done.
   */
  tryPass(batch: FrameBatch): boolean {
    const { firstSeq, lastSeq } = batch;
    if (this.#queue.size > 0 || batch.bytes > WRITE_BYTES) return false;
    if (firstSeq !== null && firstSeq <= this.cursor) return false;
    const wanted = batch.wantedBy(this.#filter);
    if (wanted.length > 0) {
      if (this.#transport === null || !this.#transport.isReady()) return false;
      this.#transport.write(wanted);
    }
    if (lastSeq !== null) this.cursor = lastSeq;
    return true;
  }

  /** Queues a stored event, unless the client has had it; `flush` sends it. */
  offer(frame: Frame): void {
    if (frame.seq! <= this.cursor) return;
    this.cursor = frame.seq!;
    if (this.#filter.accepts(frame)) this.#push(frame);
  }

  /** Queues an event that is not stored; it is dropped where the client is behind. */
  offerVolatile(batch: FrameBatch): void {
    if (this.mode === "waiting" || this.isBehind || this.tryPass(batch)) return;
    for (const frame of batch.wantedBy(this.#filter)) this.#push(frame);
    this.flush();
  }

  /** Queues a frame about the stream itself and sends what can be sent. */
  control(frame: Frame): void {
    this.#push(frame);
    this.flush();
  }

  /** Hands waiting frames to the transport, as far as it takes them. */
  flush(): void {
    const transport = this.#transport;
    if (transport === null) return;
    while (this.#queue.size > 0 && transport.isReady()) {
      transport.write(this.#queue.take(WRITE_BYTES));
      this.#progressAt = this.#time.nowMs();
    }
    if (this.#queue.bytes <= REPLAY_LOW_BYTES) this.#wakeReplay();
    if (this.#queue.size === 0 && this.#closing !== null) {
      const { reason, code } = this.#closing;
      this.#closing = null;
      transport.finish(reason, code);
    }
  }

  /** Resolves when little waits, or when the client has left. */
  drained(): Promise<void> {
    if (this.mode === "closed" || this.#queue.bytes <= REPLAY_LOW_BYTES) {
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#onDrained = resolve);
  }

  /** Says why and ends the stream; what else waits is forgotten. */
  close(reason: string, code: CloseCode): void {
    if (this.mode === "closed") return;
    this.#retire();
    this.#queue.clear();
    this.#closing = { reason, code };
    const timer = this.#time.after(CLOSE_GRACE_MS, () => {
      this.#transport?.kill(reason, code);
      this.leave();
    });
    void this.ended.then(() => timer.cancel());
    this.control(toControlFrame({ v: 1, type: "closing", reason }));
  }

  /** The other side is gone, or everything is said. */
  leave(): void {
    this.#retire();
    this.#closing = null;
    this.#queue.clear();
    this.#end();
  }

  #retire(): void {
    if (this.mode === "closed") return;
    this.mode = "closed";
    this.#wakeReplay();
    this.#onClosed(this);
  }

  #push(frame: Frame): void {
    if (this.#queue.size === 0) this.#progressAt = this.#time.nowMs();
    this.#queue.push(frame);
  }

  #wakeReplay(): void {
    this.#onDrained?.();
    this.#onDrained = null;
  }
}
