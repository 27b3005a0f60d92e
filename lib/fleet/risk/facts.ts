import type { AccountView } from "../../contracts/account.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { type Decimal, decimal, ZERO } from "../../core/decimal.ts";
import { isMeantToRun } from "../guards/scope.ts";
import type { AgentEntry } from "../registry.ts";

/** What the figures of one agent are made from. */
export type RiskFact = Pick<
  AgentEntry,
  "record" | "observed" | "account" | "equity" | "risk" | "entryBreaker"
>;

/** How real money and simulated money are told apart, and one currency from another. */
export interface MoneyKey {
  mode: "paper" | "live";
  currency: string;
}

/** The quote currency of a market. */
export function currencyOf(symbol: string): string {
  return symbol.split("/")[1] ?? "";
}

/** Whose figures count: an agent with an account that is there to stay, and trades or has traded. */
export function hasBooks({ record, account }: RiskFact): boolean {
  const { type, signalsOnly } = record.config;
  if (!hasAccount(type) || record.desired === "retired") return false;
  return !signalsOnly ||
    account !== null && (account.trades > 0 || account.position !== null);
}

/** Whether an unknown figure of an agent is missed: it is meant to run, or holds something. */
export function isMissed(fact: RiskFact): boolean {
  return isMeantToRun(fact) || (fact.account?.position ?? null) !== null;
}

/** Agents by mode and currency. */
export function byMoney(
  facts: readonly RiskFact[],
): { key: MoneyKey; facts: RiskFact[] }[] {
  const groups = new Map<string, { key: MoneyKey; facts: RiskFact[] }>();
  for (const fact of facts) {
    const { mode, symbol } = fact.record.config;
    const key = { mode, currency: currencyOf(symbol) };
    const name = `${mode} ${key.currency}`;
    const group = groups.get(name) ?? { key, facts: [] };
    group.facts.push(fact);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Live before paper, then by currency. */
export function compareMoney(a: MoneyKey, b: MoneyKey): number {
  return a.mode === b.mode
    ? compareText(a.currency, b.currency)
    : a.mode === "live"
    ? -1
    : 1;
}

/** Order of texts by their code points, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Value of a quantity at a price; null where the price is unknown. */
export function valueAt(
  quantity: string,
  price: string | null,
): Decimal | null {
  return price === null ? null : decimal(quantity).times(decimal(price));
}

/** Exact sum; null where a part of it is unknown. */
export function sumKnown(values: readonly (Decimal | null)[]): Decimal | null {
  let sum = ZERO;
  for (const value of values) {
    if (value === null) return null;
    sum = sum.plus(value);
  }
  return sum;
}

/** What an agent holds at the last prices, both legs counted; 0 without a position, null where a price is unknown. */
export function grossOf({ position }: Pick<AccountView, "position">) {
  if (position === null) return ZERO;
  const { quantity, markPrice, hedge } = position;
  return sumKnown([
    valueAt(quantity, markPrice),
    hedge === undefined ? ZERO : valueAt(hedge.quantity, hedge.markPrice),
  ]);
}

/** Value of the entries that work; null where the price of one is unknown. */
export function workingOf(
  { openOrders, position }: Pick<AccountView, "openOrders" | "position">,
): Decimal | null {
  const lastPrice = position?.markPrice ?? null;
  return sumKnown(
    openOrders.filter(({ role }) => role === "entry").map((order) =>
      valueAt(restOf(order), order.price ?? lastPrice)
    ),
  );
}

function restOf(
  { quantity, filled }: AccountView["openOrders"][number],
): string {
  return filled === undefined
    ? quantity
    : decimal(quantity).minus(decimal(filled)).toFixed();
}

/** What a limit is called that concerns all agents of a key. */
export function keyOf({ exchangeKeyId }: AgentConfig): string | null {
  return exchangeKeyId ?? null;
}
