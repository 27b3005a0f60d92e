import type { ControlAction } from "../../contracts/agent.ts";
import type { PanelUser } from "../roles.ts";
import { whyNot } from "./actions.ts";
import type { FleetAgent } from "./fleet_agent.ts";

/** Agents of a selection that a command would skip for one reason. */
export interface Skip {
  reason: string;
  names: readonly string[];
}

/** What a command comes to for a selection. */
export interface BatchPlan {
  able: readonly FleetAgent[];
  skips: readonly Skip[];
}

/** Tells before it is sent which agents a command would skip, and why. */
export function planBatch(
  action: ControlAction,
  agents: readonly FleetAgent[],
  user: PanelUser,
): BatchPlan {
  const able: FleetAgent[] = [];
  const skips = new Map<string, string[]>();
  for (const agent of agents) {
    const reason = whyNot(agent, action, user);
    if (reason === null) {
      able.push(agent);
      continue;
    }
    const names = skips.get(reason);
    if (names === undefined) skips.set(reason, [agent.name]);
    else names.push(agent.name);
  }
  return {
    able,
    skips: [...skips].map(([reason, names]) => ({ reason, names })),
  };
}

/** The same in one line, or null where nothing is skipped. */
export function skipNote(skips: readonly Skip[]): string | null {
  if (skips.length === 0) return null;
  return skips.map(({ reason, names }) =>
    `skips ${names.length}: ${reason.toLowerCase()}`
  ).join("; ");
}
