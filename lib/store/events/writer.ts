import { AppError } from "../../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import { prepareEvent } from "../kv/codec.ts";
import type { EventCommitter } from "./event_committer.ts";
import { COALESCE_MS } from "../limits.ts";
import type { EventDraft, Projection } from "../port.ts";
import { toPuts } from "./projections.ts";
import {
  type Item,
  itemBytes,
  LogQueue,
  StateQueue,
  type Ticket,
} from "./write_queue.ts";

const URGENT_EVENTS: ReadonlySet<string> = new Set([
  "system.event",
  "trade.closed",
  "agent.removed",
]);

/**
 * The one writer of events and projections. It collects for a moment, then
 * commits: order state first, logs after, never both in one commit, and one
 * commit at a time, so that sequence numbers are stored in ascending order and
 * a reader that has seen `n` has seen everything up to `n`.
 */
export class EventWriter {
  readonly #time: TimeSource;
  readonly #committer: EventCommitter;
  readonly #state = new StateQueue();
  readonly #logs = new LogQueue();
  #arrivals = 0;
  /** Everything up to this arrival is due, whatever it is. */
  #dueUpTo = 0;
  /** Order state up to this arrival is due. */
  #urgentUpTo = 0;
  #timer: TimeSourceTimer | null = null;
  #running = false;
  #closed = false;
  #droppedLogs = 0;
  #waiters: { upTo: number; resolve: () => void }[] = [];

  constructor(options: { time: TimeSource; committer: EventCommitter }) {
    this.#time = options.time;
    this.#committer = options.committer;
  }

  /** Log lines dropped since the start. */
  get droppedLogs(): number {
    return this.#droppedLogs;
  }

  /** Queued changes and log lines. */
  get queued(): { state: number; logs: number } {
    return { state: this.#state.size, logs: this.#logs.size };
  }

  /** Queues one append; see `EventStore.append`. */
  append(
    batch: {
      events?: readonly EventDraft[];
      projections?: readonly Projection[];
    },
  ): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      try {
        this.#queue(batch, { resolve, reject });
      } catch (error) {
        reject(error);
      }
    });
  }

  /** Resolves when everything queued now is committed. */
  flush(): Promise<void> {
    const upTo = this.#arrivals;
    if (this.#doneUpTo() >= upTo && !this.#running) return Promise.resolve();
    this.#dueUpTo = Math.max(this.#dueUpTo, upTo);
    return new Promise((resolve) => {
      this.#waiters.push({ upTo, resolve });
      void this.#run();
    });
  }

  /** Commits what is queued, then takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = null;
    // A store that is down would keep a shutdown waiting for ever.
    this.#committer.stopRetrying();
    await this.flush();
  }

  #queue(
    batch: {
      events?: readonly EventDraft[];
      projections?: readonly Projection[];
    },
    settled: Settled,
  ): void {
    // Everything is checked before anything is queued: an append counts as a whole.
    const puts = (batch.projections ?? []).flatMap(toPuts);
    const events = (batch.events ?? []).map(prepareEvent);
    const ticket = createTicket(puts.length + events.length, settled);
    if (ticket.waitingFor === 0) return settled.resolve();
    const state: Item[] = [];
    const logs: Item[] = [];
    for (const put of puts) state.push(this.#item(ticket, { put }));
    for (const event of events) {
      const isLog = event.group === "logs";
      (isLog ? logs : state).push(this.#item(ticket, { event }));
    }
    ticket.stateItems = state.length;
    ticket.stateBytes = state.reduce((sum, item) => sum + itemBytes(item), 0);
    this.#state.push(state);
    for (const log of logs) this.#logs.push(log);
    this.#schedule(state);
  }

  #item(ticket: Ticket, work: Item["work"]): Item {
    return { arrival: ++this.#arrivals, ticket, work };
  }

  #schedule(state: readonly Item[]): void {
    if (state.some(isUrgent)) {
      this.#urgentUpTo = state.at(-1)!.arrival;
      void this.#run();
    }
    this.#armTimer();
  }

  #armTimer(): void {
    if (this.#closed || this.#timer !== null) return;
    this.#timer = this.#time.after(COALESCE_MS, () => {
      this.#timer = null;
      this.#dueUpTo = this.#arrivals;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    // What is appended in the same turn of the event loop shares the commit.
    await Promise.resolve();
    for (;;) {
      const items = this.#takeDue();
      if (items.length === 0) break;
      // deno-lint-ignore no-await-in-loop -- commits follow each other in order
      if (!await this.#committer.commit(items)) {
        this.#failQueued();
        break;
      }
      this.#wakeWaiters();
    }
    this.#running = false;
    this.#wakeWaiters();
    if (this.#state.size + this.#logs.size > 0) this.#armTimer();
  }

  #takeDue(): Item[] {
    const stateUpTo = Math.max(this.#dueUpTo, this.#urgentUpTo);
    if (this.#state.oldest <= stateUpTo) return this.#state.take();
    if (this.#logs.oldest > this.#dueUpTo) return [];
    const logs = this.#logs.take();
    const dropped = this.#logs.takeDropped();
    return dropped === 0 ? logs : [this.#droppedLine(dropped), ...logs];
  }

  #droppedLine(dropped: number): Item {
    this.#droppedLogs += dropped;
    const at = this.#time.nowMs();
    const event = prepareEvent({
      type: "log.added",
      agentId: null,
      at,
      data: {
        level: "warning",
        category: "system",
        agentId: null,
        agentName: null,
        message:
          `${dropped} log lines were dropped because the store could not keep up; debug and info lines go first`,
        at,
        marketAt: null,
      },
    });
    return { arrival: 0, ticket: createTicket(1, IGNORED), work: { event } };
  }

  #failQueued(): void {
    while (this.#state.size > 0) failAll(this.#state.take());
    while (this.#logs.size > 0) failAll(this.#logs.take());
  }

  #doneUpTo(): number {
    return Math.min(this.#state.oldest, this.#logs.oldest) - 1;
  }

  #wakeWaiters(): void {
    const done = this.#doneUpTo();
    const ready = this.#waiters.filter((waiter) => waiter.upTo <= done);
    if (ready.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter.upTo > done);
    for (const waiter of ready) waiter.resolve();
  }
}

function isUrgent(item: Item): boolean {
  if ("event" in item.work) {
    return URGENT_EVENTS.has(item.work.event.draft.type);
  }
  const kind = item.work.put.key[0];
  return kind === "observed" || kind === "trade";
}

interface Settled {
  resolve: () => void;
  reject: (error: unknown) => void;
}

const IGNORED: Settled = { resolve: () => {}, reject: () => {} };

function createTicket(count: number, settled: Settled): Ticket {
  const ticket: Ticket = {
    waitingFor: count,
    stateItems: 0,
    stateBytes: 0,
    settle: () => {
      ticket.waitingFor--;
      if (ticket.waitingFor === 0) settled.resolve();
    },
    fail: settled.reject,
  };
  return ticket;
}

function failAll(items: readonly Item[]): void {
  for (const item of items) item.ticket.fail(closedError());
}

function closedError(): AppError {
  return new AppError(
    "STORE_UNAVAILABLE",
    "The store is closing and takes no more changes; nothing of this change was stored",
    { status: 503 },
  );
}
