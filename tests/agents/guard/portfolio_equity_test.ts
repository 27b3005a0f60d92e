import assert from "node:assert/strict";
import * as fc from "fast-check";
import { PortfolioEquity } from "../../../agents/guard/portfolio_equity.ts";
import { equityFigures } from "../../../agents/risk/portfolio/equity_track.ts";
import { assertNear } from "../../support/assert_near.ts";

const amountArb = fc.integer({ min: 100, max: 100_000 }).map(String);

function member(agentId: string, equity: string | null, dayStart = "1000") {
  return { agentId, equity, dayStart };
}

Deno.test("PortfolioEquity keeps its drawdown in percent when accounts come and go", () => {
  fc.assert(
    fc.property(
      fc.array(amountArb, { minLength: 3, maxLength: 6 }),
      fc.integer({ min: 1, max: 90 }),
      amountArb,
      (equities, lossPct, coming) => {
        const equity = new PortfolioEquity();
        const at = (part: number) =>
          equities.map((value, index) =>
            member(String(index), String(Number(value) * part), "0")
          );
        equity.follow(at(1));
        const fallen = at(1 - lossPct / 100);
        const before = equityFigures(equity.follow(fallen)).drawdownPct!;
        assertNear(before, lossPct, 1e-6);
        const joined = [...fallen, member("new", coming, "0")];
        const after = equityFigures(equity.follow(joined)).drawdownPct!;
        assertNear(after, before, 1e-4);
        const left = equityFigures(equity.follow(joined.slice(1))).drawdownPct!;
        assertNear(left, before, 1e-4);
      },
    ),
    { seed: 20_284, numRuns: 100 },
  );
});

Deno.test("PortfolioEquity begins with the loss of the day, and knows nothing while an account is unknown", () => {
  const equity = new PortfolioEquity();
  const first = equityFigures(equity.follow([member("a", "900")]));
  assertNear(first.drawdownPct!, 10, 1e-9);
  assert.equal(first.dailyLoss, "100");
  const unknown = equityFigures(
    equity.follow([member("a", "900"), member("b", null)]),
  );
  assert.equal(unknown.equity, null);
  assert.equal(unknown.drawdownPct, null);
  assert.equal(unknown.dailyLossPct, null);
});

Deno.test("PortfolioEquity takes the next known equity as its peak after a release", () => {
  const equity = new PortfolioEquity();
  equity.follow([member("a", "1000")]);
  equity.follow([member("a", "800")]);
  equity.resetPeak();
  const released = equityFigures(equity.follow([member("a", "800")]));
  assert.equal(released.drawdownPct, 0);
  assertNear(released.maxDrawdownPct, 20, 1e-9);
  const restored = new PortfolioEquity();
  restored.restore(structuredClone(equity.snapshot()));
  const next = restored.follow([member("a", "600")]);
  assertNear(equityFigures(next).drawdownPct!, 25, 1e-9);
});
