import { AppError } from "../../core/errors.ts";
import type { PreparedEvent } from "../kv/codec.ts";
import {
  MAX_COMMIT_BYTES,
  MAX_COMMIT_MUTATIONS,
  MAX_QUEUED_LOGS,
  MAX_QUEUED_LOGS_HARD,
  MAX_QUEUED_STATE,
  MAX_QUEUED_STATE_BYTES,
} from "../limits.ts";
import type { Put } from "./projections.ts";

/** Settles one append when its last item is stored. */
export interface Ticket {
  waitingFor: number;
  /** Size of the append's order state, which is kept in one commit where it fits. */
  stateItems: number;
  stateBytes: number;
  /** Called once for each item that is stored (or, for a log line, dropped). */
  settle: () => void;
  /** Called when the store closes before an item could be stored. */
  fail: (error: unknown) => void;
}

/** One queued event or entry. `arrival` is its place among everything queued. */
export interface Item {
  arrival: number;
  ticket: Ticket;
  work: { event: PreparedEvent } | { put: Put };
}

// Heads, op ids and the deletion of the last op id come on top of the items.
const COMMIT_EXTRA_MUTATIONS = 8;
const COMMIT_EXTRA_BYTES = 4_000;

/** A first-in first-out list whose removal at the front costs no copying. */
class Fifo<T> {
  #items: T[] = [];
  #start = 0;

  get size(): number {
    return this.#items.length - this.#start;
  }

  get first(): T | undefined {
    return this.#items[this.#start];
  }

  get last(): T | undefined {
    return this.size === 0 ? undefined : this.#items[this.#items.length - 1];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T {
    const item = this.#items[this.#start]!;
    this.#start++;
    if (this.#start >= 1_024 && this.#start * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return item;
  }
}

/** Order state that waits to be committed. It is refused when it is full, and never dropped. */
export class StateQueue {
  readonly #items = new Fifo<Item>();
  #bytes = 0;

  get size(): number {
    return this.#items.size;
  }

  /** Arrival number of the oldest item, or Infinity. */
  get oldest(): number {
    return this.#items.first?.arrival ?? Infinity;
  }

  /**
   * Adds the items of one append.
   *
   * @throws {AppError} STORE_UNAVAILABLE if the queue is full; nothing was added.
   */
  push(items: readonly Item[]): void {
    const bytes = items[0]?.ticket.stateBytes ?? 0;
    if (
      this.#items.size + items.length > MAX_QUEUED_STATE ||
      this.#bytes + bytes > MAX_QUEUED_STATE_BYTES
    ) {
      throw new AppError(
        "STORE_UNAVAILABLE",
        `The store is behind by ${this.#items.size} changes and takes no more; nothing of this change was stored, send it again later`,
        { status: 503 },
      );
    }
    for (const item of items) this.#items.push(item);
    this.#bytes += bytes;
  }

  /**
   * Takes what fits into one commit. One append is kept together where it
   * fits, so that state and the events that tell of it are one commit.
   */
  take(): Item[] {
    const taken: Item[] = [];
    const room = createRoom();
    while (this.#items.size > 0) {
      const ticket = this.#items.first!.ticket;
      const { stateItems, stateBytes } = ticket;
      if (taken.length > 0 && !room.fitsAll(stateItems, stateBytes)) break;
      while (this.#items.first?.ticket === ticket) {
        if (!room.fits(this.#items.first)) return taken;
        const item = this.#items.shift();
        room.add(item);
        this.#bytes -= itemBytes(item);
        taken.push(item);
      }
    }
    return taken;
  }
}

/** Log lines that wait. When they overflow, the oldest of the least important ones go. */
export class LogQueue {
  readonly #droppable = new Fifo<Item>();
  readonly #kept = new Fifo<Item>();
  #dropped = 0;

  get size(): number {
    return this.#droppable.size + this.#kept.size;
  }

  /** Arrival number of the oldest line, or Infinity. */
  get oldest(): number {
    return Math.min(
      this.#droppable.first?.arrival ?? Infinity,
      this.#kept.first?.arrival ?? Infinity,
    );
  }

  /** Adds a line; drops an old one where there is no room. */
  push(item: Item): void {
    (isDroppable(item) ? this.#droppable : this.#kept).push(item);
    if (this.size > MAX_QUEUED_LOGS && this.#droppable.size > 0) {
      this.#drop(this.#droppable);
    } else if (this.size > MAX_QUEUED_LOGS_HARD) {
      this.#drop(this.#kept);
    }
  }

  /** Lines dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Takes what fits into one commit, in the order of arrival. */
  take(): Item[] {
    const taken: Item[] = [];
    const room = createRoom();
    while (this.size > 0) {
      const fifo =
        (this.#droppable.first?.arrival ?? Infinity) < (this.#kept.first
            ?.arrival ?? Infinity)
          ? this.#droppable
          : this.#kept;
      if (!room.fits(fifo.first!)) break;
      const item = fifo.shift();
      room.add(item);
      taken.push(item);
    }
    return taken;
  }

  #drop(fifo: Fifo<Item>): void {
    fifo.shift().ticket.settle();
    this.#dropped++;
  }
}

function isDroppable(item: Item): boolean {
  if (!("event" in item.work)) return false;
  const { draft } = item.work.event;
  return draft.type === "log.added" &&
    (draft.data.level === "debug" || draft.data.level === "info");
}

interface Room {
  fits(item: Item): boolean;
  fitsAll(count: number, bytes: number): boolean;
  add(item: Item): void;
}

function createRoom(): Room {
  let mutations = COMMIT_EXTRA_MUTATIONS;
  let bytes = COMMIT_EXTRA_BYTES;
  return {
    fits: (item) =>
      mutations + itemMutations(item) <= MAX_COMMIT_MUTATIONS &&
      bytes + itemBytes(item) <= MAX_COMMIT_BYTES,
    fitsAll: (count, size) =>
      mutations + count <= MAX_COMMIT_MUTATIONS &&
      bytes + size <= MAX_COMMIT_BYTES,
    add: (item) => {
      mutations += itemMutations(item);
      bytes += itemBytes(item);
    },
  };
}

/** Bytes that an item takes in a commit. */
export function itemBytes(item: Item): number {
  return "event" in item.work ? item.work.event.bytes : item.work.put.bytes;
}

function itemMutations(item: Item): number {
  if ("put" in item.work) return 1;
  const { draft, group } = item.work.event;
  return group === "logs" && draft.agentId !== null ? 2 : 1;
}
