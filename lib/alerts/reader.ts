import type { AlertClass } from "../contracts/alerts/classes.ts";
import { Batch } from "./batch.ts";
import type { AlertCursor, AlertEvent } from "../contracts/alerts/delivery.ts";
import type { AlertRule } from "../contracts/alerts/rule.ts";
import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import { afterDrop } from "./channel_health.ts";
import { READ_EVERY_MS, READ_RETRY_MS } from "./limits.ts";
import { headOf, type NewsItem, type NewsOptions, readNews } from "./news.ts";
import { channelsFor } from "./rules.ts";
import type { AlertState } from "./state.ts";

/** What a person may hear of now. */
export interface Listener {
  /** They can log in. */
  isActive: boolean;
  /** They may hear of everybody's agents. */
  mayHearAll: boolean;
}

/** What the reader works with. */
export interface ReaderOptions {
  state: AlertState;
  news: NewsOptions;
  time: TimeSource;
  newId: () => string;
  watch(onHead: () => void): { close(): void };
  listener(userId: string): Promise<Listener>;
  /** Something waits to be sent. */
  onPlaced: () => void;
  onError: (what: string, error: unknown) => void;
}

/** Turns what happens into messages that wait, in one commit with the cursor. */
export class AlertReader {
  readonly #options: ReaderOptions;
  readonly #watch: { close(): void };
  readonly #poll: TimeSourceTimer;
  #retry: TimeSourceTimer | null = null;
  #looking: Promise<void> | null = null;
  #isWanted = false;
  #isClosed = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#watch = options.watch(() => void this.lookSoon());
    this.#poll = options.time.every(READ_EVERY_MS, () => void this.lookSoon());
  }

  /** Looks now, or once more after the look that is under way. Resolves when it is done, whether it went well or not. */
  lookSoon(): Promise<void> {
    if (this.#isClosed || this.#retry !== null) return Promise.resolve();
    this.#isWanted = true;
    this.#looking ??= this.#lookWhileWanted().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.close();
    this.#poll.cancel();
    this.#retry?.cancel();
    await this.#looking;
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      try {
        // deno-lint-ignore no-await-in-loop -- one look after the other
        await this.#options.state.inTurn(() => this.#look());
      } catch (error) {
        this.#pause(error);
        return;
      }
    }
  }

  #pause(error: unknown): void {
    const { time, onError } = this.#options;
    if (this.#isClosed) return;
    onError("read events for alerts", error);
    this.#retry = time.after(READ_RETRY_MS, () => {
      this.#retry = null;
      void this.lookSoon();
    });
  }

  async #look(): Promise<void> {
    const { state, news } = this.#options;
    const rules = [...state.rules.values()];
    if (rules.length === 0) {
      if (state.cursor !== null) await state.commit({ cursor: null });
      return;
    }
    if (state.cursor === null) {
      await state.commit({ cursor: await headOf(news) });
      return;
    }
    const wanted = new Set<AlertClass>(rules.flatMap(({ classes }) => classes));
    const { items, isMore } = await readNews(news, state.cursor, wanted);
    await this.#place(items, rules);
    if (isMore) this.#isWanted = true;
  }

  async #place(
    items: readonly NewsItem[],
    rules: readonly AlertRule[],
  ): Promise<void> {
    const { state, onPlaced } = this.#options;
    let heard: readonly AlertRule[] | null = null;
    let cursor: AlertCursor = state.cursor!;
    let batch = new Batch(state);
    for (const item of items) {
      cursor = { ...cursor, ...item.cursor };
      if (item.alert === null) continue;
      // deno-lint-ignore no-await-in-loop -- once for all items
      heard ??= await this.#heardRules(rules);
      this.#placeOne(item.alert, heard, batch);
      if (!batch.isFull) continue;
      // deno-lint-ignore no-await-in-loop -- commits follow each other
      await batch.commit(cursor);
      batch = new Batch(state);
    }
    const isMoved = JSON.stringify(cursor) !== JSON.stringify(state.cursor);
    if (isMoved || batch.count > 0) await batch.commit(cursor);
    if (heard !== null) onPlaced();
  }

  #placeOne(
    alert: AlertEvent,
    rules: readonly AlertRule[],
    batch: Batch,
  ): void {
    const { state, time, newId } = this.#options;
    const at = time.nowMs();
    for (const [channelId, quietUntil] of channelsFor(alert, rules, at)) {
      const channel = state.channels.get(channelId);
      if (channel === undefined) continue;
      batch.touch(channelId);
      const placed = state.outbox.place(alert, {
        channelId,
        ownerId: channel.view.ownerId,
        at,
        quietUntil,
        newId,
      });
      batch.save(placed.saved);
      for (const { id } of placed.removed) batch.remove(id);
      if (placed.dropped === 0) continue;
      state.counts.dropped += placed.dropped;
      const alerts = placed.dropped;
      state.setHealth(afterDrop(state.health(channelId), { alerts, at }));
      batch.healthChanged(channelId);
    }
  }

  /** Rules of people who may still hear what they asked for. */
  async #heardRules(
    rules: readonly AlertRule[],
  ): Promise<readonly AlertRule[]> {
    const owners = [...new Set(rules.map(({ ownerId }) => ownerId))];
    const listeners = new Map(
      await Promise.all(
        owners.map(async (id) =>
          [id, await this.#options.listener(id)] as const
        ),
      ),
    );
    return rules.flatMap((rule): AlertRule[] => {
      const listener = listeners.get(rule.ownerId)!;
      if (!listener.isActive) return [];
      return rule.scope === "all" && !listener.mayHearAll
        ? [{ ...rule, scope: "own" }]
        : [rule];
    });
  }
}
