/**
 * What a portfolio would lose if prices moved at once, before anybody could
 * act. Results are estimates in floating point, written as decimals. The loss of
 * a position that would be liquidated is counted in full, although isolated
 * margin ends it at the margin: the less favourable reading.
 *
 * @module
 */
import type { DecimalText } from "../../../lib/core/decimal.ts";
import { normalQuantile } from "../../../lib/core/statistics/normal.ts";
import { type CrossWallet, isCrossLiquidated } from "./cross_wallet.ts";
import { estimateText } from "./estimate_text.ts";
import type { MarkedPosition } from "./held_position.ts";

/** A set of moves. Percentages are of the mark price; a price falls by 100 % at most. */
export type StressScenario =
  /** Every price moves alike. */
  | { kind: "all"; name: string; movePct: number }
  /** The market with the largest net exposure moves against it. */
  | { kind: "largest"; name: string; againstPct: number }
  /** Every market moves against its net exposure by its normal quantile at `level`: correlation to one. */
  | { kind: "together"; name: string; level: number }
  /** Moves of single markets, and of all others. */
  | {
    kind: "custom";
    name: string;
    movesPct: Readonly<Record<string, number>>;
    otherwisePct: number;
  };

/** The scenarios of a portfolio that names none. */
export const STRESS_SCENARIOS: readonly StressScenario[] = [
  { kind: "all", name: "All markets fall by 10 %", movePct: -10 },
  { kind: "all", name: "All markets fall by 30 %", movePct: -30 },
  { kind: "all", name: "All markets rise by 20 %", movePct: 20 },
  {
    kind: "largest",
    name: "The largest market moves by 50 % against its position",
    againstPct: 50,
  },
  {
    kind: "together",
    name: "All markets move against their positions at once, 99 % of a period",
    level: 0.99,
  },
];

/** A portfolio under a scenario. */
export interface StressResult {
  name: string;
  kind: StressScenario["kind"];
  /** Change of equity from now; null where a part is unknown. */
  pnl: DecimalText | null;
  /** The same in percent of equity. */
  pnlPct: number | null;
  /** Positions that would be liquidated; null where one is unknown. */
  liquidated: number | null;
  /** Why something is unknown, one sentence. */
  reason: string | null;
}

/** A market that is held. */
export interface StressedMarket {
  symbol: string;
  /** Signed notional; null where unknown. */
  net: number | null;
  /** Of its return over a period, a part of one; null where unknown. */
  deviation: number | null;
}

/** What all scenarios are computed from. */
export interface StressInput {
  positions: readonly MarkedPosition[];
  cross: CrossWallet | null;
  /** Markets of the portfolio in their order. */
  markets: readonly StressedMarket[];
  /** Market with the largest net exposure; null where unknown or nothing is held. */
  largest: string | null;
  /** Null where unknown. */
  equity: number | null;
}

/** Applies one scenario. */
export function stressPortfolio(
  scenario: StressScenario,
  input: StressInput,
): StressResult {
  const moves = input.markets.map((market) => {
    const move = moveOf(scenario, { input, market });
    return move === null ? null : Math.max(-1, move);
  });
  const isCrossGone = crossFate(moves, input.cross);
  let total: number | null = 0;
  let liquidated: number | null = 0;
  for (const position of input.positions) {
    const move = moves[position.market]!;
    const pnl = pnlOf(position, move);
    const isLiquidated = fateOf(position, { move, isCrossGone });
    total = total === null || pnl === null ? null : total + pnl;
    liquidated = liquidated === null || isLiquidated === null
      ? null
      : liquidated + Number(isLiquidated);
  }
  return {
    name: scenario.name,
    kind: scenario.kind,
    pnl: estimateText(total),
    pnlPct: total === null || input.equity === null || !(input.equity > 0)
      ? null
      : 100 * total / input.equity,
    liquidated,
    reason: reasonOf(moves, { markets: input.markets, total, liquidated }),
  };
}

/** Move of a market as a part of its price; null where it is unknown. */
function moveOf(
  scenario: StressScenario,
  { input, market }: { input: StressInput; market: StressedMarket },
): number | null {
  const { symbol, net, deviation } = market;
  switch (scenario.kind) {
    case "all":
      return scenario.movePct / 100;
    case "custom":
      return (scenario.movesPct[symbol] ?? scenario.otherwisePct) / 100;
    case "largest":
      // Which one is largest is unknown as long as any market is.
      if (input.largest === null) return isFlat(input) ? 0 : null;
      if (symbol !== input.largest) return 0;
      return -Math.sign(net!) * scenario.againstPct / 100;
    case "together": {
      if (net === 0) return 0;
      if (net === null || deviation === null) return null;
      return -Math.sign(net) * normalQuantile(scenario.level) * deviation;
    }
  }
}

function isFlat({ markets }: StressInput): boolean {
  return markets.every(({ net }) => net === 0);
}

function pnlOf(
  { held, markApprox }: MarkedPosition,
  move: number | null,
): number | null {
  if (markApprox === null || move === null) return null;
  return held.sign * held.quantityApprox * markApprox * move;
}

/** Null where the wallet or a move in it is unknown. */
function crossFate(
  moves: readonly (number | null)[],
  cross: CrossWallet | null,
): boolean | null {
  if (cross === null) return null;
  const isKnown = cross.positions.every(({ market }) => moves[market] !== null);
  return isKnown ? isCrossLiquidated(cross, (market) => moves[market]!) : null;
}

function fateOf(
  { held, markApprox }: MarkedPosition,
  { move, isCrossGone }: { move: number | null; isCrossGone: boolean | null },
): boolean | null {
  if (held.margin === null) return false;
  if (held.margin === "cross") return isCrossGone;
  if (markApprox === null || move === null) return null;
  const limit = held.isolatedLiquidationApprox!;
  return limit > 0 && held.sign * (markApprox * (1 + move) - limit) <= 0;
}

function reasonOf(
  moves: readonly (number | null)[],
  { markets, total, liquidated }: {
    markets: readonly StressedMarket[];
    total: number | null;
    liquidated: number | null;
  },
): string | null {
  const unmoved = markets.filter((_, place) => moves[place] === null);
  if (unmoved.length > 0) {
    return `How far ${
      unmoved.map(({ symbol }) => symbol).join(", ")
    } would move is unknown`;
  }
  if (total === null) return "A mark price is unknown";
  return liquidated === null ? "The cross margin wallet is unknown" : null;
}
