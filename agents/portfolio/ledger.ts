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
import type { Fill } from "../../lib/contracts/order.ts";
import type { Direction } from "../../lib/contracts/primitives.ts";
import {
  assertWholePair,
  type ClosedRoundTrip,
  closeRoundTrip,
  directionSign,
  hedgeOf,
  hedgeResult,
  type OpenPosition,
} from "./round_trip.ts";

export {
  type ClosedRoundTrip,
  directionSign,
  type HedgePosition,
  type OpenPosition,
} from "./round_trip.ts";

/**
 * How many fill ids are remembered against repetition. A venue repeats only its
 * latest fills after a reconnect; the paper venue never has more than two fills
 * of one intent under way.
 */
export const REMEMBERED_FILLS = 256;

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
 * Books funding: `amount` is paid where it is positive, received where it is
 * negative, in quote currency. It belongs to the open position; a venue may book
 * it when that is closed already.
 */
export function applyFunding(ledger: Ledger, amount: Decimal): Ledger {
  const { position } = ledger;
  const cash = ledger.cash.minus(amount);
  return {
    ...ledger,
    cash,
    cashText: toDecimalText(cash),
    fundingPaid: ledger.fundingPaid.plus(amount),
    position: position &&
      { ...position, funding: position.funding.plus(amount) },
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
