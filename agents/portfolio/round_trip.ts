/**
 * One round trip of an account: the open position, and what it was when it is
 * flat again. A pair has a second leg, which is entered and left together with
 * the first.
 *
 * @module
 */
import { assert } from "../../lib/core/assert.ts";
import {
  type Decimal,
  decimal,
  divide,
  toBooked,
  ZERO,
} from "../../lib/core/decimal.ts";
import type { Fill, HedgeFill, OrderRole } from "../../lib/contracts/order.ts";
import type { Direction, EpochMs } from "../../lib/contracts/primitives.ts";

/** The open position with its round trip so far. Quantities in base, values in quote currency. */
export interface OpenPosition {
  direction: Direction;
  /** Open now, positive. */
  quantity: Decimal;
  /** What the open quantity was entered for: sum of price × quantity. */
  cost: Decimal;
  /** Intent that opened the position. */
  intentId: string;
  entrySeq: number;
  entryAt: EpochMs;
  enteredQuantity: Decimal;
  enteredValue: Decimal;
  exitedQuantity: Decimal;
  exitedValue: Decimal;
  /** What the exits so far have won, as booked to cash, before fees. */
  gained: Decimal;
  /** Fees of every fill of this round trip. */
  fees: Decimal;
  /** Funding of this round trip so far: paid (positive) or received. */
  funding: Decimal;
  /** The second leg of a pair, held the other way round. */
  hedge?: HedgePosition;
}

/** The open second leg. It is entered and left as a whole, together with the first. */
export interface HedgePosition {
  quantity: Decimal;
  /** What it was entered for: price × quantity. */
  cost: Decimal;
}

/** A position that went back to flat, as far as fills alone tell. */
export interface ClosedRoundTrip {
  intentId: string;
  direction: Direction;
  quantity: Decimal;
  /** Average of the entry fills. */
  entryPrice: Decimal;
  entrySeq: number;
  entryAt: EpochMs;
  /** Average of the exit fills. */
  exitPrice: Decimal;
  exitSeq: number;
  exitAt: EpochMs;
  exitRole: OrderRole;
  fees: Decimal;
  funding: Decimal;
  /** After fees and funding. */
  netPnl: Decimal;
  /** The second leg of a pair; its result is part of `netPnl`. */
  hedge?: { quantity: Decimal; entryPrice: Decimal; exitPrice: Decimal };
}

/** +1 for long, −1 for short. */
export function directionSign(direction: Direction): 1 | -1 {
  return direction === "long" ? 1 : -1;
}

/** The round trip that its last fill ends. */
export function closeRoundTrip(
  trip: OpenPosition,
  last: Pick<Fill, "role" | "seq" | "at" | "hedge">,
): ClosedRoundTrip {
  return {
    intentId: trip.intentId,
    direction: trip.direction,
    quantity: trip.enteredQuantity,
    entryPrice: toBooked(divide(trip.enteredValue, trip.enteredQuantity)),
    entrySeq: trip.entrySeq,
    entryAt: trip.entryAt,
    exitPrice: toBooked(divide(trip.exitedValue, trip.exitedQuantity)),
    exitSeq: last.seq,
    exitAt: last.at,
    exitRole: last.role,
    fees: trip.fees,
    funding: trip.funding,
    netPnl: trip.gained.minus(trip.fees).minus(trip.funding),
    ...(trip.hedge === undefined || last.hedge === undefined ? {} : {
      hedge: {
        quantity: trip.hedge.quantity,
        entryPrice: toBooked(divide(trip.hedge.cost, trip.hedge.quantity)),
        exitPrice: decimal(last.hedge.price),
      },
    }),
  };
}

/** The second leg that a fill enters. */
export function hedgeOf({ price, quantity }: HedgeFill): HedgePosition {
  return {
    quantity: decimal(quantity),
    cost: decimal(price).times(decimal(quantity)),
  };
}

/** A pair is left as a whole: one leg alone would be a position that nobody asked for. */
export function assertWholePair(
  { position: { hedge }, fill, isLast }: {
    position: OpenPosition;
    fill: Fill;
    isLast: boolean;
  },
): void {
  if (hedge === undefined && fill.hedge === undefined) return;
  const isWhole = hedge !== undefined && fill.hedge !== undefined && isLast &&
    decimal(fill.hedge.quantity).eq(hedge.quantity);
  assert(isWhole, `Fill ${fill.fillId} must close both legs of the pair`);
}

/** What the second leg wins when it is left, in quote currency. */
export function hedgeResult(
  { direction, hedge }: OpenPosition,
  fill: Fill,
): Decimal {
  if (hedge === undefined || fill.hedge === undefined) return ZERO;
  return decimal(fill.hedge.price).times(hedge.quantity).minus(hedge.cost)
    .times(-directionSign(direction));
}
