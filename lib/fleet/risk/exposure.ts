import type { RiskExposure } from "../../contracts/fleet_risk.ts";
import { hedgeSourceOf } from "../../contracts/hedge.ts";
import { type Decimal, toDecimalText, ZERO } from "../../core/decimal.ts";
import {
  compareMoney,
  compareText,
  currencyOf,
  hasBooks,
  type MoneyKey,
  type RiskFact,
  sumKnown,
  valueAt,
  workingOf,
} from "./facts.ts";

interface Held extends MoneyKey {
  symbol: string;
  long: (Decimal | null)[];
  short: (Decimal | null)[];
  working: (Decimal | null)[];
  positions: number;
}

/** What is held of each market by side, and the entries that work there; only markets with either. */
export function exposureOf(facts: readonly RiskFact[]): RiskExposure[] {
  const markets = new Map<string, Held>();
  const marketOf = (mode: MoneyKey["mode"], symbol: string): Held => {
    const name = `${mode} ${symbol}`;
    const held = markets.get(name) ?? {
      mode,
      currency: currencyOf(symbol),
      symbol,
      long: [],
      short: [],
      working: [],
      positions: 0,
    };
    markets.set(name, held);
    return held;
  };
  for (const fact of facts.filter(hasBooks)) addAgent(fact, marketOf);
  return [...markets.values()].map(toExposure).sort((a, b) =>
    compareMoney(a, b) || compareText(a.symbol, b.symbol)
  );
}

function addAgent(
  { record: { config }, account }: RiskFact,
  marketOf: (mode: MoneyKey["mode"], symbol: string) => Held,
): void {
  if (account === null) return;
  const { mode, symbol } = config;
  const { position, openOrders } = account;
  if (openOrders.some(({ role }) => role === "entry")) {
    marketOf(mode, symbol).working.push(workingOf(account));
  }
  if (position === null) return;
  const { direction, quantity, markPrice, hedge } = position;
  const held = marketOf(mode, symbol);
  held[direction].push(valueAt(quantity, markPrice));
  held.positions++;
  const second = hedge === undefined ? null : hedgeSourceOf(config);
  if (hedge === undefined || second === null) return;
  // The second leg is held the other way round.
  const other = marketOf(mode, second.symbol);
  other[direction === "long" ? "short" : "long"].push(
    valueAt(hedge.quantity, hedge.markPrice),
  );
  other.positions++;
}

function toExposure(
  { mode, currency, symbol, positions, ...sides }: Held,
): RiskExposure {
  const long = sumKnown(sides.long);
  const short = sumKnown(sides.short);
  return {
    mode,
    currency,
    symbol,
    long: textOf(long),
    short: textOf(short),
    net: long === null || short === null ? null : textOf(long.minus(short)),
    working: textOf(sumKnown(sides.working)),
    positions,
  };
}

function textOf(amount: Decimal | null): string | null {
  return amount === null
    ? null
    : toDecimalText(amount.eq(ZERO) ? ZERO : amount);
}
