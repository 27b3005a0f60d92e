import { hasAccount } from "../../contracts/agent_types.ts";
import type { RiskLosses } from "../../contracts/fleet_risk.ts";
import { isMixed, MIXED_LOSSES } from "../../contracts/guard.ts";
import { isGuarded, isMeantToRun } from "../guards/scope.ts";
import { compareText, currencyOf, type RiskFact } from "./facts.ts";

/** What each risk manager that is up estimates, by name. */
export function lossesOf(facts: readonly RiskFact[]): RiskLosses[] {
  return facts
    .filter((fact) =>
      !hasAccount(fact.record.config.type) && isMeantToRun(fact)
    )
    .map((guard) => toLosses(guard, facts))
    .sort((a, b) =>
      compareText(a.name, b.name) || compareText(a.agentId, b.agentId)
    );
}

function toLosses(guard: RiskFact, facts: readonly RiskFact[]): RiskLosses {
  const { record: { id, config }, risk, observed } = guard;
  const guarded = facts.filter((fact) => isGuarded(guard, fact));
  const currencies = new Set(
    guarded.map(({ record }) => currencyOf(record.config.symbol)),
  );
  const modes = (["live", "paper"] as const).filter((mode) =>
    guarded.some(({ record }) => record.config.mode === mode)
  );
  const view = risk?.view ?? null;
  const hasBoth = isMixed(guarded.map(({ record }) => record.config));
  return {
    agentId: id,
    name: config.name,
    state: view?.state ?? "active",
    modes,
    guarded: guarded.map(({ record }) => record.config.name).sort(compareText),
    currency: currencies.size === 1 ? [...currencies][0]! : null,
    timeframe: config.timeframe,
    method: config.guard?.lossMethod ?? "historical",
    observations: view?.observations ?? 0,
    window: view?.window ?? config.guard?.returns ?? 0,
    toldAt: risk?.toldAt ?? null,
    isUp: observed.state === "running" || observed.state === "paused",
    losses: hasBoth ? [] : view?.losses ?? [],
    reason: hasBoth
      ? MIXED_LOSSES
      : view === null
      ? "The risk manager has told nothing yet"
      : view.losses.length === 0
      ? view.unknown[0] ?? "No returns are known yet"
      : null,
  };
}
