/**
 * Controls over a sized order that came with accounts at venues. The limits that
 * people set on an order and a position hold for every account.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  divide,
  estimateOf,
  toDecimalText,
  ZERO,
} from "../../lib/core/decimal.ts";
import {
  estimatedOrder,
  isAbove,
  isAboveTimes,
  isSumAbove,
} from "./compare.ts";
import type { SizedContext, SizedControl } from "./controls.ts";
import { deny, money } from "./refusal.ts";
import {
  BALANCE_AGE_MAX_MS,
  DUPLICATE_WINDOW_MS,
  type VenueControlContext,
  type WorkingLeg,
} from "./venue_controls.ts";

/** Value and size of one order, as a person limits them. */
export const denyOrderLimits: SizedControl = ({ sized, context }) => {
  const { maxOrderNotional, maxOrderQuantity } = context.safety;
  if (
    maxOrderNotional !== null && isAbove(sized.notional, maxOrderNotional)
  ) {
    return deny(
      "ORDER_NOTIONAL_LIMIT",
      `The order would be worth ${
        money(sized.notional)
      }, the limit is ${maxOrderNotional}`,
    );
  }
  return maxOrderQuantity !== null &&
      isAbove(sized.quantity, maxOrderQuantity)
    ? deny(
      "ORDER_QUANTITY_LIMIT",
      `The order would be of ${
        toDecimalText(sized.quantity)
      }, the limit is ${maxOrderQuantity}`,
    )
    : null;
};

/** Largest order that the market takes. */
export const denyAboveMaximum: SizedControl = ({ sized, context }) => {
  const rules = context.venue?.rules ?? null;
  if (rules === null) return null;
  const { maxQuantity, maxNotional } = rules;
  const isLarge =
    (maxQuantity !== null && isAbove(sized.quantity, maxQuantity)) ||
    (maxNotional !== null && isAbove(sized.notional, maxNotional));
  return isLarge
    ? deny(
      "SIZE_ABOVE_MAXIMUM",
      `The order would be of ${toDecimalText(sized.quantity)}, worth ${
        money(sized.notional)
      }; the market allows ${maxQuantity ?? "any size"}, worth ${
        maxNotional ?? "any amount"
      }`,
    )
    : null;
};

/** What of an entry is not filled yet, in base currency. */
function remaining({ order, filled }: WorkingLeg): Decimal {
  const quantity = decimal(order.quantity);
  return filled === "0" ? quantity : quantity.minus(decimal(filled));
}

/** Value of the working entries that `counts` picks; market orders count at `price`. */
function entriesNotional(
  { working }: VenueControlContext,
  options: { price: Decimal; counts: (leg: WorkingLeg) => boolean },
): Decimal {
  let sum = ZERO;
  for (const leg of working) {
    if (leg.order.role !== "entry" || !options.counts(leg)) continue;
    const price = leg.order.price === null
      ? options.price
      : decimal(leg.order.price);
    sum = sum.plus(remaining(leg).times(price));
  }
  return sum;
}

/**
 * Value of what the agent holds and of every entry that may still fill, unknown
 * ones included; null while its position is unknown. On candles nothing is held
 * when an entry is checked, and the first fill withdraws the other entries.
 */
export function heldNotional(
  venue: VenueControlContext | null,
  price: Decimal,
): Decimal | null {
  if (venue === null) return ZERO;
  if (venue.positionQuantity === null) return null;
  const { positionQuantity, working } = venue;
  const held = positionQuantity.c[0] === 0
    ? ZERO
    : positionQuantity.abs().times(price);
  return working.length === 0
    ? held
    : held.plus(entriesNotional(venue, { price, counts: () => true }));
}

/** Position and entries together, as a person limits them. */
export const denyPosition: SizedControl = ({ sized, held, context }) => {
  if (held === null) {
    return deny("POSITION_LIMIT", "The position at the venue is not known");
  }
  const { maxPositionNotional: limit } = context.safety;
  if (
    limit === null || !isSumAbove({ a: held, b: sized.notional, limit })
  ) {
    return null;
  }
  return deny(
    "POSITION_LIMIT",
    `Position and entries would be worth ${
      money(held.plus(sized.notional))
    }, the limit is ${limit}`,
  );
};

/** Exposure against the leverage of the agent and the limit of the key. */
export const denyGrossExposure: SizedControl = (sizedContext) => {
  const { sized, held, equity, context } = sizedContext;
  const venue = context.venue ?? null;
  if (venue === null || held === null) return null;
  const total = held.plus(sized.notional);
  const { leverage } = context.risk;
  if (isAboveTimes({ value: total, unit: equity, factor: leverage })) {
    const limit = equity.times(decimal(leverage));
    return deny(
      "GROSS_EXPOSURE_LIMIT",
      `The exposure of the agent would be ${
        money(total)
      }, ${leverage} times the equity is ${money(limit)}`,
    );
  }
  return denyKeyExposure(sizedContext, venue);
};

