import type { RiskMoney } from "../../contracts/fleet_risk.ts";
import {
  type Decimal,
  decimal,
  divide,
  ONE,
  roundTo,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import {
  byMoney,
  compareMoney,
  hasBooks,
  type RiskFact,
  sumKnown,
} from "./facts.ts";

const HUNDRED = decimal(100);

/** Equity, result of the day and drawdown by mode and currency, live first. */
export function moneyOf(facts: readonly RiskFact[]): RiskMoney[] {
  return byMoney(facts.filter(hasBooks))
    .map(({ key, facts }): RiskMoney => {
      const equities = facts.flatMap(({ account }) => account?.equity ?? []);
      const days = facts.flatMap(({ account }) => account?.dayPnl ?? []);
      return {
        ...key,
        agents: facts.length,
        known: equities.length,
        equity: textOfSum(equities),
        dayPnl: textOfSum(days),
        drawdownPct: drawdownOf(facts),
      };
    })
    .sort(compareMoney);
}

function textOfSum(amounts: readonly string[]): string | null {
  if (amounts.length === 0) return null;
  return toDecimalText(
    amounts.reduce((sum, amount) => sum.plus(decimal(amount)), ZERO),
  );
}

/**
 * How far accounts are below the sum of their own highest equities. These did
 * not come at the same moment, so the drawdown of the sum is no more than this.
 * Null while no account is known.
 */
export function drawdownOf(facts: readonly RiskFact[]): number | null {
  const peaks: Decimal[] = [];
  const equities: Decimal[] = [];
  for (const { account } of facts) {
    const equity = account?.equity ?? null;
    const drawdownPct = account?.drawdownPct ?? null;
    if (equity === null || drawdownPct === null || drawdownPct >= 100) continue;
    const left = ONE.minus(decimal(drawdownPct).div(HUNDRED));
    equities.push(decimal(equity));
    peaks.push(divide(decimal(equity), left));
  }
  const peak = sumKnown(peaks);
  if (peaks.length === 0 || peak === null || peak.lte(ZERO)) return null;
  const lost = peak.minus(sumKnown(equities)!);
  return Number(roundTo(divide(lost.times(HUNDRED), peak), 6));
}
