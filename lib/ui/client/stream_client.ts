/**
 * The one live connection of a page. Server-sent events from a cursor, so that
 * a reconnect loses nothing; each stored event is handed on exactly once. When
 * the stream does not come back, consumers are told to poll while the client
 * keeps trying. It knows no browser object: source, clock and randomness come
 * from outside.
 *
 * @module
 */
import type { ControlFrame, StreamEnvelope } from "../../contracts/stream.ts";
import { backoffMs } from "./backoff.ts";
import type { EventSourceLike, StreamClock } from "./stream_parts.ts";

/** What the connection chip shows. */
export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "live"; since: number }
  | { kind: "reconnecting"; attempt: number; retryAt: number }
  | { kind: "polling"; attempt: number; since: number }
  | { kind: "offline"; attempt: number; since: number }
  | { kind: "signedOut" };

/** Why consumers should fetch their state again. */
export type RefreshReason = "poll" | "resync" | "manual";

/** Parts and settings of a {@link StreamClient}. */
export interface StreamClientOptions {
  /** The page was rendered with everything up to this event. */
  headSeq: number;
  /** Empty = everything but market data. */
  topics: readonly string[];
  /** Opens a connection to the stream with this query. */
  open: (query: string) => EventSourceLike;
  /** Failed attempts in a row after which the page polls; 5 where it is left out. */
  reconnectAttempts?: number;
  /** Wait before the first attempt; a second where it is left out. */
  reconnectDelayMs?: number;
  clock: StreamClock;
  random: () => number;
  /** Fetches the state anew; rejects when the server does not answer. `signedOut` ends the client. */
  refresh: (reason: RefreshReason) => Promise<"ok" | "signedOut">;
  onEvent: (event: StreamEnvelope) => void;
  onState: (state: ConnectionState) => void;
  debug?: (...details: unknown[]) => void;
}

/** Failed attempts in a row after which the page polls. */
export const ATTEMPTS_BEFORE_POLLING = 5;
export const POLL_EVERY_MS = 5_000;
/** Silence after which a connection counts as dead; the server sends a heartbeat every 15 s. */
export const WATCHDOG_MS = 35_000;

/** A live connection with resume, watchdog and polling. */
export class StreamClient {
  readonly #options: StreamClientOptions;
  #source: EventSourceLike | null = null;
  #cursor: number;
  /** Handed on already though the cursor went back: what came after a resync that failed. */
  #known = { after: 0, upTo: 0 };
  /** How many resyncs there were, and the last one that was read. */
  #resyncs = 0;
  #lastRead = 0;
  #attempt = 0;
  #downSince: number | null = null;
  #isPolling = false;
  #isRunning = false;
  #isLive = false;
  #isWatching = false;
  #heardAt = 0;
  #cancelRetry: () => void = () => {};
  #cancelWatchdog: () => void = () => {};
  #cancelPoll: () => void = () => {};

  constructor(options: StreamClientOptions) {
    this.#options = options;
    this.#cursor = options.headSeq;
  }

  /** Last event that was handed on. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Connects and stays connected until {@link stop}. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#isLive = false;
    this.#isPolling = false;
    this.#attempt = 0;
    this.#options.onState({ kind: "connecting" });
    this.#connect();
  }

  /** Ends the connection and every timer. */
  stop(): void {
    this.#isRunning = false;
    this.#closeSource();
    this.#cancelRetry();
    this.#cancelPoll();
  }

