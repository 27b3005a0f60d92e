import type { QuotaUse } from "../contracts/quota.ts";
import { spawnsUnderWay } from "./commands/under_way.ts";
import type { FleetContext } from "./context.ts";

/** Agents of all users in this process, new ones included; those that are being removed make room. */
export function hostUse(context: FleetContext): QuotaUse {
  const { agents, settings } = context;
  const used =
    agents.own().filter(({ record }) => record.desired !== "retired").length +
    spawnsUnderWay(context).length;
  return { quota: "host_agents", used, limit: settings.maxAgentsPerHost };
}

/** Agents of one user, counted as the check of a new one counts them. */
export function ownUse(context: FleetContext, userId: string): QuotaUse {
  const { agents, settings } = context;
  const underWay = spawnsUnderWay(context)
    .filter(({ record }) => record.ownerId === userId);
  const used = agents.ownedBy(userId).length + underWay.length;
  return { quota: "agents", used, limit: settings.maxAgentsPerUser };
}

/** Agents of one user, and of all. */
export function agentUses(
  context: FleetContext,
  userId: string,
): readonly QuotaUse[] {
  return [ownUse(context, userId), hostUse(context)];
}
