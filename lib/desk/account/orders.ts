/**
 * Orders that a desk makes of an intent or a position. Ids follow from the
 * intent and the role, so that a decision made twice makes the same orders.
 *
 * @module
 */
import { entryOrderId } from "../../../agents/execution/parts.ts";
import type { OrderDelay } from "../../../agents/execution/costs.ts";
import { orderIdOf } from "../../../agents/execution/matching.ts";
import type { OpenPosition } from "../../../agents/portfolio/ledger.ts";
import type {
  HedgeLeg,
  OpenOrder,
  OrderIntent,
} from "../../contracts/order.ts";
import type { Side } from "../../contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  divide,
  numberToDecimalText,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";

/** The entry order of an accepted intent or of a part, live from the candle after `seq`, or later by `delay`. */
export function entryOrderOf(
  intent: OrderIntent,
  { quantity, seq, delay, hedge = null, part = 0, attempt = 0, replaces }: {
    quantity: Decimal;
    seq: number;
    delay: OrderDelay | null;
    hedge?: HedgeLeg | null;
    part?: number;
    /** How many orders were made for the part before. */
    attempt?: number;
    replaces?: string;
  },
): OpenOrder {
  const { entry, intentId } = intent;
  return {
    orderId: entryOrderId({ intentId, part, attempt }),
    intentId,
    role: "entry",
    side: intent.side,
    type: entry.type,
    price: entry.type === "market" ? null : numberToDecimalText(entry.price),
    quantity: toDecimalText(quantity),
    reduceOnly: false,
    placedSeq: seq,
    expireAfterSeq: intent.expireAfterSeq,
    ...(delay === null ? {} : { delay }),
    ...(hedge === null ? {} : { hedge }),
    ...(part === 0 ? {} : { part }),
    ...(entry.type === "limit" && entry.postOnly === true
      ? { postOnly: true }
      : {}),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** The stop of a filled entry and its target, if it has one: reduce-only, one cancels the other. */
export function bracketOf(
  { entry, intent }: { entry: OpenOrder; intent: OrderIntent },
  { seq }: { seq: number },
): readonly OpenOrder[] {
  const shared = {
    intentId: intent.intentId,
    side: opposite(entry.side),
    quantity: entry.quantity,
    reduceOnly: true,
    placedSeq: seq,
    expireAfterSeq: null,
    ...(entry.hedge === undefined ? {} : {
      hedge: { ...entry.hedge, side: opposite(entry.hedge.side) },
    }),
  };
  const stop: OpenOrder = {
    ...shared,
    orderId: exitIdOf(entry, "stop"),
    role: "stop",
    type: "stop",
    price: numberToDecimalText(intent.stopPrice),
  };
  if (intent.targetPrice === null) return [stop];
  const target: OpenOrder = {
    ...shared,
    orderId: exitIdOf(entry, "target"),
    role: "target",
    type: "limit",
    price: numberToDecimalText(intent.targetPrice),
  };
  return [stop, target];
}

/** Id of an exit that came with the fill of an entry. */
function exitIdOf(
  { orderId, intentId }: OpenOrder,
  role: "stop" | "target",
): string {
  const suffix = orderId.slice(orderIdOf(intentId, "entry").length);
  return `${orderIdOf(intentId, role)}${suffix}`;
}

/** A resting exit after another part of its entry was filled: for all that is held, where it was. */
export function grownExitOf(
  exit: OpenOrder,
  { entry, quantity, seq }: {
    entry: OpenOrder;
    quantity: Decimal;
    seq: number;
  },
): OpenOrder {
  return {
    ...exit,
    orderId: exitIdOf(entry, exit.role === "stop" ? "stop" : "target"),
    quantity: toDecimalText(quantity),
    placedSeq: seq,
  };
}

/** A stop in the place of another one, decided on candle `decidedSeq` and live from the candle after `seq`. */
export function movedStopOf(
  stop: OpenOrder,
  { stopPrice, decidedSeq, seq }: {
    stopPrice: number;
    decidedSeq: number;
    seq: number;
  },
): OpenOrder {
  return {
    ...stop,
    // Each move has an id of its own: an order that was withdrawn does not come back.
    orderId: `${orderIdOf(stop.intentId, "stop")}-${decidedSeq}`,
    price: numberToDecimalText(stopPrice),
    placedSeq: seq,
  };
}

/**
 * The stop of a pair that was reached at the close of candle `seq`, as a market
 * order for the next open. It stays a stop, with an id of its own.
 */
export function reachedStopOf(
  stop: OpenOrder,
  { seq, delay }: { seq: number; delay: OrderDelay | null },
): OpenOrder {
  return {
    ...stop,
    orderId: `${stop.orderId}-reached`,
    type: "market",
    price: null,
    placedSeq: seq,
    ...(delay === null ? {} : { delay }),
  };
}

/** A market order that closes the whole position at the open after candle `seq`, or later by `delay`. */
export function closeOrderOf(
  position: OpenPosition,
  { seq, delay }: { seq: number; delay: OrderDelay | null },
): OpenOrder {
  const { hedge } = position;
  return {
    orderId: orderIdOf(position.intentId, "close"),
    intentId: position.intentId,
    role: "close",
    side: position.direction === "long" ? "sell" : "buy",
    type: "market",
    price: null,
    quantity: toDecimalText(position.quantity),
    reduceOnly: true,
    placedSeq: seq,
    expireAfterSeq: null,
    ...(delay === null ? {} : { delay }),
    ...(hedge === undefined ? {} : {
      hedge: {
        side: position.direction === "long" ? "buy" : "sell",
        quantity: toDecimalText(hedge.quantity),
        reference: toDecimalText(toBooked(divide(hedge.cost, hedge.quantity))),
      },
    }),
  };
}

/** What may still be filled: an order, or parts that were not sent yet. */
export type ReservedLeg = Pick<OpenOrder, "price" | "quantity" | "hedge">;

/** Margin that resting entries hold, in quote currency: notional / leverage, market orders at the last close. */
export function reservedMargin(
  entries: readonly ReservedLeg[],
  options: { leverage: number; lastClose: number | null },
): Decimal {
  let notional = ZERO;
  for (const { price, quantity, hedge } of entries) {
    const reference = price ?? options.lastClose ?? 0;
    notional = notional.plus(decimal(reference).times(decimal(quantity)));
    if (hedge === undefined) continue;
    notional = notional.plus(
      decimal(hedge.reference).times(decimal(hedge.quantity)),
    );
  }
  return notional.eq(ZERO) ? ZERO : divide(notional, decimal(options.leverage));
}

function opposite(side: Side): Side {
  return side === "buy" ? "sell" : "buy";
}
