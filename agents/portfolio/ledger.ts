/**
 * The ledger of one account: a pure fold over fills. The position is linear and
 * settled in quote currency, so `cash` is the wallet balance (capital, plus what
 * was won or lost on closed quantity, less all fees) and an open position adds
 * only its unrealised result.
 *
 * @module
 */
import { assert } from "../../lib/core/assert.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  divide,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../lib/core/decimal.ts";
import type { Fill, HedgeFill, OrderRole } from "../../lib/contracts/order.ts";
import type { Direction, EpochMs } from "../../lib/contracts/primitives.ts";

/**
 * How many fill ids are remembered against repetition. A venue repeats only its
 * latest fills after a reconnect; the paper venue never has more than two fills
 * of one intent under way.
 */
export const REMEMBERED_FILLS = 256;

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

/** The book after some fills. Immutable; amounts are in quote currency. */
export interface Ledger {
  initialCapital: Decimal;
  cash: Decimal;
  /** `cash` as text, kept because it is the equity of every candle without a position. */
  cashText: DecimalText;
  feesPaid: Decimal;
  /** Paid (positive) or received. */
  fundingPaid: Decimal;
  position: OpenPosition | null;
  trades: number;
  wins: number;
  losses: number;
  /** Ids of the latest fills, oldest first. */
  recentFillIds: readonly string[];
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

/** What one fill did. */
export interface LedgerStep {
  ledger: Ledger;
  /** The round trip that this fill completed, or null. */
  closed: ClosedRoundTrip | null;
}

/** An empty book with its capital, in quote currency. */
export function openLedger(initialCapital: DecimalText): Ledger {
  const capital = decimal(initialCapital);
  return {
    initialCapital: capital,
    cash: capital,
    cashText: toDecimalText(capital),
    feesPaid: ZERO,
    fundingPaid: ZERO,
    position: null,
    trades: 0,
    wins: 0,
    losses: 0,
    recentFillIds: [],
  };
}

/**
 * Books one fill. A fill whose id is known changes nothing.
 *
 * @throws {DefectError} If the fill is not positive, or would turn the position
 * to the other side at once (exits are reduce-only, so no venue may do that).
 */
export function applyFill(ledger: Ledger, fill: Fill): LedgerStep {
  if (ledger.recentFillIds.includes(fill.fillId)) {
    return { ledger, closed: null };
  }
  const price = decimal(fill.price);
  const quantity = decimal(fill.quantity);
  const fee = fill.hedge === undefined
    ? decimal(fill.fee)
    : decimal(fill.fee).plus(decimal(fill.hedge.fee));
  assert(
    price.gt(ZERO) && quantity.gt(ZERO),
    `Fill ${fill.fillId} must have a positive price and quantity, was ${fill.price} and ${fill.quantity}`,
  );
  const direction: Direction = fill.side === "buy" ? "long" : "short";
  const { position } = ledger;
  return position === null || position.direction === direction
    ? enter({ ledger, fill, price, quantity, fee, direction })
    : exit({ ledger, position, fill, price, quantity, fee });
}

/**
 * Books funding of the open position: `amount` is paid where it is positive,
 * received where it is negative, in quote currency.
 *
 * @throws {DefectError} Without a position.
 */
export function applyFunding(ledger: Ledger, amount: Decimal): Ledger {
  const { position } = ledger;
  assert(position !== null, "Funding needs an open position");
  const cash = ledger.cash.minus(amount);
  return {
    ...ledger,
    cash,
    cashText: toDecimalText(cash),
    fundingPaid: ledger.fundingPaid.plus(amount),
    position: { ...position, funding: position.funding.plus(amount) },
  };
}

/** Result of all closed quantity less every fee and funding paid, in quote currency: cash − initial capital. */
export function realizedPnl(ledger: Ledger): Decimal {
  return ledger.cash.minus(ledger.initialCapital);
}

/** Average entry price of the open quantity, in quote currency. */
export function averageEntryPrice(position: OpenPosition): Decimal {
  return divide(position.cost, position.quantity);
}

/** +1 for long, −1 for short. */
export function directionSign(direction: Direction): 1 | -1 {
  return direction === "long" ? 1 : -1;
}

interface BookedFill {
  ledger: Ledger;
  fill: Fill;
  price: Decimal;
  quantity: Decimal;
  fee: Decimal;
}

function enter(
  options: BookedFill & { direction: Direction },
): LedgerStep {
  const { ledger, fill, price, quantity, fee, direction } = options;
  const value = price.times(quantity);
  const before = ledger.position;
  assert(
    before === null || (before.hedge === undefined && fill.hedge === undefined),
    `Fill ${fill.fillId} would add to a pair`,
  );
  const position: OpenPosition = before === null
    ? {
      direction,
      quantity,
      cost: value,
      intentId: fill.intentId,
      entrySeq: fill.seq,
      entryAt: fill.at,
      enteredQuantity: quantity,
      enteredValue: value,
      exitedQuantity: ZERO,
      exitedValue: ZERO,
      gained: ZERO,
      fees: fee,
      funding: ZERO,
      ...(fill.hedge === undefined ? {} : { hedge: hedgeOf(fill.hedge) }),
    }
    : {
      ...before,
      quantity: before.quantity.plus(quantity),
      cost: before.cost.plus(value),
      enteredQuantity: before.enteredQuantity.plus(quantity),
      enteredValue: before.enteredValue.plus(value),
      fees: before.fees.plus(fee),
    };
  return {
    ledger: book(ledger, { fill, fee, gain: ZERO, position }),
    closed: null,
  };
}

function exit(options: BookedFill & { position: OpenPosition }): LedgerStep {
  const { ledger, position, fill, price, quantity, fee } = options;
  assert(
    quantity.lte(position.quantity),
    `Fill ${fill.fillId} of ${fill.quantity} would exceed the open ${
      toDecimalText(position.quantity)
    }`,
  );
  const value = price.times(quantity);
  const isLast = quantity.eq(position.quantity);
  // The last exit takes the whole remaining cost, so a rounded share of an
  // earlier partial exit never leaves a residue in cash.
  const costShare = isLast
    ? position.cost
    : divide(position.cost.times(quantity), position.quantity);
  const sign = directionSign(position.direction);
  assertWholePair({ position, fill, isLast });
  const hedgeGain = hedgeResult(position, fill);
  const gain = toBooked(value.minus(costShare).times(sign).plus(hedgeGain));
  const after: OpenPosition = {
    ...position,
    quantity: position.quantity.minus(quantity),
    cost: position.cost.minus(costShare),
    exitedQuantity: position.exitedQuantity.plus(quantity),
    exitedValue: position.exitedValue.plus(value),
    gained: position.gained.plus(gain),
    fees: position.fees.plus(fee),
  };
  if (!isLast) {
    return {
      ledger: book(ledger, { fill, fee, gain, position: after }),
      closed: null,
    };
  }
  const closed = closeRoundTrip(after, fill);
  const booked = book(ledger, { fill, fee, gain, position: null });
  return {
    ledger: {
      ...booked,
      trades: booked.trades + 1,
      wins: booked.wins + (closed.netPnl.gt(ZERO) ? 1 : 0),
      losses: booked.losses + (closed.netPnl.lt(ZERO) ? 1 : 0),
    },
    closed,
  };
}

function closeRoundTrip(trip: OpenPosition, last: Fill): ClosedRoundTrip {
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

function hedgeOf({ price, quantity }: HedgeFill): HedgePosition {
  return {
    quantity: decimal(quantity),
    cost: decimal(price).times(decimal(quantity)),
  };
}

/** A pair is left as a whole: one leg alone would be a position that nobody asked for. */
function assertWholePair(
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
function hedgeResult(
  { direction, hedge }: OpenPosition,
  fill: Fill,
): Decimal {
  if (hedge === undefined || fill.hedge === undefined) return ZERO;
  return decimal(fill.hedge.price).times(hedge.quantity).minus(hedge.cost)
    .times(-directionSign(direction));
}

function book(
  ledger: Ledger,
  change: {
    fill: Fill;
    fee: Decimal;
    gain: Decimal;
    position: OpenPosition | null;
  },
): Ledger {
  const cash = ledger.cash.plus(change.gain).minus(change.fee);
  return {
    ...ledger,
    cash,
    cashText: toDecimalText(cash),
    feesPaid: ledger.feesPaid.plus(change.fee),
    position: change.position,
    recentFillIds: [
      ...ledger.recentFillIds.slice(1 - REMEMBERED_FILLS),
      change.fill.fillId,
    ],
  };
}
