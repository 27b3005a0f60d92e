/** Portfolios for tests and the benchmark, the same from the same seed. */
import { startEquityTrack } from "../../../../agents/risk/portfolio/equity_track.ts";
import type { PortfolioInput } from "../../../../agents/risk/portfolio/assess_portfolio.ts";
import {
  holdPosition,
  type PortfolioPosition,
} from "../../../../agents/risk/portfolio/held_position.ts";
import { ReturnHistory } from "../../../../agents/risk/portfolio/return_history.ts";
import { createRng, type Rng } from "../../../../lib/core/rng.ts";

/** Maintenance tiers like those of large markets at an exchange. */
export const TIERS = [
  { fromNotional: "0", rate: "0.004" },
  { fromNotional: "50000", rate: "0.005" },
  { fromNotional: "250000", rate: "0.01" },
  { fromNotional: "1000000", rate: "0.025" },
];

export function symbolOf(index: number): string {
  return `C${index}/USDT`;
}

/** One row of returns with a part that all markets share. */
export function randomRow(rng: Rng, markets: number): Map<string, number> {
  const shared = 0.01 * (rng.next() + rng.next() + rng.next() - 1.5);
  const row = new Map<string, number>();
  for (let index = 0; index < markets; index++) {
    const own = 0.01 * (rng.next() + rng.next() + rng.next() - 1.5);
    row.set(symbolOf(index), 0.6 * shared + 0.8 * own);
  }
  return row;
}

export function filledHistory(
  { markets, rows, seed }: { markets: number; rows: number; seed: number },
): ReturnHistory {
  const rng = createRng(seed);
  const history = new ReturnHistory({ markets, rows });
  for (let index = 0; index < markets; index++) history.follow(symbolOf(index));
  for (let row = 0; row < rows; row++) history.push(randomRow(rng, markets));
  return history;
}

/** A position of 10,000 in notional at its entry, five times leveraged. */
export function position(
  index: number,
  changes: Partial<PortfolioPosition> = {},
): PortfolioPosition {
  return {
    id: `p${index}`,
    symbol: symbolOf(index),
    direction: index % 3 === 0 ? "short" : "long",
    quantity: "100",
    entryPrice: "100",
    margin: { kind: "isolated", wallet: "2000", tiers: TIERS },
    ...changes,
  };
}

/** A portfolio of so many positions, each in a market of its own at 100 to 103. */
export function portfolioOf(
  positions: readonly PortfolioPosition[],
  changes: Partial<PortfolioInput> = {},
): PortfolioInput {
  return {
    positions: positions.map(holdPosition),
    marks: new Map(
      positions.map(({ symbol }, index) => [
        symbol,
        (100 + index % 7 / 2).toFixed(2),
      ]),
    ),
    equity: startEquityTrack("1000000"),
    crossWallet: null,
    ...changes,
  };
}
