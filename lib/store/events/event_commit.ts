import { toStored } from "../kv/codec.ts";
import { TOPIC_GROUPS, type TopicGroup } from "./groups.ts";
import type { Commit, GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import type { Put } from "./projections.ts";
import type { Item } from "./write_queue.ts";

/** Where the order of events stands. */
export interface Heads {
  seq: number;
  /** Of the head key; null before the first event. */
  versionstamp: string | null;
  groups: Readonly<Record<TopicGroup, GroupHead>>;
}

/** Last event of a group, and how many events it ever had. */
export interface GroupHead {
  seq: number;
  count: number;
}

/** The heads, and whether somebody has the turn. One `getMany` is one snapshot, so they belong together. */
export async function loadHeads(
  kv: GuardedKv,
): Promise<{ heads: Heads; turnStamp: string | null }> {
  const [turn, head, ...groups] = await kv.getMany<GroupHead>([
    keys.headTurn(),
    keys.head(),
    ...TOPIC_GROUPS.map(keys.groupHead),
  ]);
  const entries = TOPIC_GROUPS.map((group, index) => {
    const value = groups[index]?.value;
    return [group, { seq: value?.seq ?? 0, count: value?.count ?? 0 }] as const;
  });
  const heads = {
    seq: head!.value?.seq ?? 0,
    versionstamp: head!.versionstamp,
    groups: Object.fromEntries(entries) as Record<TopicGroup, GroupHead>,
  };
  return { heads, turnStamp: turn!.versionstamp };
}

/** What one commit is made of. */
export interface CommitInput {
  items: readonly Item[];
  heads: Heads;
  turn: { check: Deno.AtomicCheck; deletes: readonly Deno.KvKey[] };
  /** Op id of the commit before, which is decided and so needed no longer. */
  previousOpId: string | null;
  removedAgents: ReadonlySet<string>;
}

/** Gives the items their places and builds the commit; `heads` is what holds after it. */
export function buildCommit(
  input: CommitInput,
): { commit: Commit; heads: Heads } {
  const groups: Record<TopicGroup, GroupHead> = { ...input.heads.groups };
  const touched = new Set<TopicGroup>();
  const puts = new Map<string, Put>();
  const sets: { key: Deno.KvKey; value: unknown }[] = [];
  let seq = input.heads.seq;
  for (const { work } of input.items) {
    if ("put" in work) {
      const owner = work.put.removedWith;
      if (owner !== null && input.removedAgents.has(owner)) continue;
      puts.set(work.put.id, work.put);
      continue;
    }
    const { draft, group } = work.event;
    seq++;
    const count = groups[group].count + 1;
    groups[group] = { seq, count };
    touched.add(group);
    sets.push({
      key: keys.event(group, seq),
      value: toStored(draft, count),
    });
    if (draft.type === "log.added" && draft.agentId !== null) {
      const { level, category } = draft.data;
      const key = keys.agentLog(draft.agentId, seq);
      sets.push({ key, value: { v: 1, level, category } });
    }
  }
  for (const { key, value } of puts.values()) sets.push({ key, value });
  for (const group of touched) {
    const value = { v: 1, ...groups[group] };
    sets.push({ key: keys.groupHead(group), value });
  }
  // The head is set even if no event was added: its check then still proves
  // that a commit in doubt cannot land behind its own repetition.
  sets.push({ key: keys.head(), value: { v: 1, seq } });
  const { heads: { versionstamp }, previousOpId, turn } = input;
  const decided = previousOpId === null ? [] : [keys.op(previousOpId)];
  return {
    commit: {
      checks: [{ key: keys.head(), versionstamp }, turn.check],
      sets,
      deletes: [...decided, ...turn.deletes],
      isFenced: true,
    },
    heads: { seq, versionstamp, groups },
  };
}