function denyKeyExposure(
  { sized, context }: SizedContext,
  { shared: { grossNotional } }: VenueControlContext,
) {
  if (grossNotional === null) {
    return deny(
      "GROSS_EXPOSURE_LIMIT",
      "The exposure of all agents of the key is not known",
    );
  }
  const { maxAccountNotional: limit } = context.safety;
  if (limit === null) return null;
  const gross = decimal(grossNotional);
  return !isSumAbove({ a: gross, b: sized.notional, limit }) ? null : deny(
    "GROSS_EXPOSURE_LIMIT",
    `The exposure of all agents of the key would be ${
      money(gross.plus(sized.notional))
    }, the limit is ${limit}`,
  );
}

/** Entries that the venue may not have set money aside for yet. */
function isUncounted({ phase }: WorkingLeg): boolean {
  return phase === "queued" || phase === "sending" || phase === "unknown";
}

/** What the venue itself says is free. */
export const denyBalance: SizedControl = ({ sized, entryPrice, context }) => {
  const venue = context.venue ?? null;
  if (venue === null) return null;
  const { freeBalance, freeBalanceAt } = venue.shared;
  const ageMs = freeBalanceAt === null ? null : venue.nowMs - freeBalanceAt;
  if (
    freeBalance === null || ageMs === null || !(ageMs <= BALANCE_AGE_MAX_MS)
  ) {
    return deny(
      "BALANCE_INSUFFICIENT",
      freeBalance === null || ageMs === null
        ? "The free balance at the venue is not known"
        : `The free balance is ${ageMs} ms old, the limit is ${BALANCE_AGE_MAX_MS} ms`,
    );
  }
  const onTheWay = entriesNotional(venue, {
    price: entryPrice,
    counts: isUncounted,
  });
  const own = sized.margin.plus(sized.fees);
  const needed = onTheWay === ZERO
    ? own
    : own.plus(divide(onTheWay, decimal(context.risk.leverage)));
  return !isAbove(needed, freeBalance) ? null : deny(
    "BALANCE_INSUFFICIENT",
    `The order needs ${money(needed)} with what is on its way, ${
      money(decimal(freeBalance))
    } is free at the venue`,
  );
};

/** The same order again, faster than anybody decides. */
export const denyRepeatedContent: SizedControl = (
  { sized, entryPrice, context },
) => {
  const venue = context.venue ?? null;
  if (venue === null || venue.recentEntries.length === 0) return null;
  const { side, entry } = context.intent;
  const price = entry.type === "limit" ? toDecimalText(entryPrice) : null;
  const quantity = toDecimalText(sized.quantity);
  for (const recent of venue.recentEntries) {
    const ageMs = venue.nowMs - recent.at;
    const isEqual = recent.side === side && recent.type === entry.type &&
      recent.price === price && recent.quantity === quantity;
    if (isEqual && ageMs < DUPLICATE_WINDOW_MS) {
      return deny(
        "ORDER_DUPLICATE",
        `An equal order was made ${ageMs} ms before, the limit is ${DUPLICATE_WINDOW_MS} ms`,
      );
    }
  }
  return null;
};

/** Trading with oneself costs fees and is forbidden at most venues. */
export const denySelfMatch: SizedControl = ({ entryPrice, context }) => {
  const venue = context.venue ?? null;
  if (venue === null) return null;
  const { side } = context.intent;
  const meets = (price: string) => {
    const order = estimatedOrder(Number(price), estimateOf(entryPrice));
    const isBelow = order === 0
      ? decimal(price).cmp(entryPrice) <= 0
      : order < 0;
    const isSame = order === 0 && decimal(price).eq(entryPrice);
    return side === "buy" ? isBelow : !isBelow || isSame;
  };
  for (const { order } of venue.working) {
    const isResting = order.type === "limit" && order.side !== side &&
      order.price !== null;
    if (isResting && meets(order.price!)) return selfMatch(order.price!);
  }
  for (const resting of venue.keyOrders) {
    if (resting.side !== side && meets(resting.price)) {
      return selfMatch(resting.price);
    }
  }
  return null;
};

function selfMatch(price: string) {
  return deny(
    "SELF_MATCH",
    `The order would trade with one of the same key that rests at ${price}`,
  );
}
