import { isDeepStrictEqual } from "node:util";
import { assert } from "../core/assert.ts";
import type { EquityPoint } from "../contracts/account.ts";
import type {
  AgentObserved,
  AgentRecord,
  AgentView,
} from "../contracts/agent.ts";
import type { KeptConfig } from "../contracts/config_history.ts";
import type { StoredRisk } from "../contracts/guard.ts";
import type { Trade } from "../contracts/order.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditLog } from "./audit.ts";
import { readVersions, versionWrites } from "./config_versions.ts";
import { checkedSize } from "./kv/size.ts";
import type { EventCommitter } from "./events/event_committer.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import {
  LIST_BATCH,
  MAX_GET_MANY,
  MAX_PAGE,
  MAX_RECORDS_PER_SAVE,
} from "./limits.ts";
import type { JournalMirrorStore } from "./mirror_port.ts";
import type {
  AgentStore,
  AuditEntry,
  RecordChange,
  StorePage,
} from "./port.ts";
import { loadEquity } from "./events/projections.ts";
import type { SnapshotStore } from "./snapshots.ts";
import { storingNew } from "./storing_new.ts";
import type { EventWriter } from "./events/writer.ts";

interface AgentStoreOptions {
  kv: GuardedKv;
  time: TimeSource;
  audit: AuditLog;
  writer: EventWriter;
  committer: EventCommitter;
  snapshots: SnapshotStore;
  mirror: JournalMirrorStore;
}

interface StoredRecord {
  record: AgentRecord;
}

/** Agents and what is known of them. */
export class KvAgentStore implements AgentStore {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #audit: AuditLog;
  readonly #writer: EventWriter;
  readonly #committer: EventCommitter;
  readonly #snapshots: SnapshotStore;
  readonly #mirror: JournalMirrorStore;

