/**
 * Agents that belong together run on one host: over several, a risk manager
 * would guard one part of them, a listener would wait for ever, and one exchange
 * key would trade from two addresses. What would join agents of several hosts is
 * refused.
 *
 * @module
 */
import type { AgentRecord } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import { sourcesOf } from "../sources/checks.ts";
import { NAMED_APART } from "./limits.ts";
import type { Place } from "./placement.ts";

/** What would belong together with agents of several hosts, and the field that joins them. */
export interface Wanted {
  name: string;
  pointer: string;
  /** Of one that is there already. */
  id?: string;
}

/** The refusal of what would be apart. */
export function apart(
  { name, pointer, id }: Wanted,
  { bound }: Place,
): AppError {
  const where = [...bound].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([hostId, records]) => {
      const others = records.filter((record) => record.id !== id);
      return `${nameSome(others)} on host "${hostId}"`;
    });
  const detail = [
    `"${name}" would belong together with agents on several hosts: ${
      where.join(", ")
    }`,
    "All of them have to run on one: name agents of one host only (sources, scope of the risk manager, exchange key)",
    "Or delete those on the other hosts and spawn them again after it",
  ].join(". ");
  return new AppError("CONFIG_INVALID", detail, {
    status: 422,
    errors: [{ pointer, code: "HOSTS_APART", detail }],
  });
}

/** Refuses a configuration that would join agents of hosts that were not joined before. @throws {AppError} CONFIG_INVALID */
export function refuseJoining(
  { cluster }: FleetContext,
  record: AgentRecord,
  config: AgentConfig,
): void {
  if (cluster === null) return;
  const before = cluster.placeOf([record]);
  const after = cluster.placeOf([{ ...record, config }]);
  const isJoined = [...after.bound.keys()].some((id) => !before.bound.has(id));
  if (after.bound.size < 2 || !isJoined) return;
  const { id } = record;
  const wanted = { name: config.name, pointer: joiningField(config), id };
  throw apart(wanted, after);
}

/** The field by which an agent belongs together with others. */
export function joiningField(config: AgentConfig): string {
  if (!hasAccount(config.type)) return "/guard/scope";
  if (sourcesOf(config).length > 0) return "/sources";
  return config.exchangeKeyId === undefined ? "" : "/exchangeKeyId";
}

function nameSome(records: readonly AgentRecord[]): string {
  if (records.length === 0) return "itself";
  const names = records.slice(0, NAMED_APART)
    .map(({ config }) => `"${config.name}"`).join(" and ");
  const more = records.length - NAMED_APART;
  return more > 0 ? `${names} and ${more} more` : names;
}
