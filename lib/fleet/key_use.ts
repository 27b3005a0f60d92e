import { SYSTEM_ACTOR } from "../contracts/audit.ts";
import type { FleetContext } from "./context.ts";
import type { AgentEntry } from "./registry.ts";

/**
 * Puts on record that the desk opens an exchange key for an agent: once for each
 * start of the agent, not for each order. The start does not wait for it.
 */
export function recordKeyUse(
  context: Pick<FleetContext, "clock" | "store" | "track">,
  { record }: Pick<AgentEntry, "record">,
): void {
  const { exchangeKeyId, name, feed, mode } = record.config;
  if (exchangeKeyId === undefined) return;
  const stored = context.store.audit({
    at: context.clock.nowMs(),
    actor: SYSTEM_ACTOR,
    via: "system",
    action: "key.use",
    target: exchangeKeyId,
    outcome: "ok",
    reason: "",
    detail: { agentId: record.id, name, mode, feed: feed.kind },
  });
  context.track(stored, "put the use of an exchange key on record");
}
