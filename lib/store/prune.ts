import { decodeTime } from "ulid";
import type { TimeSource } from "../core/time.ts";
import type { StoredEvent } from "./kv/codec.ts";
import { type GroupHead } from "./events/event_commit.ts";
import { TOPIC_GROUPS, type TopicGroup } from "./events/groups.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { isExpired, type StoredRequest } from "./idempotency.ts";
import { keys } from "./keys.ts";
import {
  MAX_PRUNED_EVENTS,
  MAX_PRUNED_SCAN,
  PRUNE_BATCH,
  RETAINED_API_TOKENS_MS,
  RETAINED_OPS_MS,
} from "./limits.ts";
import { AgentPruner, type AgentRetention } from "./prune_agents.ts";

/** How many events of each group are kept. */
export type Retention = Readonly<Record<TopicGroup, number>>;

/** What the pruner needs. */
export interface PrunerOptions {
  kv: GuardedKv;
  time: TimeSource;
  retention: Retention;
  agents: Partial<AgentRetention> | undefined;
}

type Verdict = "delete" | "keep" | "end";

/**
 * Removes what is older than the retention limits, in small commits so that
 * writers are never held up. One run does a bounded amount of work; a walk that
 * did not come to its end goes on from there in the next run.
 */
export class Pruner {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #retention: Retention;
  readonly #agents: AgentPruner;
  /** Where the walk of a family goes on, by its name. */
  readonly #cursors = new Map<string, Deno.KvKey>();
  #running: Promise<void> | null = null;

  constructor(options: PrunerOptions) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#retention = options.retention;
    const { kv, time, agents } = options;
    this.#agents = new AgentPruner({ kv, time, ...agents });
  }

  /** Prunes once; who asks while a run goes on waits for that one. */
  run(): Promise<void> {
    this.#running ??= this.#runOnce().finally(() => this.#running = null);
    return this.#running;
  }

  async #runOnce(): Promise<void> {
    for (const group of TOPIC_GROUPS) {
      // deno-lint-ignore no-await-in-loop -- one group after another, to go easy on the disk
      await this.#pruneGroup(group);
    }
    const now = this.#time.nowMs();
    // Op ids sort by time: the first young one ends the walk.
    await this.#pruneWhile(keys.ops(), ({ key }) => {
      const id = String(key.at(-1));
      const isOld = now - decodeTime(id.slice(id.indexOf("_") + 1)) >=
        RETAINED_OPS_MS;
      return isOld ? "delete" : "end";
    }, MAX_PRUNED_EVENTS);
    for (const { prefix, keptMs } of EXPIRING) {
      // deno-lint-ignore no-await-in-loop -- one family after another, to go easy on the disk
      await this.#pruneWhile<Expiring>(
        prefix,
        ({ value }) => endOf(value) + keptMs <= now ? "delete" : "keep",
      );
    }
    await this.#pruneWhile<StoredRequest>(
      keys.idempotencies(),
      ({ value }) => isExpired(value, now) ? "delete" : "keep",
    );
    await this.#agents.run();
  }

  async #pruneGroup(group: TopicGroup): Promise<void> {
    const kv = this.#kv;
    const markKey = keys.pruned(group);
    const head = await kv.get<GroupHead>(keys.groupHead(group));
    const surplusUpTo = (head.value?.count ?? 0) - this.#retention[group];
    // A log line has an index entry, so it counts twice.
    const limit = PRUNE_BATCH / 2;
    for (let pruned = 0; pruned < MAX_PRUNED_EVENTS; pruned += limit) {
      // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
      const oldest = await kv.list<StoredEvent>(
        { prefix: keys.events(group) },
        { limit },
      );
      const surplus = oldest.filter(({ value }) => value.n <= surplusUpTo);
      if (surplus.length === 0) return;
      const lastSeq = surplus.at(-1)!.key.at(-1) as number;
      // deno-lint-ignore no-await-in-loop -- as above
      const mark = await kv.get<{ seq: number }>(markKey);
      const seq = Math.max(lastSeq, mark.value?.seq ?? 0);
      // The mark and the deletions are one commit: a reader that missed an event
      // finds the mark afterwards. It never goes back.
      // deno-lint-ignore no-await-in-loop -- as above
      const outcome = await kv.commit({
        checks: [{ key: markKey, versionstamp: mark.versionstamp }],
        sets: [{ key: markKey, value: { v: 1, seq } }],
        deletes: surplus.flatMap(({ key, value }) =>
          group === "logs" && value.agentId !== null
            ? [key, keys.agentLog(value.agentId, key.at(-1) as number)]
            : [key]
        ),
      });
      // Another process prunes.
      if (!outcome.ok) return;
      if (surplus.length < oldest.length) return;
    }
  }

  async #pruneWhile<T>(
    prefix: Deno.KvKey,
    judge: (entry: Deno.KvEntry<T>) => Verdict,
    maxScan = MAX_PRUNED_SCAN,
  ): Promise<void> {
    const name = String(prefix[0]);
    let start = this.#cursors.get(name) ?? null;
    this.#cursors.delete(name);
    for (let seen = 0; seen < maxScan; seen += PRUNE_BATCH) {
      const selector = start === null ? { prefix } : { prefix, start };
      // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
      const page: Deno.KvEntry<T>[] = await this.#kv.list(selector, {
        limit: PRUNE_BATCH,
      });
      const verdicts = page.map(judge);
      const end = verdicts.indexOf("end");
      const judged = end === -1 ? page : page.slice(0, end);
      const deletes = judged.filter((_, place) => verdicts[place] === "delete")
        .map(({ key }) => key);
      // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
      if (deletes.length > 0) await this.#kv.commit({ deletes });
      if (end !== -1 || page.length < PRUNE_BATCH) return;
      start = keyAfter(page.at(-1)!.key);
    }
    if (start !== null) this.#cursors.set(name, start);
  }
}

/** A value with an end, or one around it. */
interface Expiring {
  expiresAt?: number;
  session?: { expiresAt: number };
  token?: { expiresAt: number };
  invite?: { expiresAt: number };
}

/** Families whose values say when they end, and how long they are kept then. */
const EXPIRING: readonly { prefix: Deno.KvKey; keptMs: number }[] = [
  keys.sessions(),
  keys.sessionSecrets(),
  keys.allUserSessions(),
  keys.refreshes(),
  keys.invites(),
].map((prefix) => ({ prefix, keptMs: 0 })).concat(
  [keys.apiTokens(), keys.apiTokenHashes(), keys.allUserApiTokens()]
    .map((prefix) => ({ prefix, keptMs: RETAINED_API_TOKENS_MS })),
);

function endOf({ session, token, invite, expiresAt }: Expiring): number {
  return (session ?? token ?? invite)?.expiresAt ?? expiresAt ?? 0;
}

/** The smallest key behind one that ends with a string: it has a zero character more. */
function keyAfter(key: Deno.KvKey): Deno.KvKey {
  return [...key.slice(0, -1), `${String(key.at(-1))}\0`];
}
