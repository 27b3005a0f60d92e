import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assessPortfolio } from "../../../../agents/risk/portfolio/assess_portfolio.ts";
import type { PortfolioPosition } from "../../../../agents/risk/portfolio/held_position.ts";
import {
  STRESS_SCENARIOS,
  type StressScenario,
} from "../../../../agents/risk/portfolio/stress.ts";
import { assertNear } from "../../../support/assert_near.ts";
import {
  filledHistory,
  portfolioOf,
  position,
  symbolOf,
  TIERS,
} from "./portfolio_cases.ts";

const PROPERTY = { seed: 20_277, numRuns: 100 };
const HISTORY = filledHistory({ markets: 4, rows: 120, seed: 11 });

function stress(
  scenario: StressScenario,
  {
    positions,
    marks = positions.map(() => "100"),
    crossWallet = null,
  }: {
    positions: readonly PortfolioPosition[];
    marks?: readonly (string | null)[];
    crossWallet?: string | null;
  },
) {
  const input = portfolioOf(positions, {
    scenarios: [scenario],
    crossWallet,
    marks: new Map(
      positions.map(({ symbol }, index) => [symbol, marks[index]!]),
    ),
  });
  return assessPortfolio(HISTORY, input).stress[0]!;
}

const LONG = position(0, { direction: "long" });
const SHORT = position(1, { direction: "short", quantity: "50" });

Deno.test("stressPortfolio() with all markets down adds up the positions and counts what is liquidated", () => {
  const found = stress({ kind: "all", name: "down", movePct: -30 }, {
    positions: [LONG, SHORT],
  });
  assert.equal(found.pnl, "-1500");
  assertNear(found.pnlPct, -0.15, 1e-12);
  assert.equal(found.liquidated, 1);
  assert.equal(found.reason, null);
});

Deno.test("stressPortfolio() moves the largest market alone, against its net position", () => {
  const scenario = {
    kind: "largest",
    name: "largest",
    againstPct: 50,
  } as const;
  const long = stress(scenario, { positions: [LONG, SHORT] });
  assert.equal(long.pnl, "-5000");
  const short = stress(scenario, {
    positions: [LONG, { ...SHORT, quantity: "500" }],
  });
  assert.equal(short.pnl, "-25000");
});

Deno.test("stressPortfolio() moves all markets by their deviation against their positions", () => {
  const found = stress({ kind: "together", name: "one", level: 0.99 }, {
    positions: [LONG, SHORT],
  });
  const z = 2.3263478740408408;
  const loss = z *
    (10_000 * HISTORY.deviation(0)! + 5_000 * HISTORY.deviation(1)!);
  assertNear(Number(found.pnl), -loss, 1e-6);
});

Deno.test("stressPortfolio() takes moves of single markets and of all others; no price falls below 0", () => {
  const found = stress({
    kind: "custom",
    name: "own",
    movesPct: { [symbolOf(0)]: -250 },
    otherwisePct: 10,
  }, { positions: [{ ...LONG, margin: null }, SHORT] });
  assert.equal(found.pnl, "-10500");
  assert.equal(found.liquidated, 0);
});

Deno.test("stressPortfolio() liquidates a cross wallet as a whole", () => {
  const margin = { kind: "cross", tiers: TIERS } as const;
  const options = {
    positions: [{ ...LONG, margin }, { ...SHORT, margin }],
    crossWallet: "1600",
  };
  // −30 %: 1600 − 3000 + 1500 = 100 against 0.4 % of 10,500.
  const held = stress({ kind: "all", name: "", movePct: -30 }, options);
  assert.equal(held.liquidated, 0);
  const gone = stress({ kind: "all", name: "", movePct: -32 }, options);
  assert.equal(gone.liquidated, 2);
  const unknown = stress({ kind: "all", name: "", movePct: -32 }, {
    ...options,
    crossWallet: null,
  });
  assert.equal(unknown.liquidated, null);
  assert.equal(unknown.pnl, "-1600");
  assert.equal(unknown.reason, "The cross margin wallet is unknown");
});

Deno.test("stressPortfolio() is unknown with its reason where a price or a deviation is", () => {
  for (const scenario of STRESS_SCENARIOS) {
    const found = stress(scenario, {
      positions: [LONG, SHORT],
      marks: ["100", null],
    });
    assert.equal(found.pnl, null, scenario.name);
    assert.equal(found.pnlPct, null);
    assert.notEqual(found.reason, null);
  }
  const strange = stress({ kind: "together", name: "", level: 0.99 }, {
    positions: [{ ...LONG, symbol: "STRANGE" }],
  });
  assert.equal(strange.pnl, null);
  assert.equal(strange.reason, "How far STRANGE would move is unknown");
});

Deno.test("stressPortfolio() loses nothing where nothing is held", () => {
  for (const scenario of STRESS_SCENARIOS) {
    const found = stress(scenario, { positions: [] });
    assert.equal(found.pnl, "0");
    assert.equal(found.liquidated, 0);
  }
});

Deno.test("stressPortfolio() of a move and of its opposite are each other's negative", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.integer({ min: 1, max: 10_000 }), {
        minLength: 1,
        maxLength: 4,
      }),
      (movePct, quantities) => {
        const positions = quantities.map((quantity, index) =>
          position(index, { quantity: String(quantity) })
        );
        const up = stress({ kind: "all", name: "", movePct }, { positions });
        const down = stress({ kind: "all", name: "", movePct: -movePct }, {
          positions,
        });
        assertNear(Number(up.pnl) + Number(down.pnl), 0, 1e-6);
      },
    ),
    PROPERTY,
  );
});
