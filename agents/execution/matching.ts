/**
 * How the paper market fills an order against one closed candle. Only open,
 * high, low and close are known, so every rule takes the less favourable of the
 * paths that they allow.
 *
 * The rules and the costs are those of docs/trading-model.md: limits fill when
 * traded through, stops at the stop or at the open of a gap, the stop before the
 * target; fees, slippage and latency as in the account's costs.
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
import type {
  Fill,
  HedgeFill,
  HedgeLeg,
  OpenOrder,
  OrderRole,
} from "../../lib/contracts/order.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import { PRESET_RATES, type TradingCosts } from "./costs.ts";

/** What matching needs of an order. `price` is the limit or the trigger as a number, null for a market order. */
export interface MatchableOrder {
  side: Side;
  role: OrderRole;
  type: OpenOrder["type"];
  price: number | null;
  /** Candle after whose close the order was placed (for a bracket: whose fill placed it). */
  placedSeq: number;
  /** See {@link OpenOrder}. */
  delay?: OpenOrder["delay"];
  /** The second leg, filled together with the first or not at all. */
  hedge?: { side: Side };
  /** Was refused at its first open if that is beyond it, so it never takes. */
  postOnly?: true;
}

/** A fill that the candle gives an order. */
export interface Execution {
  /** As booked, slippage included, in quote currency. */
  price: Decimal;
  liquidity: Fill["liquidity"];
  /** Whether it happened at the open: before everything else of the candle. */
  atOpen: boolean;
  /** Price of the second leg, slippage included. */
  hedgePrice?: Decimal;
}

/**
 * Tells whether an order may be filled by this candle. An order lives from the
 * candle after the one it was decided on, or from the one in which it arrives
 * where there is latency. A protective stop lives from the very
 * candle that filled its entry (pessimistic: if that candle also traded at the
 * stop, the stop was hit); a target only from the next one, because the candle
 * does not tell whether its extreme came before or after the entry. The stop of
 * a pair that was reached is a market order like any other.
 */
export function isLive(order: MatchableOrder, seq: number): boolean {
  return order.role === "stop" && order.type === "stop"
    ? seq >= order.placedSeq
    : seq > order.placedSeq + (order.delay?.candles ?? 0);
}

/** Fills an order against a candle, or returns null where the candle did not reach it. */
export function matchOrder(
  order: MatchableOrder,
  candle: Candle,
  costs: TradingCosts = PRESET_RATES,
): Execution | null {
  if (!isLive(order, candle.seq)) return null;
  if (order.hedge !== undefined) {
    return matchPair({ ...order, hedge: order.hedge }, candle, costs);
  }
  switch (order.type) {
    case "market":
      return matchMarket(order, candle, costs);
    case "stop":
      return matchStop(order, candle, costs);
    case "limit":
      return matchLimit(order, candle);
  }
}

/** Whether a post-only order would take at the open of this candle, its first one: then it is refused. */
export function wouldTake(order: MatchableOrder, candle: Candle): boolean {
  return order.postOnly === true && isFirstLive(order, candle.seq) &&
    isBeyondLimit(order, candle.open);
}

/** Whether this is the first candle that may fill an order. */
function isFirstLive({ placedSeq, delay }: MatchableOrder, seq: number) {
  return seq === placedSeq + 1 + (delay?.candles ?? 0);
}

function isBeyondLimit({ side, price }: MatchableOrder, open: number): boolean {
  return side === "buy" ? open <= price! : open >= price!;
}

/**
 * Both legs of a pair at the market, each as a market order of its own; nothing
 * without a price of the second market. The stop of a pair is not matched: the
 * desk looks at the value of the pair when a candle has closed.
 */
function matchPair(
  order: MatchableOrder & { hedge: { side: Side } },
  candle: Candle,
  costs: TradingCosts,
): Execution | null {
  const { hedge } = candle;
  if (order.type !== "market" || hedge === undefined) return null;
  const second = matchMarket(
    { ...order, side: order.hedge.side },
    hedge,
    costs,
  );
  return { ...matchMarket(order, candle, costs), hedgePrice: second.price };
}

/** A price after slippage: higher for a buy, lower for a sell. */
export function withSlippage(
  price: Decimal,
  side: Side,
  { slippageRate }: Pick<TradingCosts, "slippageRate"> = PRESET_RATES,
): Decimal {
  return toBooked(price.times(
    side === "buy" ? ONE.plus(slippageRate) : ONE.minus(slippageRate),
  ));
}

