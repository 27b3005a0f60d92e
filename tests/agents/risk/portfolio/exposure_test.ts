import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  concentrationOf,
  exposureByMarket,
  exposureFigures,
} from "../../../../agents/risk/portfolio/exposure.ts";
import {
  holdPosition,
  markPositions,
  type PortfolioPosition,
} from "../../../../agents/risk/portfolio/held_position.ts";
import { decimal } from "../../../../lib/core/decimal.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { position } from "./portfolio_cases.ts";

const PROPERTY = { seed: 20_274, numRuns: 100 };

function exposures(
  positions: readonly PortfolioPosition[],
  marks: Readonly<Record<string, string | null>>,
) {
  return exposureByMarket(
    markPositions(positions.map(holdPosition), new Map(Object.entries(marks))),
  );
}

const LONG_A = position(0, { symbol: "A", direction: "long", quantity: "2.5" });
const SHORT_A = position(1, { symbol: "A", direction: "short", quantity: "1" });
const SHORT_B = position(2, {
  symbol: "B",
  direction: "short",
  quantity: "40",
});

Deno.test("exposureFigures() adds up markets and sides exactly", () => {
  const found = exposures([LONG_A, SHORT_A, SHORT_B], { A: "100.1", B: "0.3" });
  assert.deepEqual(
    exposureFigures(found, {
      equity: decimal("1000"),
      working: decimal("100"),
    }),
    {
      markets: [
        { symbol: "A", long: "250.25", short: "100.1", net: "150.15" },
        { symbol: "B", long: "0", short: "12", net: "-12" },
      ],
      long: "250.25",
      short: "112.1",
      gross: "362.35",
      net: "138.15",
      grossPct: 36.235,
      netPct: 13.815,
      working: "100",
      committedPct: 46.235,
      unknown: [],
    },
  );
});

for (const price of [null, "0", "-1", "NaN", "1e5", ""]) {
  Deno.test(`exposureFigures() has no total with a mark price ${JSON.stringify(price)}`, () => {
    const found = exposures([LONG_A, SHORT_B], { A: "100", B: price });
    const figures = exposureFigures(found, {
      equity: decimal("1000"),
      working: decimal("100"),
    });
    assert.equal(figures.gross, null);
    assert.equal(figures.grossPct, null);
    assert.deepEqual(figures.unknown, ["B"]);
    assert.equal(figures.markets[0]!.net, "250");
    assert.equal(figures.markets[1]!.net, null);
    assert.equal(concentrationOf(found, decimal("1000")).herfindahl, null);
  });
}

Deno.test("exposureFigures() has no part of an equity that is unknown or not positive", () => {
  const found = exposures([LONG_A], { A: "100" });
  for (const equity of [null, decimal("0"), decimal("-5")]) {
    const figures = exposureFigures(found, { equity, working: decimal("0") });
    assert.equal(figures.gross, "250");
    assert.equal(figures.grossPct, null);
    assert.equal(concentrationOf(found, equity).largestToEquityPct, null);
    assert.equal(concentrationOf(found, equity).largestSharePct, 100);
  }
});

Deno.test("concentrationOf() nothing is 0, of equal markets 1/n, whichever their side", () => {
  assert.deepEqual(concentrationOf([], decimal("1")), {
    herfindahl: 0,
    largest: null,
    largestSharePct: 0,
    largestToEquityPct: 0,
  });
  const equal = exposures([
    position(0, { symbol: "A", direction: "long" }),
    position(1, { symbol: "B", direction: "short" }),
  ], { A: "10", B: "10" });
  const found = concentrationOf(equal, decimal("4000"));
  assertNear(found.herfindahl, 0.5, 1e-12);
  assert.equal(found.largestSharePct, 50);
  assert.equal(found.largestToEquityPct, 25);
});

Deno.test("concentrationOf() lies between 1/n and 1, and its largest share is at least the index", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), {
        minLength: 1,
        maxLength: 20,
      }),
      (quantities) => {
        const positions = quantities.map((quantity, index) =>
          position(index, { quantity: String(quantity) })
        );
        const marks = Object.fromEntries(
          positions.map(({ symbol }) => [symbol, "1.5"]),
        );
        const { herfindahl, largestSharePct } = concentrationOf(
          exposures(positions, marks),
          null,
        );
        assert(herfindahl! >= 1 / quantities.length - 1e-12);
        assert(herfindahl! <= largestSharePct! / 100 + 1e-12);
        assert(largestSharePct! <= 100 + 1e-9);
      },
    ),
    PROPERTY,
  );
});

Deno.test("holdPosition() refuses a position without quantity, price or tier", () => {
  assert.throws(() => holdPosition(position(0, { quantity: "0" })), /quantity/);
  assert.throws(
    () => holdPosition(position(0, { entryPrice: "0" })),
    /entry price/,
  );
  assert.throws(
    () => holdPosition(position(0, { margin: { kind: "cross", tiers: [] } })),
    /tier/,
  );
});
