import type { ConfigVersion, KeptConfig } from "../contracts/config_history.ts";
import { jsonDiff } from "../core/json_diff.ts";
import type { FleetContext } from "./context.ts";
import type { Page } from "./port.ts";
import type { AgentEntry } from "./registry.ts";

/**
 * Versions of an agent's configuration, newest first. An agent of an older
 * build has none until its first change: then there is the one in force.
 */
export async function readConfigHistory(
  context: FleetContext,
  { record }: AgentEntry,
  options: { limit: number; cursor: string | null },
): Promise<Page<ConfigVersion>> {
  const { items, nextCursor } = await context.store.agents.configVersions(
    record.id,
    options,
  );
  const { configVersion, config } = record;
  const isUnkept = items.length === 0 && options.cursor === null;
  const kept: readonly KeptConfig[] = isUnkept
    ? [{ configVersion, config, at: null, by: null, via: null }]
    : items;
  return {
    items: kept.slice(0, options.limit).map((version, place) => {
      const earlier = kept[place + 1];
      return {
        ...version,
        changes: earlier === undefined
          ? []
          : jsonDiff(earlier.config, version.config),
      };
    }),
    nextCursor,
  };
}