  /** The login has ended: nothing can be read until there is another, and {@link start}. */
  signOut(): void {
    if (!this.#isRunning) return;
    this.stop();
    this.#options.onState({ kind: "signedOut" });
  }

  /** Tries at once, for a button and for the browser's `online` event. */
  retryNow(): void {
    if (!this.#isRunning || this.#source !== null) return;
    this.#cancelRetry();
    this.#connect();
  }

  #connect(): void {
    const query = new URLSearchParams({ after: String(this.#cursor) });
    if (this.#options.topics.length > 0) {
      query.set("topics", this.#options.topics.join(","));
    }
    const attempt = this.#attempt;
    this.#options.debug?.("connect", { after: this.#cursor, attempt });
    const source = this.#options.open(query.toString());
    this.#source = source;
    // A late event of a closed source must not count as one of the current one.
    source.onmessage = ({ data }) => {
      if (this.#source === source) this.#receive(data);
    };
    source.onerror = () => {
      if (this.#source === source) this.#lose("the connection failed");
    };
    this.#watch();
  }

  #receive(text: string): void {
    let frame: StreamEnvelope | ControlFrame;
    try {
      frame = JSON.parse(text) as StreamEnvelope | ControlFrame;
    } catch {
      this.#lose("a frame could not be read");
      return;
    }
    this.#watch();
    switch (frame.type) {
      case "closing":
        this.#lose(frame.reason);
        return;
      case "hello":
        this.#setLive();
        return;
      case "heartbeat":
        // Everything up to here was sent, as far as this page wants it.
        this.#cursor = Math.max(this.#cursor, frame.seq);
        this.#setLive();
        return;
      case "resync":
        this.#setLive();
        this.#options.debug?.("resync", frame);
        void this.#resync(frame.seq);
        return;
      default:
        this.#setLive();
        this.#apply(frame);
    }
  }

  #apply(event: StreamEnvelope): void {
    if (event.seq !== null) {
      if (event.seq <= this.#cursor) return;
      this.#cursor = event.seq;
      const { after, upTo } = this.#known;
      if (event.seq > after && event.seq <= upTo) return;
    }
    this.#options.onEvent(event);
  }

  #setLive(): void {
    if (this.#isLive) return;
    this.#isLive = true;
    this.#attempt = 0;
    this.#downSince = null;
    this.#isPolling = false;
    this.#cancelPoll();
    this.#options.onState({ kind: "live", since: this.#options.clock.now() });
  }

  #lose(reason: string): void {
    const { clock, random, onState, debug } = this.#options;
    this.#closeSource();
    if (!this.#isRunning) return;
    this.#isLive = false;
    this.#attempt += 1;
    this.#downSince ??= clock.now();
    const waitMs = backoffMs(
      this.#attempt,
      random,
      this.#options.reconnectDelayMs,
    );
    debug?.("lost", { reason, attempt: this.#attempt, waitMs });
    this.#cancelRetry = clock.schedule(waitMs, () => this.#connect());
    if (this.#isPolling) return;
    const attempts = this.#options.reconnectAttempts ?? ATTEMPTS_BEFORE_POLLING;
    if (this.#attempt < attempts) {
      onState({
        kind: "reconnecting",
        attempt: this.#attempt,
        retryAt: clock.now() + waitMs,
      });
      return;
    }
    this.#isPolling = true;
    onState({
      kind: "polling",
      attempt: this.#attempt,
      since: this.#downSince,
    });
    void this.#poll();
  }

  async #poll(): Promise<void> {
    await this.#refresh("poll");
    if (!this.#isPolling || !this.#isRunning) return;
    const { clock } = this.#options;
    this.#cancelPoll = clock.schedule(POLL_EVERY_MS, () => void this.#poll());
  }

  /** What was missed is read again; until that is done the gap counts as open, also where the connection is lost meanwhile. */
  async #resync(seq: number): Promise<void> {
    const turn = ++this.#resyncs;
    const before = this.#cursor;
    const after = Math.max(before, seq);
    this.#cursor = after;
    if (await this.#refresh("resync") === "ok") {
      this.#lastRead = Math.max(this.#lastRead, turn);
      return;
    }
    // A later one has read all of it.
    if (this.#lastRead > turn) return;
    this.#known = { after, upTo: this.#cursor };
    this.#cursor = Math.min(before, this.#cursor);
    // What is open was asked for from behind the gap.
    if (this.#source !== null) this.#lose("the state could not be read again");
  }

  async #refresh(
    reason: RefreshReason,
  ): Promise<"ok" | "signedOut" | "failed"> {
    const { refresh, onState, debug } = this.#options;
    let outcome: "ok" | "signedOut" | "failed";
    try {
      outcome = await refresh(reason);
    } catch (error) {
      debug?.("refresh failed", error);
      outcome = "failed";
    }
    if (!this.#isRunning) return outcome;
    if (outcome === "signedOut") {
      this.signOut();
      return outcome;
    }
    if (!this.#isPolling) return outcome;
    onState({
      kind: outcome === "ok" ? "polling" : "offline",
      attempt: this.#attempt,
      since: this.#downSince ?? this.#options.clock.now(),
    });
    return outcome;
  }

  /** Something came. One timer looks after that: thousands of frames a second must not set one each. */
  #watch(): void {
    this.#heardAt = this.#options.clock.now();
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#watchFor(WATCHDOG_MS);
  }

  #watchFor(ms: number): void {
    const { clock } = this.#options;
    this.#cancelWatchdog = clock.schedule(ms, () => {
      const leftMs = this.#heardAt + WATCHDOG_MS - clock.now();
      if (leftMs > 0) this.#watchFor(leftMs);
      else this.#lose("nothing came for 35 s");
    });
  }

  #closeSource(): void {
    this.#cancelWatchdog();
    this.#isWatching = false;
    if (this.#source === null) return;
    this.#source.onmessage = null;
    this.#source.onerror = null;
    this.#source.close();
    this.#source = null;
  }
}
