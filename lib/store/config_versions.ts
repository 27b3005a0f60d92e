/**
 * The versions of each agent's configuration. One is written in the commit that
 * makes it, so that none is missing and none was never in force.
 *
 * @module
 */
import type { AgentRecord } from "../contracts/agent.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import type { KeptConfig } from "../contracts/config_history.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { RETAINED_CONFIG_VERSIONS } from "./limits.ts";
import type { RecordChange, StorePage } from "./port.ts";

/** What a change of records writes and forgets of their versions. */
export interface VersionWrites {
  sets: { key: Deno.KvKey; value: unknown }[];
  deletes: Deno.KvKey[];
}

/** The versions that a change makes, and those it replaces where they were never kept. */
export async function versionWrites(
  kv: GuardedKv,
  changes: readonly RecordChange[],
  { at, actor, via }: AuditEntry,
): Promise<VersionWrites> {
  const made = changes.filter(({ record, expected }) =>
    expected?.configVersion !== record.configVersion
  );
  const replaced = made.flatMap(({ expected }) =>
    expected === null ? [] : [expected]
  );
  const known = replaced.length === 0 ? [] : await kv.getMany(
    replaced.map(({ id, configVersion }) =>
      keys.agentConfig(id, configVersion)
    ),
  );
  const unkept = replaced.filter((_, place) => known[place]!.value === null);
  return {
    sets: [
      ...unkept.map((record) =>
        toSet(record, { at: null, by: null, via: null })
      ),
      ...made.map(({ record }) => toSet(record, { at, by: actor, via })),
    ],
    deletes: made.filter(({ record }) =>
      record.configVersion > RETAINED_CONFIG_VERSIONS
    ).map(({ record }) =>
      keys.agentConfig(
        record.id,
        record.configVersion - RETAINED_CONFIG_VERSIONS,
      )
    ),
  };
}

function toSet(
  { id, configVersion, config }: AgentRecord,
  who: Pick<KeptConfig, "at" | "by" | "via">,
): { key: Deno.KvKey; value: unknown } {
  const kept: KeptConfig = { configVersion, config, ...who };
  return { key: keys.agentConfig(id, configVersion), value: { v: 1, kept } };
}

/** One page of the versions of an agent, newest first. One more than `limit` comes along, to compare the last with. */
export async function readVersions(
  kv: GuardedKv,
  id: string,
  { limit, cursor }: { limit: number; cursor: string | null },
): Promise<StorePage<KeptConfig>> {
  const end = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
  const entries = await kv.list<{ kept: KeptConfig }>(
    { prefix: keys.agentConfigs(id), end: keys.agentConfig(id, end) },
    { limit: limit + 1, reverse: true },
  );
  const items = entries.map(({ value }) => value.kept);
  return {
    items,
    nextCursor: items.length > limit
      ? String(items[limit - 1]!.configVersion)
      : null,
  };
}
