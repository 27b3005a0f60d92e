/**
 * How far leveraged positions are from their liquidation, and how much of them
 * would go if all prices moved by some percent.
 *
 * @module
 */
import {
  type Decimal,
  type DecimalText,
  roundTo,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";
import {
  crossLiquidationPrice,
  type CrossWallet,
  isCrossLiquidated,
} from "./cross_wallet.ts";
import type { MarkedPosition } from "./held_position.ts";

/** Moves of all prices that the ladder has steps for, in percent, down and up. */
export const LADDER_MOVES_PCT = [1, 2, 5, 10, 20, 30] as const;

/** Decimal places of a liquidation price as it is told. */
const PRICE_PLACES = 8;

/** A leveraged position on the ladder. */
export interface LadderRow {
  id: string;
  symbol: string;
  direction: "long" | "short";
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
  /** Notional of the positions that would go, at their marks of now; null where one is unknown. */
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
    steps: [-1, 1].flatMap((sign) =>
      LADDER_MOVES_PCT.map((size) => {
        const movePct = sign * size;
        return isKnown
          ? stepOf(rungs, { movePct, cross })
          : { movePct, notional: null, positions: null };
      })
    ),
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
  const { held, mark, markApprox } = position;
  if (mark === null || markApprox === null) return null;
  const price = held.isolatedLiquidationPrice ??
    (cross === null ? null : crossLiquidationPrice(cross, position));
  if (price === null) return null;
  const distancePct = price.gt(ZERO)
    ? 100 * held.sign * (markApprox - Number(price)) / markApprox
    : Infinity;
  return { position, price, distancePct };
}

function toRow({ position, price, distancePct }: Rung): LadderRow {
  const { held, mark, notional } = position;
  const isFinite = distancePct < Infinity;
  return {
    id: held.id,
    symbol: held.symbol,
    direction: held.direction,
    margin: held.margin!,
    notional: toDecimalText(notional!),
    markPrice: toDecimalText(mark!),
    liquidationPrice: isFinite
      ? toDecimalText(roundTo(price, PRICE_PLACES))
      : null,
    distancePct: isFinite ? distancePct : null,
  };
}

/** Isolated positions go where the move reaches their distance; cross ones all together or not at all. */
function stepOf(
  rungs: readonly Rung[],
  { movePct, cross }: { movePct: number; cross: CrossWallet | null },
): LadderStep {
  const isCrossGone = cross !== null &&
    isCrossLiquidated(cross, () => movePct / 100);
  let notional = ZERO;
  let count = 0;
  for (const { position, distancePct } of rungs) {
    const { held } = position;
    const against = -held.sign * movePct;
    const isGone = held.margin === "cross"
      ? isCrossGone
      : against >= distancePct;
    if (!isGone) continue;
    notional = notional.plus(position.notional!);
    count++;
  }
  return { movePct, notional: toDecimalText(notional), positions: count };
}
