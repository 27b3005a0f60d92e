import type { TimeSource } from "../core/time.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import {
  MAX_PRUNED_AGENTS,
  MAX_PRUNED_OF_AGENT,
  PRUNE_BATCH,
  RETAINED_REMOVED_MS,
  RETAINED_TRADES,
} from "./limits.ts";

/** How much of each agent is kept. */
export interface AgentRetention {
  /** Closed trades of each agent. */
  trades: number;
  /** How long what a removed agent left is kept. */
  removedMs: number;
}

/** Families whose keys are `[family, agent, ...]` and which outlive the agent. */
const LEFT_BY_AGENTS = [
  "trade",
  "equity",
  "snapshot_head",
  "snapshot",
  "agent_config",
  "journal_head",
  "journal_row",
  "journal_chunk",
];

/** What a removed agent may have left, as prefixes or whole keys. */
const REMAINS: readonly ((id: string) => Deno.KvKey)[] = [
  keys.trades,
  keys.equityOf,
  keys.snapshots,
  keys.agentConfigs,
  keys.journalChunks,
];

/**
 * Prunes what belongs to agents: trades beyond those that are kept, and all
 * that a removed agent left, some time after its removal. Each run looks at a
 * bounded number of agents and goes on from there in the next.
 */
export class AgentPruner {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #retention: AgentRetention;
  /** The last agent that a walk has seen, by family. */
  readonly #cursors = new Map<string, string>();

  constructor(
    options: { kv: GuardedKv; time: TimeSource } & Partial<AgentRetention>,
  ) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#retention = {
      trades: options.trades ?? RETAINED_TRADES,
      removedMs: options.removedMs ?? RETAINED_REMOVED_MS,
    };
  }

  /** Prunes once. */
  async run(): Promise<void> {
    for (const family of LEFT_BY_AGENTS) {
      // deno-lint-ignore no-await-in-loop -- one family after another, to go easy on the disk
      await this.#walk(family, async (id) => {
        await this.#markOrphan(id);
        if (family === "trade") await this.#pruneTrades(id);
      });
    }
    await this.#walk("removed_agent", (id) => this.#purge(id));
  }

  /** Visits the agents of a family, a bounded number in each run. */
  async #walk(
    family: string,
    visit: (id: string) => Promise<void>,
  ): Promise<void> {
    let last = this.#cursors.get(family) ?? null;
    this.#cursors.delete(family);
    for (let seen = 0; seen < MAX_PRUNED_AGENTS; seen++) {
      const prefix = [family];
      // A zero character behind an id is the smallest key after all of its own.
      const selector = last === null
        ? { prefix }
        : { prefix, start: [family, `${last}\0`] };
      // deno-lint-ignore no-await-in-loop -- each step starts where the last ended
      const [found] = await this.#kv.list(selector, { limit: 1 });
      if (found === undefined) return;
      last = String(found.key[1]);
      // deno-lint-ignore no-await-in-loop -- one agent after another, to go easy on the disk
      await visit(last);
    }
    if (last !== null) this.#cursors.set(family, last);
  }

  /** What has no agent and no mark of a removal is marked now: an older build removed it, or a crash cut the removal short. */
  async #markOrphan(id: string): Promise<void> {
    const [agent, mark] = await this.#kv.getMany([
      keys.agent(id),
      keys.removedAgent(id),
    ]);
    if (agent!.versionstamp !== null || mark!.versionstamp !== null) return;
    const value = { v: 1, at: this.#time.nowMs() };
    await this.#kv.commit({
      checks: [{ key: keys.agent(id), versionstamp: null }],
      sets: [{ key: keys.removedAgent(id), value }],
    });
  }

  async #pruneTrades(id: string): Promise<void> {
    const prefix = keys.trades(id);
    const [newest] = await this.#kv.list({ prefix }, {
      limit: 1,
      reverse: true,
    });
    if (newest === undefined) return;
    const firstKept = Number(newest.key.at(-1)) + 1 - this.#retention.trades;
    if (firstKept <= 0) return;
    await this.#deleteSome({ prefix, end: keys.trade(id, firstKept) });
  }

  async #purge(id: string): Promise<void> {
    const mark = await this.#kv.get<{ at: number }>(keys.removedAgent(id));
    if (mark.value === null) return;
    const ageMs = this.#time.nowMs() - mark.value.at;
    if (ageMs < this.#retention.removedMs) return;
    for (const remains of REMAINS) {
      // deno-lint-ignore no-await-in-loop -- one family after another, to go easy on the disk
      if (!await this.#deleteSome({ prefix: remains(id) })) return;
    }
    await this.#kv.commit({
      deletes: [
        keys.snapshotHead(id),
        keys.journalHead(id),
        keys.journalRow(id),
        keys.observed(id),
        keys.view(id),
        keys.risk(id),
        keys.removedAgent(id),
      ],
    });
  }

  /** @returns whether nothing of the selector is left. */
  async #deleteSome(selector: Deno.KvListSelector): Promise<boolean> {
    for (let done = 0; done < MAX_PRUNED_OF_AGENT; done += PRUNE_BATCH) {
      // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
      const page = await this.#kv.list(selector, { limit: PRUNE_BATCH });
      if (page.length > 0) {
        // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
        await this.#kv.commit({ deletes: page.map(({ key }) => key) });
      }
      if (page.length < PRUNE_BATCH) return true;
    }
    return false;
  }
}
