import { decodeTime } from "ulid";
import type { Session } from "../contracts/auth.ts";
import type { TimeSource } from "../core/time.ts";
import type { StoredEvent } from "./kv/codec.ts";
import { type GroupHead } from "./events/event_commit.ts";
import { TOPIC_GROUPS, type TopicGroup } from "./events/groups.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { isExpired, type StoredRequest } from "./idempotency.ts";
import { keys } from "./keys.ts";
import { PRUNE_BATCH, RETAINED_OPS_MS } from "./limits.ts";

/** How many events of each group are kept. */
export type Retention = Readonly<Record<TopicGroup, number>>;

/** Removes what is older than the retention limits, in small commits so that writers are never held up. */
export async function pruneStore(
  kv: GuardedKv,
  options: { time: TimeSource; retention: Retention },
): Promise<void> {
  for (const group of TOPIC_GROUPS) {
    // deno-lint-ignore no-await-in-loop -- one group after another, to go easy on the disk
    await pruneGroup(kv, group, options.retention[group]);
  }
  const now = options.time.nowMs();
  // Op ids sort by time: the first young one ends the walk.
  await pruneWhile(kv, keys.ops(), ({ key }) => {
    const id = String(key.at(-1));
    const isOld = now - decodeTime(id.slice(id.indexOf("_") + 1)) >=
      RETAINED_OPS_MS;
    return isOld ? "delete" : "end";
  });
  await pruneWhile<{ session: Session }>(
    kv,
    keys.sessions(),
    ({ value }) => value.session.expiresAt <= now ? "delete" : "keep",
  );
  await pruneWhile<StoredRequest>(
    kv,
    keys.idempotencies(),
    ({ value }) => isExpired(value, now) ? "delete" : "keep",
  );
}

async function pruneGroup(
  kv: GuardedKv,
  group: TopicGroup,
  kept: number,
): Promise<void> {
  const head = await kv.get<GroupHead>(keys.groupHead(group));
  const count = head.value?.count ?? 0;
  for (;;) {
    // A log line has an index entry, so it counts twice.
    // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
    const oldest = await kv.list<StoredEvent>(
      { prefix: keys.events(group) },
      { limit: PRUNE_BATCH / 2 },
    );
    const surplus = oldest.filter(({ value }) => value.n <= count - kept);
    if (surplus.length === 0) return;
    const lastSeq = surplus.at(-1)!.key.at(-1) as number;
    // The mark and the deletions are one commit: a reader that missed an event
    // finds the mark afterwards.
    // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
    await kv.commit({
      sets: [{ key: keys.pruned(group), value: { v: 1, seq: lastSeq } }],
      deletes: surplus.flatMap(({ key, value }) =>
        group === "logs" && value.agentId !== null
          ? [key, keys.agentLog(value.agentId, key.at(-1) as number)]
          : [key]
      ),
    });
    if (surplus.length < oldest.length) return;
  }
}

type Verdict = "delete" | "keep" | "end";

async function pruneWhile<T>(
  kv: GuardedKv,
  prefix: Deno.KvKey,
  judge: (entry: Deno.KvEntry<T>) => Verdict,
): Promise<void> {
  let start: Deno.KvKey | null = null;
  for (;;) {
    const selector: Deno.KvListSelector = start === null
      ? { prefix }
      : { prefix, start };
    // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
    const page: Deno.KvEntry<T>[] = await kv.list(selector, {
      limit: PRUNE_BATCH,
    });
    const verdicts = page.map(judge);
    const end = verdicts.indexOf("end");
    const judged = end === -1 ? page : page.slice(0, end);
    const deletes = judged.filter((_, place) => verdicts[place] === "delete")
      .map(({ key }) => key);
    // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
    if (deletes.length > 0) await kv.commit({ deletes });
    if (end !== -1 || page.length < PRUNE_BATCH) return;
    // A zero character behind a key makes the smallest key after it.
    const last = page.at(-1)!.key;
    start = [...last.slice(0, -1), `${String(last.at(-1))}\0`];
  }
}
