import type { QuotaUse } from "../contracts/quota.ts";
import type { FleetContext } from "./context.ts";

/** Agents of all users in this process; those that are being removed make room. */
export function hostUse({ agents, settings }: FleetContext): QuotaUse {
  const used =
    agents.own().filter(({ record }) => record.desired !== "retired").length;
  return { quota: "host_agents", used, limit: settings.maxAgentsPerHost };
}

/** Agents of one user, counted as the check of a new one counts them. */
export function ownUse(
  { agents, settings }: FleetContext,
  userId: string,
): QuotaUse {
  const used = agents.ownedBy(userId).length;
  return { quota: "agents", used, limit: settings.maxAgentsPerUser };
}

/** Agents of one user, and of all. */
export function agentUses(
  context: FleetContext,
  userId: string,
): readonly QuotaUse[] {
  return [ownUse(context, userId), hostUse(context)];
}
