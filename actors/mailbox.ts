/**
 * The sender's side of a channel: what may not be sent yet waits here, in four
 * lanes, until the receiver gives credit. Pure: no timers, no I/O.
 *
 * @module
 */
import { assert } from "../lib/core/assert.ts";
import { Fifo } from "./fifo.ts";
import {
  CONTROL_LANE_MAX,
  EVENTS_LANE_MAX,
  IN_FLIGHT_MAX,
  LOGS_LANE_MAX,
  MARKET_LANE_MAX,
} from "./limits.ts";

/** The lanes, most urgent first. */
export const LANES = ["control", "events", "market", "logs"] as const;
export type Lane = (typeof LANES)[number];

/**
 * What became of an offered item: `queued`; `conflated` (took the place of an
 * older one with the same key); `displaced` (queued, and the oldest log was
 * dropped); `refused` (control lane full, nothing was taken); `overflowed`
 * (events or market lane full: the owner must fail, never go on without it).
 */
export type OfferOutcome =
  | "queued"
  | "conflated"
  | "displaced"
  | "refused"
  | "overflowed";

/** Settings of a mailbox. */
export interface MailboxOptions {
  /** Messages that may be under way; default `IN_FLIGHT_MAX`. */
  window?: number;
  /** Part of the window that only the control lane may use; default 0. */
  controlReserve?: number;
  /** How many items may wait in a lane; the defaults are in limits.ts. */
  limits?: Partial<Record<Lane, number>>;
}

/** Where an item is to wait. `key` is needed on the market lane: the latest item of each key is kept. */
export interface OfferOptions {
  lane: Lane;
  key?: string;
}

/**
 * Four-lane mailbox with credits. Within a lane the order is first in, first
 * out; between lanes it is that of {@link LANES}. A conflated item keeps the
 * place of the one it replaces, so a busy key cannot starve a quiet one.
 */
export class Mailbox<T> {
  readonly window: number;
  readonly #reserve: number;
  readonly #limits: Record<Lane, number>;
  readonly #control = new Fifo<T>();
  readonly #events = new Fifo<T>();
  readonly #market = new Map<string, T>();
  readonly #logs = new Fifo<T>();
  #inFlight = 0;
  #waiting = 0;
  #conflated = 0;
  #dropped = 0;

  constructor(options: MailboxOptions = {}) {
    this.window = options.window ?? IN_FLIGHT_MAX;
    this.#reserve = options.controlReserve ?? 0;
    this.#limits = {
      control: CONTROL_LANE_MAX,
      events: EVENTS_LANE_MAX,
      market: MARKET_LANE_MAX,
      logs: LOGS_LANE_MAX,
      ...options.limits,
    };
    assert(
      this.#reserve >= 0 && this.#reserve < this.window,
      `Mailbox window must exceed its reserve, was ${this.window}`,
    );
  }

  /** Items that may be taken now without regard to the reserve. */
  get credits(): number {
    return this.window - this.#inFlight;
  }

  /** Items taken and not yet credited. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Items that wait, all lanes together. */
  get depth(): number {
    return this.#waiting;
  }

  /** Market items that a newer one replaced. */
  get conflated(): number {
    return this.#conflated;
  }

  /** Logs that were pushed out. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Puts an item into a lane; see {@link OfferOutcome} for what a full lane does. */
  offer(item: T, { lane, key }: OfferOptions): OfferOutcome {
    switch (lane) {
      case "control":
        return this.#enqueue(this.#control, { item, lane }) ?? "refused";
      case "events":
        return this.#enqueue(this.#events, { item, lane }) ?? "overflowed";
      case "market":
        assert(key !== undefined, "A market message needs a key");
        return this.#conflate(key, item);
      case "logs":
        return this.#enqueue(this.#logs, { item, lane }) ??
          this.#displace(item);
    }
  }

  /**
   * Uses one credit for an item that need not wait. False when something waits
   * or no credit is left: then the item must be offered, to keep the order.
   */
  tryPass(): boolean {
    if (this.#waiting > 0 || this.credits <= this.#reserve) return false;
    this.#inFlight++;
    return true;
  }

  /** Takes the next item and uses one credit; undefined when nothing waits or no credit is left. */
  take(): T | undefined {
    if (this.#waiting === 0 || this.credits === 0) return undefined;
    let item = this.#control.shift();
    if (item === undefined && this.credits > this.#reserve) {
      item = this.#events.shift() ?? this.#takeMarket() ?? this.#logs.shift();
    }
    if (item === undefined) return undefined;
    this.#waiting--;
    this.#inFlight++;
    return item;
  }

  /** Gives credit back for `count` items that the receiver is done with. */
  credit(count: number): void {
    assert(
      Number.isInteger(count) && count > 0 && count <= this.#inFlight,
      `Credit must not exceed the ${this.#inFlight} items under way, was ${count}`,
    );
    this.#inFlight -= count;
  }

  #enqueue(
    queue: Fifo<T>,
    { item, lane }: { item: T; lane: Lane },
  ): "queued" | null {
    if (queue.size >= this.#limits[lane]) return null;
    queue.push(item);
    this.#waiting++;
    return "queued";
  }

  #conflate(key: string, item: T): OfferOutcome {
    if (this.#market.has(key)) {
      this.#market.set(key, item);
      this.#conflated++;
      return "conflated";
    }
    if (this.#market.size >= this.#limits.market) return "overflowed";
    this.#market.set(key, item);
    this.#waiting++;
    return "queued";
  }

  #displace(item: T): OfferOutcome {
    this.#logs.shift();
    this.#logs.push(item);
    this.#dropped++;
    return "displaced";
  }

  #takeMarket(): T | undefined {
    for (const [key, item] of this.#market) {
      this.#market.delete(key);
      return item;
    }
    return undefined;
  }
}
