/**
 * What a stop of everything will do, in numbers: from the agents as they are
 * known, or from a drill.
 *
 * @module
 */
import type { AccountView } from "../../contracts/account.ts";
import type { AgentView } from "../../contracts/agent.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { DrillAgent, DrillResponse } from "../../contracts/emergency.ts";
import { decimal, toDecimalText, ZERO } from "../../core/decimal.ts";
import { quoteOf } from "../format.ts";

/** What is held in one currency, of real or of simulated money. */
export interface ExposureLine {
  mode: "paper" | "live";
  currency: string;
  /** Null where the price of a position is unknown. */
  amount: string | null;
  positions: number;
}

/** What a stop meets. Unknown is null. */
export interface StopFacts {
  agents: number;
  /** Entries that rest: the lever withdraws them. */
  entries: number | null;
  /** All orders that rest, stops and targets too: closing withdraws them. */
  orders: number | null;
  positions: number | null;
  /** Live first; nothing where nothing is held. */
  exposure: readonly ExposureLine[];
}

/** Of the agents as they are known now; those at rest are left out. */
export function factsOfAgents(agents: readonly AgentView[]): StopFacts {
  const traders = agents.filter(({ type, desired, account }) =>
    hasAccount(type) &&
    (desired === "running" || desired === "paused" ||
      (account?.position ?? null) !== null)
  );
  const accounts = traders.map(({ account }) => account);
  const isKnown = accounts.every((account) => account !== null);
  const known = accounts.filter((account) => account !== null);
  const count = (of: (account: AccountView) => number) =>
    isKnown ? known.reduce((sum, account) => sum + of(account), 0) : null;
  return {
    agents: traders.length,
    entries: count(({ openOrders }) =>
      openOrders.filter(({ role }) => role === "entry").length
    ),
    orders: count(({ openOrders }) => openOrders.length),
    positions: count(({ position }) => position === null ? 0 : 1),
    exposure: exposureOf(traders.flatMap(({ mode, symbol, account }) => {
      const position = account?.position ?? null;
      return position === null
        ? []
        : [{ mode, currency: quoteOf(symbol), amount: notionalOf(position) }];
    })),
  };
}

/** Of two drills: one that withdraws, and one that closes, too. */
export function factsOfDrills(
  { cancel, flatten }: { cancel: DrillResponse; flatten: DrillResponse },
): StopFacts {
  return {
    agents: flatten.totals.agents,
    entries: cancel.totals.orders,
    orders: flatten.totals.orders,
    positions: flatten.totals.positions,
    exposure: exposureOf(
      flatten.agents.flatMap((agent) =>
        agent.position === null ? [] : [lineOf(agent, agent.position)]
      ),
    ),
  };
}

function lineOf(
  { simulated, symbol }: DrillAgent,
  { notional }: NonNullable<DrillAgent["position"]>,
) {
  const mode: ExposureLine["mode"] = simulated ? "paper" : "live";
  return { mode, currency: quoteOf(symbol), amount: notional };
}

function notionalOf(
  { quantity, markPrice, hedge }: NonNullable<AccountView["position"]>,
): string | null {
  const hedgePrice = hedge === undefined ? "0" : hedge.markPrice;
  if (markPrice === null || hedgePrice === null) return null;
  return toDecimalText(
    decimal(quantity).times(decimal(markPrice)).plus(
      decimal(hedge?.quantity ?? "0").times(decimal(hedgePrice)),
    ),
  );
}

function exposureOf(
  held: readonly Omit<ExposureLine, "positions">[],
): ExposureLine[] {
  const lines = new Map<string, ExposureLine>();
  for (const { mode, currency, amount } of held) {
    const key = `${mode} ${currency}`;
    const line = lines.get(key) ??
      { mode, currency, amount: toDecimalText(ZERO), positions: 0 };
    lines.set(key, {
      ...line,
      amount: line.amount === null || amount === null
        ? null
        : toDecimalText(decimal(line.amount).plus(decimal(amount))),
      positions: line.positions + 1,
    });
  }
  return [...lines.values()].sort((a, b) =>
    a.mode === b.mode
      ? a.currency < b.currency ? -1 : 1
      : a.mode === "live"
      ? -1
      : 1
  );
}
