import {
  type AnalyticsQuery,
  type AnalyticsResponse,
  type Breakdown,
  BREAKDOWNS,
  HOLDINGS,
  type TradeGroup,
} from "../../contracts/analytics.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { TRENDS, VOLATILITIES } from "../../contracts/regime.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import { CORRELATED_AGENTS_MAX } from "../limits.ts";
import type { AgentEntry } from "../registry.ts";
import { currencyOf } from "../risk/facts.ts";
import { correlate } from "./correlation.ts";
import { type Sums, toFigures } from "./sums.ts";
import { Tally } from "./tally.ts";
import { TradeBooks } from "./trade_book.ts";
import { createZone, type Zone } from "./zone.ts";

const DAY_MS = 24 * 60 * 60_000;

/** An agent with its sums, or with why there are none. */
type Read =
  & { id: string; name: string; currency: string }
  & ({ tally: Tally } | { detail: string });
type Counted = Extract<Read, { tally: Tally }>;

/** Makes the breakdown of closed trades over agents. */
export function createAnalytics(
  context: FleetContext,
): (query: AnalyticsQuery) => Promise<AnalyticsResponse> {
  const books = new TradeBooks(context.store.agents);
  let zone: { name: string; clock: Zone } | null = null;
  return async (query) => {
    if (zone?.name !== query.timeZone) {
      zone = { name: query.timeZone, clock: createZone(query.timeZone) };
    }
    const { clock } = zone;
    books.keepOnly((id) => context.agents.find(id) !== undefined);
    const reads = await Promise.all(
      chosenAgents(context, query).map((entry) =>
        readAgent(entry, { query, clock, books })
      ),
    );
    return toResponse(reads, { query, at: context.clock.nowMs() });
  };
}

/** @throws {AppError} AGENT_NOT_FOUND for an id of neither an agent nor a team. */
function chosenAgents(
  { agents }: FleetContext,
  { agents: ids, mode }: AnalyticsQuery,
): AgentEntry[] {
  const all = agents.all();
  const chosen = ids === undefined ? all : ids.flatMap((id) => {
    const members = all.filter(({ record }) => record.team?.id === id);
    return members.length > 0 ? members : [agents.require(id)];
  });
  return [...new Set(chosen)].filter(({ record: { config } }) =>
    config.mode === mode && hasAccount(config.type)
  );
}

async function readAgent(
  { record: { id, config } }: AgentEntry,
  { query, clock, books }: {
    query: AnalyticsQuery;
    clock: Zone;
    books: TradeBooks;
  },
): Promise<Read> {
  const { from, to, timeZone } = query;
  const about = { id, name: config.name, currency: currencyOf(config.symbol) };
  const key = [timeZone, from ?? "", to ?? "", config.symbol].join(" ");
  try {
    const tally = await books.tally(key, {
      agentId: id,
      symbol: config.symbol,
      zone: clock,
      fromAt: from === undefined ? null : clock.startOf(dayNumber(from)),
      beforeAt: to === undefined ? null : clock.startOf(dayNumber(to) + 1),
    });
    return { ...about, tally };
  } catch (error) {
    // One agent that cannot be read leaves the others as they are, and is named.
    if (!(error instanceof AppError)) throw error;
    return { ...about, detail: error.message };
  }
}

function toResponse(
  reads: readonly Read[],
  { query, at }: { query: AnalyticsQuery; at: number },
): AnalyticsResponse {
  const read = reads.filter((each): each is Counted => "tally" in each);
  const currencies = countCurrencies(read);
  const currency = query.currency ?? currencies[0]?.currency ?? null;
  const counted = read.filter((each) => each.currency === currency);
  const whole = new Tally();
  for (const { tally } of counted) whole.merge(tally);
  const names = new Map(counted.map(({ id, name }) => [id, name]));
  return {
    mode: query.mode,
    simulated: query.mode === "paper",
    currency,
    currencies,
    timeZone: query.timeZone,
    agents: counted.map(({ id, name, tally }) => ({
      id,
      name,
      trades: tally.total.trades,
    })),
    missing: reads.flatMap((each) =>
      "detail" in each
        ? [{ id: each.id, name: each.name, detail: each.detail }]
        : []
    ),
    total: toFigures(whole.total),
    breakdowns: BREAKDOWNS.map((by) => ({
      by,
      groups: toGroups(by, whole.groups.get(by)!, names),
    })),
    correlations: correlate(
      counted.filter(({ tally }) => tally.total.trades > 0)
        .toSorted((a, b) => b.tally.total.trades - a.tally.total.trades)
        .slice(0, CORRELATED_AGENTS_MAX)
        .map(({ id, tally: { days } }) => ({ id, days })),
    ),
    at,
  };
}

function countCurrencies(
  read: readonly Counted[],
): { currency: string; trades: number }[] {
  const counts = new Map<string, number>();
  for (const { currency, tally: { total } } of read) {
    if (total.trades === 0) continue;
    counts.set(currency, (counts.get(currency) ?? 0) + total.trades);
  }
  return [...counts].map(([currency, trades]) => ({ currency, trades }))
    .sort((a, b) => b.trades - a.trades || compare(a.currency, b.currency));
}

/** The order of groups that have one by nature; all others go by their number of trades. */
const ORDERS: Readonly<Partial<Record<Breakdown, readonly string[]>>> = {
  trend: TRENDS,
  volatility: VOLATILITIES,
  hour: Array.from({ length: 24 }, (_, hour) => String(hour)),
  weekday: Array.from({ length: 7 }, (_, day) => String(day)),
  holding: HOLDINGS.map(({ key }) => key),
};

function toGroups(
  by: Breakdown,
  groups: ReadonlyMap<string | null, Sums>,
  names: ReadonlyMap<string, string>,
): TradeGroup[] {
  const order = ORDERS[by];
  return [...groups].map(([key, sums]): TradeGroup => {
    const name = by === "agent" && key !== null ? names.get(key) : undefined;
    return {
      key,
      ...(name === undefined ? {} : { name }),
      ...toFigures(sums),
    };
  }).sort((a, b) => {
    // What is not known comes last.
    if (a.key === null || b.key === null) return a.key === null ? 1 : -1;
    return order === undefined
      ? b.trades - a.trades || compare(a.key, b.key)
      : order.indexOf(a.key) - order.indexOf(b.key);
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}
