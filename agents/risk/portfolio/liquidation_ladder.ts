/**
 * How far leveraged positions are from their liquidation, and how much of them
 * would go if all prices moved by some percent.
 *
 * @module
 */
import type { Direction } from "../../../lib/contracts/primitives.ts";
import {
  type Decimal,
  type DecimalText,
  estimateOf,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";
import {
  crossLiquidationPrice,
  type CrossWallet,
  isCrossLiquidated,
} from "./cross_wallet.ts";
import { estimateText } from "./estimate_text.ts";
import type { MarkedPosition } from "./held_position.ts";

/** Moves of all prices that the ladder has steps for, in percent, down and up. */
export const LADDER_MOVES_PCT = [1, 2, 5, 10, 20, 30] as const;

/** A leveraged position on the ladder. */
export interface LadderRow {
  id: string;
  symbol: string;
  direction: Direction;
  margin: "isolated" | "cross";
  notional: DecimalText;
  markPrice: DecimalText;
  /** Null where no price above 0 liquidates it. */
  liquidationPrice: DecimalText | null;
  /** Way from the mark to it in percent of the mark; 0 or less is reached. Null as the price is. */
  distancePct: number | null;
}

/** What would be liquidated if all prices moved by as much. */
export interface LadderStep {
  /** Negative is down. */
  movePct: number;
  /** Notional of the positions that would go, at their marks of now, an estimate; null where one is unknown. */
  notional: DecimalText | null;
  positions: number | null;
}

/** The whole ladder. */
export interface LiquidationLadder {
  /** Nearest first, then those that cannot be liquidated. */
  rows: readonly LadderRow[];
  /** Down from −1 to −30 %, then up from 1 to 30 %. */
  steps: readonly LadderStep[];
  /** Way to the nearest liquidation in percent; null without one, and where one is unknown. */
  nearestPct: number | null;
  /** Leveraged positions whose mark or wallet is unknown. */
  unknown: readonly string[];
}

/** Makes the ladder. `cross` is null where the wallet is unknown; it matters to positions in cross margin only. */
export function liquidationLadder(
  positions: readonly MarkedPosition[],
  cross: CrossWallet | null,
): LiquidationLadder {
  const rungs: Rung[] = [];
  const unknown: string[] = [];
  for (const position of positions) {
    const { margin, id } = position.held;
    if (margin === null) continue;
    const rung = rungOf(position, cross);
    if (rung === null) unknown.push(id);
    else rungs.push(rung);
  }
  rungs.sort((a, b) => a.distancePct - b.distancePct);
  const isKnown = unknown.length === 0;
  const nearest = rungs[0]?.distancePct ?? Infinity;
  return {
    rows: rungs.map(toRow),
    steps: [
      ...stepsOf(rungs, { direction: "long", cross, isKnown }),
      ...stepsOf(rungs, { direction: "short", cross, isKnown }),
    ],
    nearestPct: isKnown && nearest < Infinity ? nearest : null,
    unknown,
  };
}

interface Rung {
  position: MarkedPosition;
  price: Decimal;
  /** Infinite where no price above 0 liquidates it. */
  distancePct: number;
}

function rungOf(
  position: MarkedPosition,
  cross: CrossWallet | null,
): Rung | null {
  const { held, markApprox } = position;
  if (markApprox === null) return null;
  const price = held.isolatedLiquidationPrice ??
    (cross === null ? null : crossLiquidationPrice(cross, held));
  if (price === null) return null;
  const distancePct = price.gt(ZERO)
    ? 100 * held.sign *
      (markApprox - (held.isolatedLiquidationApprox ?? estimateOf(price))) /
      markApprox
    : Infinity;
  return { position, price, distancePct };
}

function toRow({ position, price, distancePct }: Rung): LadderRow {
  const { held, markText, notional } = position;
  const isReachable = distancePct < Infinity;
  return {
    id: held.id,
    symbol: held.symbol,
    direction: held.direction,
    margin: held.margin!,
    notional: toDecimalText(notional!),
    markPrice: markText!,
    liquidationPrice: isReachable
      ? held.isolatedLiquidationText ?? toDecimalText(toBooked(price))
      : null,
    distancePct: isReachable ? distancePct : null,
  };
}

/**
 * Steps of the moves against one direction. Isolated positions go one after the
 * other as the move reaches their distance, cross ones all together or not at
 * all, whichever their direction.
 */
function stepsOf(
  rungs: readonly Rung[],
  { direction, cross, isKnown }: {
    direction: Direction;
    cross: CrossWallet | null;
    isKnown: boolean;
  },
): LadderStep[] {
  const sign = direction === "long" ? -1 : 1;
  if (!isKnown) {
    return LADDER_MOVES_PCT.map((size) => ({
      movePct: sign * size,
      notional: null,
      positions: null,
    }));
  }
  const ofCross = rungs.filter(isCross);
  const isolated = rungs.filter((rung) =>
    !isCross(rung) && rung.position.held.direction === direction
  );
  // Rungs that are reached already count for both directions of a move.
  const reached = rungs.filter((rung) =>
    !isCross(rung) && rung.position.held.direction !== direction &&
    rung.distancePct <= 0
  );
  let gone = sumOf(reached);
  const crossNotional = sumOf(ofCross);
  let next = 0;
  return LADDER_MOVES_PCT.map((size) => {
    const movePct = sign * size;
    while (next < isolated.length && isolated[next]!.distancePct <= size) {
      gone += estimateOf(isolated[next]!.position.notional!);
      next++;
    }
    const isCrossGone = cross !== null &&
      isCrossLiquidated(cross, () => movePct / 100);
    const total = isCrossGone ? gone + crossNotional : gone;
    return {
      movePct,
      notional: estimateText(total),
      positions: reached.length + next + (isCrossGone ? ofCross.length : 0),
    };
  });
}

function isCross({ position }: Rung): boolean {
  return position.held.margin === "cross";
}

function sumOf(rungs: readonly Rung[]): number {
  return rungs.reduce(
    (sum, { position }) => sum + estimateOf(position.notional!),
    0,
  );
}