/** Fee of a fill in quote currency: price × quantity × rate. */
export function feeOf(
  fill: { price: Decimal; quantity: Decimal; liquidity: Fill["liquidity"] },
  costs: TradingCosts = PRESET_RATES,
): Decimal {
  const rate = fill.liquidity === "maker" ? costs.makerRate : costs.takerRate;
  return toBooked(fill.price.times(fill.quantity).times(rate));
}

/** Ids of an order and of its one fill, so that a re-run of a decision names them alike. */
export function orderIdOf(intentId: string, role: OrderRole): string {
  return `${intentId}-${role}`;
}

/** Writes an execution as the fill of an order. */
export function toFill(
  options: { order: OpenOrder; execution: Execution; seq: number; at: number },
  costs: TradingCosts = PRESET_RATES,
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
    fee: toDecimalText(feeOf({ ...execution, quantity }, costs)),
    liquidity: execution.liquidity,
    seq,
    at,
    ...(order.part === undefined ? {} : { part: order.part }),
    ...(order.hedge === undefined || execution.hedgePrice === undefined ? {} : {
      hedge: hedgeFillOf(order.hedge, { price: execution.hedgePrice, costs }),
    }),
  };
}

function hedgeFillOf(
  { side, quantity }: HedgeLeg,
  { price, costs }: { price: Decimal; costs: TradingCosts },
): HedgeFill {
  const fee = feeOf(
    { price, quantity: decimal(quantity), liquidity: "taker" },
    costs,
  );
  return {
    side,
    price: toDecimalText(price),
    quantity,
    fee: toDecimalText(fee),
  };
}

/**
 * Market orders fill at the open of their first live candle, with slippage. One
 * that arrives within that candle fills as much of the way from the open to the
 * worse extreme as the candle is over by then: the market is taken to have gone
 * against it in the meantime.
 */
function matchMarket(
  { side, delay }: MatchableOrder,
  candle: Pick<Candle, "open" | "high" | "low">,
  costs: TradingCosts,
): Execution {
  const share = delay?.share ?? 0;
  const open = decimal(candle.open);
  const worst = decimal(side === "buy" ? candle.high : candle.low);
  const reference = share === 0
    ? open
    : open.plus(worst.minus(open).times(decimal(share)));
  return {
    price: withSlippage(reference, side, costs),
    liquidity: "taker",
    atOpen: share === 0,
  };
}

/**
 * Stops are triggered by a touch and fill at the trigger, or at the open where
 * the market gapped beyond it. A stop entry that arrives after such an open is a
 * market order that comes late.
 */
function matchStop(
  order: MatchableOrder,
  candle: Candle,
  costs: TradingCosts,
): Execution | null {
  const trigger = order.price!;
  const isSell = order.side === "sell";
  if (isSell ? candle.low > trigger : candle.high < trigger) return null;
  const isGap = isSell ? candle.open <= trigger : candle.open >= trigger;
  const isLate = order.role === "entry" && (order.delay?.share ?? 0) > 0 &&
    isFirstLive(order, candle.seq);
  if (isGap && isLate) return matchMarket(order, candle, costs);
  const reference = decimal(isGap ? candle.open : trigger);
  return {
    price: withSlippage(reference, order.side, costs),
    liquidity: "taker",
    atOpen: isGap,
  };
}

/**
 * Limits fill when the market traded through them: a mere touch leaves the queue
 * in front of a resting order unfilled. An order that the market is already
 * beyond at the open of its first live candle takes liquidity; where it arrives
 * after that open, it does not get the better price of the open.
 */
function matchLimit(order: MatchableOrder, candle: Candle): Execution | null {
  const limit = order.price!;
  const isBuy = order.side === "buy";
  if (isBuy ? candle.low >= limit : candle.high <= limit) return null;
  const isBeyond = isBeyondLimit(order, candle.open);
  if (order.postOnly === true) {
    // Its place in the book was kept at its own price.
    return { price: decimal(limit), liquidity: "maker", atOpen: isBeyond };
  }
  const isFirst = isFirstLive(order, candle.seq);
  const isAfterOpen = isFirst && (order.delay?.share ?? 0) > 0;
  return {
    price: decimal(isBeyond && !isAfterOpen ? candle.open : limit),
    liquidity: isBeyond && isFirst && order.role === "entry"
      ? "taker"
      : "maker",
    atOpen: isBeyond && !isAfterOpen,
  };
}
