import {
  type Breakdown,
  BREAKDOWNS,
  HOLDINGS,
} from "../../contracts/analytics.ts";
import { addSums, addTrade, noSums, type Sums } from "./sums.ts";
import type { TradeRow } from "./trade_row.ts";
import type { Zone } from "./zone.ts";

/** What all trades of a tally have in common. */
export interface TallyPlace {
  agentId: string;
  symbol: string;
  zone: Zone;
  /** Closes from then on, and before; null for no bound. Epoch milliseconds. */
  fromAt: number | null;
  beforeAt: number | null;
}

/**
 * Sums over the trades of one agent by everything that they are broken down by.
 * Trades only ever come to it, so a tally that is kept costs nothing but the
 * newest of them, and tallies of several agents add up to one.
 */
export class Tally {
  readonly total: Sums = noSums();
  /** Net results by day of the close, in units. */
  readonly days = new Map<number, bigint>();
  /** Sums by group; the key null is what is not known. */
  readonly groups: ReadonlyMap<Breakdown, Map<string | null, Sums>> = new Map(
    BREAKDOWNS.map((by) => [by, new Map<string | null, Sums>()]),
  );

  /** Adds a trade, if it was closed in the period. */
  add(row: TradeRow, place: TallyPlace): void {
    const { fromAt, beforeAt, zone } = place;
    if (fromAt !== null && row.exitAt < fromAt) return;
    if (beforeAt !== null && row.exitAt >= beforeAt) return;
    addTrade(this.total, row);
    const day = zone.dayOf(row.exitAt);
    this.days.set(day, (this.days.get(day) ?? 0n) + row.netPnl);
    for (const by of BREAKDOWNS) {
      addTrade(this.#groupOf(by, keyOf(by, row, place)), row);
    }
  }

  /** Adds another tally. */
  merge(other: Tally): void {
    addSums(this.total, other.total);
    for (const [day, netPnl] of other.days) {
      this.days.set(day, (this.days.get(day) ?? 0n) + netPnl);
    }
    for (const [by, groups] of other.groups) {
      for (const [key, sums] of groups) addSums(this.#groupOf(by, key), sums);
    }
  }

  #groupOf(by: Breakdown, key: string | null): Sums {
    const groups = this.groups.get(by)!;
    let sums = groups.get(key);
    if (sums === undefined) groups.set(key, sums = noSums());
    return sums;
  }
}

/**
 * What a trade is grouped under. Hours and weekdays are those of the entry,
 * which is what was decided; the market is that of the decision, too.
 */
function keyOf(
  by: Breakdown,
  row: TradeRow,
  { agentId, symbol, zone }: TallyPlace,
): string | null {
  switch (by) {
    case "strategy":
      return row.strategy === "" ? null : row.strategy;
    case "symbol":
      return symbol;
    case "agent":
      return agentId;
    case "trend":
      return row.trend;
    case "volatility":
      return row.volatility;
    case "hour":
      return String(zone.hourOf(row.entryAt));
    case "weekday":
      return String(zone.weekdayOf(row.entryAt));
    case "exit":
      return row.exitRole;
    case "holding":
      return holdingOf(row.exitAt - row.entryAt);
  }
}

function holdingOf(holdMs: number): string {
  let key: string = HOLDINGS[0].key;
  for (const holding of HOLDINGS) {
    if (holdMs >= holding.fromMs) key = holding.key;
  }
  return key;
}
