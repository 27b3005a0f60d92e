import type { RiskDrawdown } from "../../contracts/fleet_risk.ts";
import type { EquityPoint } from "../../contracts/account.ts";
import { compareText, hasBooks, isMissed, type RiskFact } from "./facts.ts";
import { DRAWDOWN_POINTS, DRAWDOWNS_SHOWN } from "./limits.ts";

/** The curves of the agents that are nearest to their drawdown limit. */
export function drawdownsOf(facts: readonly RiskFact[]): RiskDrawdown[] {
  return facts
    .filter((fact) =>
      hasBooks(fact) && isMissed(fact) &&
      (fact.account?.drawdownPct ?? null) !== null
    )
    .map((fact) => ({ fact, share: shareOf(fact) }))
    .sort((a, b) =>
      b.share - a.share ||
      compareText(a.fact.record.config.name, b.fact.record.config.name) ||
      compareText(a.fact.record.id, b.fact.record.id)
    )
    .slice(0, DRAWDOWNS_SHOWN)
    .map(({ fact: { record: { id, config }, account, equity } }) => ({
      agentId: id,
      name: config.name,
      mode: config.mode,
      drawdownPct: account!.drawdownPct!,
      limitPct: config.risk.maxDrawdownPct,
      points: underWater(equity, {
        start: config.risk.initialCapital,
        now: account!.marketAt === null ? null : {
          at: account!.marketAt,
          drawdownPct: account!.drawdownPct!,
        },
      }),
    }));
}

function shareOf({ record, account }: RiskFact): number {
  return account!.drawdownPct! / record.config.risk.maxDrawdownPct;
}

/**
 * A curve below its highest value so far, which the start belongs to. Points
 * are left out evenly beyond what is shown, the deepest of each stretch stays.
 */
export function underWater(
  equity: readonly EquityPoint[],
  { start, now }: {
    start: string;
    now: { at: number; drawdownPct: number } | null;
  },
): { at: number; drawdownPct: number }[] {
  let peak = Number(start);
  const points = equity.map(({ at, equity }) => {
    const value = Number(equity);
    peak = Math.max(peak, value);
    return {
      at,
      drawdownPct: peak <= 0 ? 0 : roundPct(100 - 100 * value / peak),
    };
  });
  // What is known now is newer than the last point, also within its candle.
  if (now !== null) {
    if (now.at <= (points.at(-1)?.at ?? -Infinity)) points.pop();
    points.push(now);
  }
  return deepest(points, DRAWDOWN_POINTS);
}

function deepest<Point extends { drawdownPct: number }>(
  points: readonly Point[],
  most: number,
): Point[] {
  if (points.length <= most) return [...points];
  const inner = points.slice(1, -1);
  const size = inner.length / (most - 2);
  const kept = Array.from({ length: most - 2 }, (_, index) =>
    inner
      .slice(Math.floor(index * size), Math.floor((index + 1) * size))
      .reduce((a, b) => b.drawdownPct > a.drawdownPct ? b : a));
  return [points[0]!, ...kept, points.at(-1)!];
}

function roundPct(percent: number): number {
  return Math.max(0, Math.round(percent * 10_000) / 10_000);
}
