/**
 * Links: actor-to-actor channels with credits. The sender may have at most
 * `window` messages under way; the receiver gives credit back when it is done
 * with a message, in lots, riding on its own messages where it sends any.
 *
 * A link belongs to one incarnation at each end. When either end restarts, the
 * supervisor closes the link and opens another over new ports, so nothing of
 * an old incarnation can arrive on a new link.
 *
 * @module
 */
import { assert } from "../lib/core/assert.ts";
import { actorError } from "./errors.ts";
import { CREDIT_BATCH_SHARE, STAMP_EVERY } from "./limits.ts";
import { Mailbox } from "./mailbox.ts";
import type { SendOptions } from "./program.ts";

/**
 * What travels on a link. A number is credit; a tuple is a message, with
 * credit riding along, and now and then the time at which it left; null is the last frame of an actor that stops well.
 * Bare tuples, because an envelope object costs more to clone than a small
 * message itself.
 */
export type LinkFrame =
  | null
  | number
  | [message: unknown]
  | [message: unknown, credit: number]
  | [message: unknown, credit: number, sentAtMs: number];

/** One end of a two-way pipe that keeps the order: between isolates or within one. */
export interface LinkPort {
  post(frame: LinkFrame, transfer?: readonly Transferable[]): void;
  /** Starts delivery; called once. */
  listen(onFrame: (frame: unknown) => void): void;
  close(): void;
}

/** Makes a link port of a message port; a link port is returned as it is. */
export function toLinkPort(port: MessagePort | LinkPort): LinkPort {
  if (!(port instanceof MessagePort)) return port;
  return {
    post: (frame, transfer) =>
      transfer === undefined
        ? port.postMessage(frame)
        : port.postMessage(frame, transfer as Transferable[]),
    listen: (onFrame) => {
      port.onmessage = (event) => onFrame(event.data);
    },
    close: () => {
      port.onmessage = null;
      port.close();
    },
  };
}

const NO_OPTIONS: SendOptions = {};

/** What a {@link LinkEnd} tells the actor that owns it. */
export interface LinkListener {
  /** A message arrived; `release` must be called once when it is processed. */
  onMessage(end: LinkEnd, message: unknown): void;
  /** There is credit again after there was none. */
  onCredit(end: LinkEnd): void;
  /** The far end stopped well and sends nothing more. */
  onFinished(end: LinkEnd): void;
  /** A frame had no known shape and was dropped. */
  onUnknown(end: LinkEnd): void;
  /** The far end broke the rules of credit, which only a defect explains. */
  onDefect(error: unknown): void;
}

/** How one end of a link is set up. */
export interface LinkEndOptions {
  name: string;
  port: LinkPort;
  /** Messages that may be under way in either direction. */
  window: number;
  listener: LinkListener;
  /** A clock that both ends read alike, for how long messages take; nothing is measured without. */
  stampMs?: () => number;
}

interface Outgoing {
  message: unknown;
  transfer: readonly Transferable[] | undefined;
}

/** One actor's end of a link: the mailbox in front of the port, and the books of credit. */
export class LinkEnd {
  readonly name: string;
  readonly #port: LinkPort;
  readonly #listener: LinkListener;
  readonly #mailbox: Mailbox<Outgoing>;
  readonly #batch: number;
  readonly #stampMs: (() => number) | null;
  /** Messages until the next one is stamped. */
  #unstamped = STAMP_EVERY;
  /** When the message in hand left the far end; null where it was not stamped. */
  sentAtMs: number | null = null;
  /** Received and not yet released. */
  #held = 0;
  /** Released and not yet credited to the far end. */
  #owed = 0;
  #closed = false;
  #finished = false;

  constructor(options: LinkEndOptions) {
    this.name = options.name;
    this.#port = options.port;
    this.#listener = options.listener;
    this.#stampMs = options.stampMs ?? null;
    this.#mailbox = new Mailbox({ window: options.window });
    this.#batch = Math.max(1, Math.floor(options.window / CREDIT_BATCH_SHARE));
  }

