import assert from "node:assert/strict";
import * as fc from "fast-check";
import { crossWalletOf } from "../../../../agents/risk/portfolio/cross_wallet.ts";
import {
  holdPosition,
  markPositions,
  type PortfolioPosition,
} from "../../../../agents/risk/portfolio/held_position.ts";
import {
  LADDER_MOVES_PCT,
  liquidationLadder,
} from "../../../../agents/risk/portfolio/liquidation_ladder.ts";
import { isLiquidated } from "../../../../agents/risk/liquidation.ts";
import { decimal } from "../../../../lib/core/decimal.ts";
import { position, symbolOf, TIERS } from "./portfolio_cases.ts";

const PROPERTY = { seed: 20_276, numRuns: 100 };

function ladder(
  positions: readonly PortfolioPosition[],
  { marks, wallet = null }: {
    marks: Readonly<Record<string, string>>;
    wallet?: string | null;
  },
) {
  const marked = markPositions(
    positions.map(holdPosition),
    new Map(Object.entries(marks)),
  ).positions;
  return liquidationLadder(
    marked,
    crossWalletOf(wallet === null ? null : decimal(wallet), marked),
  );
}

/** Binance's published example of two positions in one wallet; single tiers of rate and amount. */
const ETH = position(0, {
  id: "eth",
  symbol: "ETH",
  direction: "long",
  quantity: "3683.979",
  entryPrice: "1456.84",
  margin: {
    kind: "cross",
    tiers: [{ fromNotional: "0", rate: "0" }, {
      fromNotional: "1353650",
      rate: "0.10",
    }],
  },
});
const BTC = position(1, {
  id: "btc",
  symbol: "BTC",
  direction: "long",
  quantity: "109.488",
  entryPrice: "32481.98",
  margin: {
    kind: "cross",
    tiers: [{ fromNotional: "0", rate: "0" }, {
      fromNotional: "652000",
      rate: "0.025",
    }],
  },
});

Deno.test("liquidationLadder() of cross margin has the prices that Binance publishes, nearest first", () => {
  const found = ladder([BTC, ETH], {
    marks: { ETH: "1335.18", BTC: "31967.27" },
    wallet: "1535443.01",
  });
  assert.deepEqual(
    found.rows.map(({ id, liquidationPrice }) => [
      id,
      Number(liquidationPrice).toFixed(2),
    ]),
    [["eth", "1153.26"], ["btc", "26316.89"]],
  );
  assert(found.rows[0]!.distancePct! < found.rows[1]!.distancePct!);
  assert.equal(found.nearestPct, found.rows[0]!.distancePct);
  // Both fall at once, so the wallet is gone before either price alone.
  assert.deepEqual(
    found.steps.filter(({ positions }) => positions !== 0)
      .map(({ movePct, positions }) => [movePct, positions]),
    [[-10, 2], [-20, 2], [-30, 2]],
  );
});

Deno.test("liquidationLadder() of isolated margin counts what each move liquidates", () => {
  const margin = { kind: "isolated", wallet: "1000", tiers: TIERS } as const;
  const found = ladder([
    position(0, { direction: "long", margin: { ...margin, wallet: "2000" } }),
    position(1, { direction: "long", margin }),
    position(2, { direction: "short", margin: { ...margin, wallet: "500" } }),
    position(3, { direction: "long", margin: null }),
  ], {
    marks: Object.fromEntries([0, 1, 2, 3].map((i) => [symbolOf(i), "100"])),
  });
  // Liquidation at 1 − 1/lev over 1 − 0.4 %: 80.32, 90.36 for longs; 104.58 for the short.
  assert.deepEqual(
    found.rows.map(({ id, distancePct }) => [id, distancePct!.toFixed(2)]),
    [["p2", "4.58"], ["p1", "9.64"], ["p0", "19.68"]],
  );
  assert.deepEqual(
    found.steps.map(({ movePct, notional }) => [movePct, notional]),
    [
      [-1, "0"],
      [-2, "0"],
      [-5, "0"],
      [-10, "10000"],
      [-20, "20000"],
      [-30, "20000"],
      [1, "0"],
      [2, "0"],
      [5, "10000"],
      [10, "10000"],
      [20, "10000"],
      [30, "10000"],
    ],
  );
  assert.deepEqual(found.unknown, []);
});

Deno.test("liquidationLadder() is unknown with an unknown mark or wallet", () => {
  const isolated = ladder([position(0), position(1)], {
    marks: { [symbolOf(0)]: "100" },
  });
  assert.deepEqual(isolated.unknown, ["p1"]);
  assert.equal(isolated.nearestPct, null);
  assert(isolated.steps.every(({ notional }) => notional === null));
  assert.equal(isolated.rows.length, 1);
  const cross = ladder([ETH], { marks: { ETH: "1335.18" } });
  assert.deepEqual(cross.unknown, ["eth"]);
});

Deno.test("liquidationLadder() has no price for a position whose margin outlives a price of 0", () => {
  const found = ladder([
    position(1, {
      margin: { kind: "isolated", wallet: "20000", tiers: TIERS },
    }),
  ], { marks: { [symbolOf(1)]: "100" } });
  assert.equal(found.rows[0]!.liquidationPrice, null);
  assert.equal(found.rows[0]!.distancePct, null);
  assert.equal(found.nearestPct, null);
  assert(found.steps.every(({ positions }) => positions === 0));
});

Deno.test("liquidationLadder() counts a position that is reached already whichever way prices move", () => {
  const found = ladder([position(1)], { marks: { [symbolOf(1)]: "70" } });
  assert(found.nearestPct! < 0);
  assert(found.steps.every(({ positions }) => positions === 1));
});

Deno.test("liquidationLadder() agrees with the venue's rule at every step", () => {
  const positionArb = fc.record({
    direction: fc.constantFrom("long" as const, "short" as const),
    quantity: fc.integer({ min: 1, max: 20_000 }),
    leverage: fc.integer({ min: 2, max: 50 }),
    mark: fc.integer({ min: 90, max: 110 }),
  });
  fc.assert(
    fc.property(
      fc.array(positionArb, { minLength: 1, maxLength: 8, size: "max" }),
      (cases) => {
        const positions = cases.map((
          { direction, quantity, leverage },
          index,
        ) =>
          position(index, {
            direction,
            quantity: String(quantity),
            margin: {
              kind: "isolated",
              wallet: String(quantity * 100 / leverage),
              tiers: TIERS,
            },
          })
        );
        const found = ladder(positions, {
          marks: Object.fromEntries(
            cases.map(({ mark }, index) => [symbolOf(index), String(mark)]),
          ),
        });
        for (const { movePct, positions: count } of found.steps) {
          const expected = positions.map(holdPosition).filter((held, index) => {
            const at = (move: number) =>
              isLiquidated({
                position: held,
                wallet: held.wallet!,
                tiers: held.tiers,
                markPrice: decimal(cases[index]!.mark)
                  .times(decimal(100 + move)).div(100),
              });
            return at(0) || at(movePct);
          });
          assert.equal(count, expected.length, `${movePct} %`);
        }
        assert.equal(found.steps.length, 2 * LADDER_MOVES_PCT.length);
      },
    ),
    PROPERTY,
  );
});
