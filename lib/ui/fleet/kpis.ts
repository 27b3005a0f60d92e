import { hasAccount } from "../../contracts/agent_types.ts";
import { quoteOf, sumDecimals } from "../format.ts";
import type { FleetAgent } from "./fleet_agent.ts";

/** Money of one quote currency over several agents. Currencies are never added to each other, nor real money to simulated. */
export interface CurrencyTotal {
  unit: string;
  mode: FleetAgent["mode"];
  /** Null while no agent's value is known. */
  equity: string | null;
  dayPnl: string | null;
  known: number;
  agents: number;
}

/** Adds up equity and day result by mode and quote currency, live first, over agents whose account is known. */
export function totalsByCurrency(
  agents: readonly FleetAgent[],
): CurrencyTotal[] {
  const groups = new Map<string, FleetAgent[]>();
  for (const agent of agents) {
    // A risk manager has no account whose value could be unknown.
    if (!hasAccount(agent.type) || onlyWatches(agent)) continue;
    const key = `${agent.mode} ${quoteOf(agent.symbol)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [agent]);
    else group.push(agent);
  }
  return [...groups.values()].map((members) => {
    const { mode, symbol } = members[0]!;
    const equities = members.flatMap(({ account }) => account?.equity ?? []);
    const days = members.flatMap(({ account }) => account?.dayPnl ?? []);
    return {
      unit: quoteOf(symbol),
      mode,
      equity: equities.length === 0 ? null : sumDecimals(equities),
      dayPnl: days.length === 0 ? null : sumDecimals(days),
      known: equities.length,
      agents: members.length,
    };
  }).sort((a, b) =>
    a.mode === b.mode ? b.agents - a.agents : a.mode === "live" ? -1 : 1
  );
}

/** Whether an agent only reports signals and never traded: capital that nobody uses is no money of the fleet. */
function onlyWatches({ signalsOnly, account }: FleetAgent): boolean {
  return signalsOnly === true &&
    (account === null || account.trades === 0 && account.position === null);
}

/** How many agents are in each group of states that matters at a glance. */
export interface StateCounts {
  total: number;
  running: number;
  paused: number;
  faulted: number;
  restarting: number;
  stopped: number;
  restricted: number;
}

/** Counts agents by state. */
export function countStates(agents: readonly FleetAgent[]): StateCounts {
  const count = (test: (agent: FleetAgent) => boolean) =>
    agents.filter(test).length;
  return {
    total: agents.length,
    running: count(({ observed }) =>
      observed === "running" || observed === "degraded"
    ),
    paused: count(({ observed }) => observed === "paused"),
    faulted: count(({ observed }) =>
      observed === "quarantined" || observed === "killed"
    ),
    restarting: count(({ observed }) => observed === "backing_off"),
    stopped: count(({ observed }) => observed === "stopped"),
    restricted: count(({ account }) =>
      account !== null && account.tradingState !== "active"
    ),
  };
}

/** Filters by state that are one press away; each lets through what it counts. */
export const STATE_PILLS = [
  { value: "running,degraded", label: "Running", count: "running" },
  { value: "paused", label: "Paused", count: "paused" },
  { value: "faulted,killed", label: "Faulted", count: "faulted" },
  { value: "stopped", label: "Stopped", count: "stopped" },
] as const satisfies readonly {
  value: string;
  label: string;
  count: keyof StateCounts;
}[];

/** The agent that is nearest to its drawdown limit, or null while none is known. */
export function worstDrawdown(
  agents: readonly FleetAgent[],
  limitPct: (id: string) => number | null,
): { name: string; drawdownPct: number; limitPct: number | null } | null {
  let worst: {
    name: string;
    drawdownPct: number;
    limitPct: number | null;
    share: number;
  } | null = null;
  for (const { id, name, account } of agents) {
    const drawdownPct = account?.drawdownPct ?? null;
    if (drawdownPct === null) continue;
    const limit = limitPct(id);
    const share = drawdownPct / (limit ?? 100);
    if (worst === null || share > worst.share) {
      worst = { name, drawdownPct, limitPct: limit, share };
    }
  }
  return worst;
}

/** The slowest p99 of all agents that report one. */
export function slowestP99(
  agents: readonly FleetAgent[],
): { name: string; ms: number } | null {
  let slowest: { name: string; ms: number } | null = null;
  for (const { name, vitals } of agents) {
    if (vitals.candleMsP99 === null) continue;
    if (slowest === null || vitals.candleMsP99 > slowest.ms) {
      slowest = { name, ms: vitals.candleMsP99 };
    }
  }
  return slowest;
}