  /** Messages the far end is ready to take now; what waits in the mailbox comes first. */
  get credits(): number {
    return this.#closed
      ? 0
      : Math.max(0, this.#mailbox.credits - this.#mailbox.depth);
  }

  /** Messages that wait for credit. */
  get depth(): number {
    return this.#mailbox.depth;
  }

  /** Messages that a newer one replaced while they waited. */
  get conflated(): number {
    return this.#mailbox.conflated;
  }

  /** Logs pushed out while they waited. */
  get dropped(): number {
    return this.#mailbox.dropped;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The far end has sent its last frame, and it was heard. */
  get isFinished(): boolean {
    return this.#finished;
  }

  /** Starts delivery, so that the owner can prepare itself between making an end and hearing from it. */
  listen(): void {
    this.#port.listen((frame) => {
      try {
        this.#accept(frame);
      } catch (error) {
        this.#listener.onDefect(error);
      }
    });
  }

  /**
   * Sends a message, or lets it wait for credit.
   *
   * @throws {AppError} `EVENTS_OVERFLOW` or `MARKET_OVERFLOW` if too much waits already.
   */
  send(message: unknown, options: SendOptions = NO_OPTIONS): void {
    if (this.#closed) return;
    const { transfer, lane = "events", key } = options;
    if (this.#mailbox.tryPass()) {
      this.#post(message, transfer);
      return;
    }
    const outcome = this.#mailbox.offer(
      { message, transfer },
      key === undefined ? { lane } : { lane, key },
    );
    if (outcome === "overflowed") {
      throw actorError(
        lane === "market" ? "MARKET_OVERFLOW" : "EVENTS_OVERFLOW",
        `Cannot queue a message on link "${this.name}": lane "${lane}" is full`,
      );
    }
  }

  /** Says that one received message is processed, which earns the far end one credit. */
  release(): void {
    this.#held--;
    this.#owed++;
    if (this.#owed >= this.#batch) this.flush();
  }

  /** Gives all owed credit back now. Without it the far end sees up to a quarter of the window too few. */
  flush(): void {
    if (this.#owed === 0 || this.#closed) return;
    this.#port.post(this.#takeOwed());
  }

  /** Says that nothing more will be sent, so that the far end can tell whether it has heard everything. */
  finish(): void {
    if (!this.#closed) this.#port.post(null);
  }

  /** Closes this end. What still arrives or waits is dropped. */
  close(): void {
    this.#closed = true;
    this.#port.close();
  }

  #post(
    message: unknown,
    transfer: readonly Transferable[] | undefined,
  ): void {
    let frame: LinkFrame;
    if (this.#stampMs !== null && --this.#unstamped <= 0) {
      this.#unstamped = STAMP_EVERY;
      frame = [message, this.#takeOwed(), this.#stampMs()];
    } else {
      frame = this.#owed === 0 ? [message] : [message, this.#takeOwed()];
    }
    this.#port.post(frame, transfer);
  }

  #takeOwed(): number {
    const owed = this.#owed;
    this.#owed = 0;
    return owed;
  }

  #accept(frame: unknown): void {
    if (this.#closed) return;
    if (typeof frame === "number") {
      this.#credit(frame);
      return;
    }
    if (frame === null) {
      this.#finished = true;
      this.#listener.onFinished(this);
      return;
    }
    if (!Array.isArray(frame) || frame.length === 0 || frame.length > 3) {
      this.#listener.onUnknown(this);
      return;
    }
    this.#held++;
    assert(
      this.#held <= this.#mailbox.window,
      `Link "${this.name}" must keep to its window of ${this.#mailbox.window}`,
    );
    if (frame.length > 1 && frame[1] > 0) this.#credit(frame[1] as number);
    this.sentAtMs = frame.length === 3 ? frame[2] as number : null;
    this.#listener.onMessage(this, frame[0]);
  }

  #credit(count: number): void {
    const wasEmpty = this.#mailbox.credits === 0;
    this.#mailbox.credit(count);
    let next = this.#mailbox.take();
    while (next !== undefined) {
      this.#post(next.message, next.transfer);
      next = this.#mailbox.take();
    }
    if (wasEmpty && this.#mailbox.credits > 0) this.#listener.onCredit(this);
  }
}
