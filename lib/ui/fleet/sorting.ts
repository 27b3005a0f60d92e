import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { STATE_WORDS } from "../words.ts";
import type { FleetAgent } from "./fleet_agent.ts";

const SORT_KEYS = [
  "state",
  "name",
  "type",
  "symbol",
  "mode",
  "dayPnl",
  "drawdown",
  "winRate",
  "trades",
  "latency",
  "mailbox",
  "equity",
] as const;
/** Columns that a person can sort by. */
export type SortKey = (typeof SORT_KEYS)[number];

/** Whether a text names such a column. */
export function isSortKey(text: string): text is SortKey {
  return (SORT_KEYS as readonly string[]).includes(text);
}

/** What the table is sorted by. */
export interface Sort {
  key: SortKey;
  descending: boolean;
}

// Floats are good enough for an order; nothing of this is shown.
const VALUES: Readonly<
  Record<SortKey, (agent: FleetAgent) => string | number | null>
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
  mailbox: (agent) => agent.vitals.mailboxDepth,
  equity: (agent) => toNumber(agent.account?.equity),
};

function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

/** What of an agent its place depends on. */
export interface SortRow {
  id: string;
  name: string;
  value: string | number | null;
}

/** Takes that out of an agent. */
export function sortRow(agent: FleetAgent, key: SortKey): SortRow {
  const { id, name } = agent;
  return { id, name, value: VALUES[key](agent) };
}

/** Which of two rows comes first: unknown values last in both directions, equals by name, then by id. */
export function compareRows(
  a: SortRow,
  b: SortRow,
  descending: boolean,
): number {
  if (a.value === null || b.value === null) {
    return a.value === b.value ? byName(a, b) : a.value === null ? 1 : -1;
  }
  const order = compare(a.value, b.value);
  return order === 0 ? byName(a, b) : descending ? -order : order;
}

function byName(a: SortRow, b: SortRow): number {
  return compare(a.name, b.name) || compare(a.id, b.id);
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts agents; unknown values come last in both directions, equals by name. */
export function sortAgents<T extends FleetAgent>(
  agents: readonly T[],
  { key, descending }: Sort,
): T[] {
  return agents.map((agent) => ({ agent, row: sortRow(agent, key) }))
    .sort((a, b) => compareRows(a.row, b.row, descending))
    .map(({ agent }) => agent);
}
