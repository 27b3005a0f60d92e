import type { EmergencyResponse, StopView } from "../../contracts/emergency.ts";
import type {
  HeldAccount,
  RiskStop,
  RiskTrading,
} from "../../contracts/fleet_risk.ts";
import { compareText, hasBooks, isMissed, type RiskFact } from "./facts.ts";
import { HELD_SHOWN } from "./limits.ts";

/** Whether trading goes on, and who or what holds it back. */
export function tradingOf(
  facts: readonly RiskFact[],
  { latches, isDeskUp }: Pick<EmergencyResponse, "latches" | "isDeskUp">,
): RiskTrading {
  const accounts = { active: 0, reducing: 0, halted: 0, unknown: 0 };
  const held: HeldAccount[] = [];
  for (const fact of facts) {
    if (!hasBooks(fact) || !isMissed(fact)) continue;
    const { record: { id, config }, account } = fact;
    accounts[account?.tradingState ?? "unknown"]++;
    if (account === null || account.tradingState === "active") continue;
    held.push({
      agentId: id,
      name: config.name,
      mode: config.mode,
      state: account.tradingState,
      reason: account.tradingStateReason,
    });
  }
  held.sort((a, b) =>
    compareText(a.state, b.state) || compareText(a.name, b.name) ||
    compareText(a.agentId, b.agentId)
  );
  return {
    state: stateOf(accounts, latches),
    accounts,
    stops: latches.map(toStop),
    held: held.slice(0, HELD_SHOWN),
    heldLeftOut: Math.max(0, held.length - HELD_SHOWN),
    isDeskUp,
  };
}

function stateOf(
  { active, reducing, halted }: RiskTrading["accounts"],
  latches: readonly StopView[],
): RiskTrading["state"] {
  if (latches.some(({ scope }) => scope.kind === "all")) return "stopped";
  const known = active + reducing + halted;
  if (latches.length > 0 || reducing + halted > 0) {
    return known > 0 && halted === known ? "stopped" : "reducing";
  }
  return known === 0 ? null : "active";
}

function toStop(
  { id, scope, lever, reason, by, at, isWorking, progress, residue }: StopView,
): RiskStop {
  return {
    id,
    scope,
    lever,
    reason,
    by: by.name,
    at,
    isWorking,
    accounts: progress.length,
    done: progress.filter(({ state }) => state === "done").length,
    residue: residue.length,
  };
}
