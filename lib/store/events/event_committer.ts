import { AppError } from "../../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import { buildCommit, type Heads, loadHeads } from "./event_commit.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { WRITER_RETRY_MAX_MS, WRITER_RETRY_MS } from "../limits.ts";
import { HeadTurn } from "./head_turn.ts";
import type { Item } from "./write_queue.ts";

/** What the committer needs, and whom it tells. */
export interface CommitterOptions {
  kv: GuardedKv;
  time: TimeSource;
  heads: Heads;
  /** Called with the sequence of the last event after each commit. */
  onCommitted: (seq: number) => void;
}

/**
 * Commits items of the queue and settles their appends. It knows the head of
 * the event log and is called for one batch at a time.
 */
export class EventCommitter {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #onCommitted: (seq: number) => void;
  readonly #turn: HeadTurn;
  #heads: Heads;
  readonly #removedAgents = new Set<string>();
  #previousOpId: string | null = null;
  #pending: { timer: TimeSourceTimer; wake: () => void } | null = null;
  #isLastTry = false;

  constructor(options: CommitterOptions) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#heads = options.heads;
    this.#onCommitted = options.onCommitted;
    this.#turn = new HeadTurn({
      kv: options.kv,
      time: options.time,
      pause: (ms) => this.#pause(ms),
    });
  }

  /** Keeps late state of a removed agent from coming back. Ids are never used again. */
  forgetAgent(id: string): void {
    this.#removedAgents.add(id);
  }

  /** Tells whether an agent was removed by this process. */
  isForgotten(id: string): boolean {
    return this.#removedAgents.has(id);
  }

  /** From now on a failed commit is not tried again: the store is being closed. */
  stopRetrying(): void {
    this.#isLastTry = true;
    this.#pending?.wake();
  }

  /**
   * Tries until the items are stored. An attempt in doubt is repeated as it
   * was, with the same op id: it gets a new place in the order only after a
   * check has refused it, which is the proof that it did not happen and, as
   * the head has moved, never will.
   *
   * @returns false if it gave up because the store is being closed.
   */
  async commit(items: readonly Item[]): Promise<boolean> {
    let pauseMs = WRITER_RETRY_MS;
    let losses = 0;
    let plan = this.#plan(items);
    for (;;) {
      try {
        // deno-lint-ignore no-await-in-loop -- attempts follow each other
        const outcome = await this.#kv.commit(plan.commit, plan.opId);
        if (outcome.ok) {
          this.#heads = { ...plan.heads, versionstamp: outcome.versionstamp };
          this.#previousOpId = plan.opId;
          this.#turn.end();
          this.#onCommitted(plan.heads.seq);
          for (const item of items) item.ticket.settle();
          return true;
        }
        // deno-lint-ignore no-await-in-loop -- attempts follow each other
        await this.#catchUp(++losses);
        plan = this.#plan(items);
      } catch (error) {
        if (error instanceof AppError && error.code !== "STORE_UNAVAILABLE") {
          return this.#commitOneByOne(items, error);
        }
        if (this.#isLastTry) {
          for (const item of items) item.ticket.fail(error);
          return false;
        }
        // deno-lint-ignore no-await-in-loop -- a pause between attempts
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, WRITER_RETRY_MAX_MS);
      }
    }
  }

  /** Another process was faster: reads where the order stands now, when it is this one's turn. */
  async #catchUp(losses: number): Promise<void> {
    await this.#turn.lost(losses);
    do {
      // deno-lint-ignore no-await-in-loop -- a look after each pause
      const { heads, turnStamp } = await loadHeads(this.#kv);
      this.#heads = heads;
      this.#turn.see(turnStamp);
      // deno-lint-ignore no-await-in-loop -- as above
    } while (await this.#turn.wait());
  }

  /** One item that KV will never take must not hold up all others. */
  async #commitOneByOne(
    items: readonly Item[],
    error: AppError,
  ): Promise<boolean> {
    if (items.length === 1) {
      items[0]!.ticket.fail(error);
      return true;
    }
    for (const item of items) {
      // deno-lint-ignore no-await-in-loop -- commits follow each other in order
      if (await this.commit([item])) continue;
      for (const lost of items) lost.ticket.fail(error);
      return false;
    }
    return true;
  }

  #plan(items: readonly Item[]) {
    const opId = this.#kv.createOpId();
    return {
      opId,
      ...buildCommit({
        items,
        heads: this.#heads,
        turn: this.#turn,
        previousOpId: this.#previousOpId,
        removedAgents: this.#removedAgents,
      }),
    };
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#pending?.timer.cancel();
        this.#pending = null;
        resolve();
      };
      this.#pending = { timer: this.#time.after(pauseMs, wake), wake };
    });
  }
}
