/**
 * How the paper market fills an order against one closed candle. Only open,
 * high, low and close are known, so every rule takes the less favourable of the
 * paths that they allow.
 *
 * The rules and the costs are those of docs/trading-model.md: limits fill when
 * traded through, stops at the stop or at the open of a gap, the stop before the
 * target; 5 bp for takers, 2 bp for makers, 2 bp of slippage.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  ONE,
  toBooked,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import type { Candle } from "../../lib/contracts/candle.ts";
import type { Fill, OpenOrder, OrderRole } from "../../lib/contracts/order.ts";
import type { Side } from "../../lib/contracts/primitives.ts";

/** Part of the notional paid by an order that takes liquidity. */
export const TAKER_FEE_RATE: Decimal = decimal("0.0005");

/** Part of the notional paid by an order that rested. */
export const MAKER_FEE_RATE: Decimal = decimal("0.0002");

/** How much worse than the reference price a market or stop order fills. */
export const SLIPPAGE_RATE: Decimal = decimal("0.0002");

/** What matching needs of an order. `price` is the limit or the trigger as a number, null for a market order. */
export interface MatchableOrder {
  side: Side;
  role: OrderRole;
  type: OpenOrder["type"];
  price: number | null;
  /** Candle after whose close the order was placed (for a bracket: whose fill placed it). */
  placedSeq: number;
}

/** A fill that the candle gives an order. */
export interface Execution {
  /** As booked, slippage included, in quote currency. */
  price: Decimal;
  liquidity: Fill["liquidity"];
  /** Whether it happened at the open: before everything else of the candle. */
  atOpen: boolean;
}

/**
 * Tells whether an order may be filled by this candle. An order lives from the
 * candle after the one it was decided on. A protective stop lives from the very
 * candle that filled its entry (pessimistic: if that candle also traded at the
 * stop, the stop was hit); a target only from the next one, because the candle
 * does not tell whether its extreme came before or after the entry.
 */
export function isLive(order: MatchableOrder, seq: number): boolean {
  return order.role === "stop" ? seq >= order.placedSeq : seq > order.placedSeq;
}

/** Fills an order against a candle, or returns null where the candle did not reach it. */
export function matchOrder(
  order: MatchableOrder,
  candle: Candle,
): Execution | null {
  if (!isLive(order, candle.seq)) return null;
  switch (order.type) {
    case "market":
      return matchMarket(order.side, candle);
    case "stop":
      return matchStop(order, candle);
    case "limit":
      return matchLimit(order, candle);
  }
}

/** A price after slippage: higher for a buy, lower for a sell. */
export function withSlippage(price: Decimal, side: Side): Decimal {
  return toBooked(price.times(
    side === "buy" ? ONE.plus(SLIPPAGE_RATE) : ONE.minus(SLIPPAGE_RATE),
  ));
}

/** Fee of a fill in quote currency: price × quantity × rate. */
export function feeOf(
  fill: { price: Decimal; quantity: Decimal; liquidity: Fill["liquidity"] },
): Decimal {
  const rate = fill.liquidity === "maker" ? MAKER_FEE_RATE : TAKER_FEE_RATE;
  return toBooked(fill.price.times(fill.quantity).times(rate));
}

/** Ids of an order and of its one fill, so that a re-run of a decision names them alike. */
export function orderIdOf(intentId: string, role: OrderRole): string {
  return `${intentId}-${role}`;
}

/** Writes an execution as the fill of an order. */
export function toFill(
  options: { order: OpenOrder; execution: Execution; seq: number; at: number },
): Fill {
  const { order, execution, seq, at } = options;
  const quantity = decimal(order.quantity);
  return {
    fillId: `${order.orderId}-fill`,
    orderId: order.orderId,
    intentId: order.intentId,
    role: order.role,
    side: order.side,
    price: toDecimalText(execution.price),
    quantity: order.quantity,
    fee: toDecimalText(feeOf({ ...execution, quantity })),
    liquidity: execution.liquidity,
    seq,
    at,
  };
}

/** Market orders fill at the open of their first live candle, with slippage. */
function matchMarket(side: Side, candle: Candle): Execution {
  return {
    price: withSlippage(decimal(candle.open), side),
    liquidity: "taker",
    atOpen: true,
  };
}

/** Stops are triggered by a touch and fill at the trigger, or at the open where the market gapped beyond it. */
function matchStop(order: MatchableOrder, candle: Candle): Execution | null {
  const trigger = order.price!;
  const isSell = order.side === "sell";
  if (isSell ? candle.low > trigger : candle.high < trigger) return null;
  const isGap = isSell ? candle.open <= trigger : candle.open >= trigger;
  const reference = decimal(isGap ? candle.open : trigger);
  return {
    price: withSlippage(reference, order.side),
    liquidity: "taker",
    atOpen: isGap,
  };
}

/**
 * Limits fill when the market traded through them: a mere touch leaves the queue
 * in front of a resting order unfilled. An order that the market is already
 * beyond at the open of its first live candle takes liquidity.
 */
function matchLimit(order: MatchableOrder, candle: Candle): Execution | null {
  const limit = order.price!;
  const isBuy = order.side === "buy";
  if (isBuy ? candle.low >= limit : candle.high <= limit) return null;
  const isBeyond = isBuy ? candle.open <= limit : candle.open >= limit;
  const isFirst = candle.seq === order.placedSeq + 1;
  return {
    price: decimal(isBeyond ? candle.open : limit),
    liquidity: isBeyond && isFirst && order.role === "entry"
      ? "taker"
      : "maker",
    atOpen: isBeyond,
  };
}
