import type { AgentView } from "../../contracts/agent.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { STATE_WORDS } from "../words.ts";

/** Columns that a person can sort by. */
export type SortKey =
  | "state"
  | "name"
  | "type"
  | "symbol"
  | "mode"
  | "dayPnl"
  | "drawdown"
  | "winRate"
  | "trades"
  | "latency"
  | "equity";

/** What the table is sorted by. */
export interface Sort {
  key: SortKey;
  descending: boolean;
}

// Floats are good enough for an order; nothing of this is shown.
const VALUES: Readonly<
  Record<SortKey, (agent: AgentView) => string | number | null>
> = {
  state: (agent) => STATE_WORDS[agent.observed].word,
  name: (agent) => agent.name.toLowerCase(),
  type: (agent) => AGENT_TYPE_WORDS[agent.type].title,
  symbol: (agent) => `${agent.symbol} ${agent.timeframe}`,
  mode: (agent) => agent.mode,
  dayPnl: (agent) => toNumber(agent.account?.dayPnl),
  drawdown: (agent) => agent.account?.drawdownPct ?? null,
  winRate: (agent) => agent.winRatePct,
  trades: (agent) => agent.account?.trades ?? null,
  latency: (agent) => agent.vitals.candleMsP99,
  equity: (agent) => toNumber(agent.account?.equity),
};

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

/** Sorts agents; unknown values come last in both directions, equals by name. */
export function sortAgents(
  agents: readonly AgentView[],
  sort: Sort,
): AgentView[] {
  const value = VALUES[sort.key];
  return [...agents].sort((a, b) => {
    const left = value(a);
    const right = value(b);
    if (left === null || right === null) {
      return left === right ? byName(a, b) : left === null ? 1 : -1;
    }
    const order = left < right ? -1 : left > right ? 1 : 0;
    return order === 0 ? byName(a, b) : sort.descending ? -order : order;
  });
}

function byName(a: AgentView, b: AgentView): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