  constructor(options: AgentStoreOptions) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#audit = options.audit;
    this.#writer = options.writer;
    this.#committer = options.committer;
    this.#snapshots = options.snapshots;
    this.#mirror = options.mirror;
  }

  async get(id: string): Promise<AgentRecord | null> {
    const entry = await this.#kv.get<{ record: AgentRecord }>(keys.agent(id));
    return entry.value?.record ?? null;
  }

  async list(): Promise<readonly AgentRecord[]> {
    const records: AgentRecord[] = [];
    let start: Deno.KvKey | null = null;
    for (;;) {
      const selector: Deno.KvListSelector = start === null
        ? { prefix: keys.agents() }
        : { prefix: keys.agents(), start };
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      const page: Deno.KvEntry<{ record: AgentRecord }>[] = await this.#kv
        .list(selector, { limit: LIST_BATCH });
      records.push(...page.map(({ value }) => value.record));
      if (page.length < LIST_BATCH) return records;
      // Ids are ASCII: a space behind one is the smallest key after it.
      start = keys.agent(`${page.at(-1)!.key[1] as string} `);
    }
  }

  async getAll(
    ids: readonly string[],
  ): Promise<readonly (AgentRecord | null)[]> {
    assert(
      ids.length <= MAX_GET_MANY,
      `One read takes at most ${MAX_GET_MANY} records, not ${ids.length}`,
    );
    const entries = await this.#kv.getMany<StoredRecord>(ids.map(keys.agent));
    return entries.map(({ value }) => value?.record ?? null);
  }

  save(
    record: AgentRecord,
    { expected, audit }: { expected: AgentRecord | null; audit: AuditEntry },
  ): Promise<boolean> {
    return this.saveAll([{ record, expected }], { audit });
  }

  saveAll(
    changes: readonly RecordChange[],
    { audit }: { audit: AuditEntry },
  ): Promise<boolean> {
    assert(
      changes.length <= MAX_RECORDS_PER_SAVE,
      `One save takes at most ${MAX_RECORDS_PER_SAVE} records, not ${changes.length}`,
    );
    const sets = changes.map(({ record }) => {
      const value = { v: 4, record };
      checkedSize(value, `The record of agent ${record.id}`);
      return { key: keys.agent(record.id), value };
    });
    const plan = async () => {
      const stored = await this.#kv.getMany<StoredRecord>(
        sets.map(({ key }) => key),
      );
      const isAsExpected = stored.every(({ value }, place) =>
        isDeepStrictEqual(value?.record ?? null, changes[place]!.expected)
      );
      if (!isAsExpected) return null;
      const versions = await versionWrites(this.#kv, changes, audit);
      return {
        checks: stored.map(({ key, versionstamp }) => ({ key, versionstamp })),
        sets: [...sets, ...versions.sets],
        deletes: versions.deletes,
        isFenced: true,
      };
    };
    const commit = () => this.#audit.commitShared(audit, plan);
    const isNew = changes.some(({ expected }) => expected === null);
    return isNew ? storingNew(commit) : commit();
  }

  async remove(id: string, audit: AuditEntry): Promise<void> {
    this.#committer.forgetAgent(id);
    await this.#writer.flush();
    await this.#audit.commitWith(audit, async () => {
      const stored = await this.get(id);
      const at = this.#time.nowMs();
      return {
        sets: [{ key: keys.removedAgent(id), value: { v: 1, at } }],
        deletes: [
          keys.agent(id),
          keys.observed(id),
          keys.view(id),
          keys.risk(id),
          keys.owner(id),
          ...ownFeedHeads(id, stored),
        ],
        isFenced: true,
      };
    });
    await this.#snapshots.remove(id);
    await this.#mirror.remove(id);
  }

  async observed(id: string): Promise<AgentObserved | null> {
    const entry = await this.#kv.get<{ value: AgentObserved }>(
      keys.observed(id),
    );
    return entry.value?.value ?? null;
  }

  async view(id: string): Promise<AgentView | null> {
    const entry = await this.#kv.get<{ value: AgentView }>(keys.view(id));
    return entry.value?.value ?? null;
  }

  async risk(id: string): Promise<StoredRisk | null> {
    const entry = await this.#kv.get<{ value: StoredRisk }>(keys.risk(id));
    return entry.value?.value ?? null;
  }

  saveSnapshot(id: string, snapshot: unknown): Promise<void> {
    if (this.#committer.isForgotten(id)) return Promise.resolve();
    return this.#snapshots.save(id, snapshot);
  }

  loadSnapshot(id: string): Promise<unknown | null> {
    return this.#snapshots.load(id);
  }

  async trades(
    id: string,
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<Trade>> {
    const limit = Math.min(options.limit, MAX_PAGE);
    const before = options.cursor === null
      ? Number.MAX_SAFE_INTEGER
      : Number(options.cursor);
    const entries = await this.#kv.list<{ trade: Trade }>(
      { prefix: keys.trades(id), end: keys.trade(id, before) },
      { limit: limit + 1, reverse: true },
    );
    const page = entries.slice(0, limit);
    const isMore = entries.length > limit;
    return {
      items: page.map(({ value }) => value.trade),
      nextCursor: isMore ? String(page.at(-1)!.key.at(-1)) : null,
    };
  }

  configVersions(
    id: string,
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<KeptConfig>> {
    return readVersions(this.#kv, id, options);
  }

  async tradeCount(id: string): Promise<number> {
    const [newest] = await this.#kv.list(
      { prefix: keys.trades(id) },
      { limit: 1, reverse: true },
    );
    return newest === undefined ? 0 : (newest.key.at(-1) as number) + 1;
  }

  equity(id: string): Promise<readonly EquityPoint[]> {
    return loadEquity(this.#kv, id);
  }

  async feedHead(streamId: string): Promise<number | null> {
    const entry = await this.#kv.get<{ seq: number }>(keys.feedHead(streamId));
    return entry.value?.seq ?? null;
  }
}

/** A replay is the agent's own stream and is named after it; a simulated market is shared and stays. */
function ownFeedHeads(id: string, record: AgentRecord | null): Deno.KvKey[] {
  const streamId = record?.streamId;
  return streamId?.includes(id) ? [keys.feedHead(streamId)] : [];
}
