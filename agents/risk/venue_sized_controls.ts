/**
 * Controls over a sized order that came with accounts at venues. The limits that
 * people set on an order and a position hold for every account.
 *
 * @module
 */
import {
  decimal,
  divide,
  estimateOf,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import { estimatedOrder, isAbove, isSumAbove } from "./compare.ts";
import type { SizedContext, SizedControl } from "./controls.ts";
import { deny, money } from "./refusal.ts";
import {
  BALANCE_AGE_MAX_MS,
  DUPLICATE_WINDOW_MS,
  type VenueControlContext,
} from "./venue_controls.ts";
import {
  entriesNotional,
  estimatedEntries,
  estimatedHeld,
  heldNotional,
  isKnown,
  type KnownVenue,
  UNCOUNTED_LEG,
} from "./venue_exposure.ts";

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

/**
 * Position and entries together, as a person limits them. On candles nothing is
 * held when an entry is checked, and the first fill withdraws the other entries.
 */
export const denyPosition: SizedControl = (
  { sized, entryPrice, context },
) => {
  const venue = context.venue ?? null;
  if (venue !== null && !isKnown(venue)) {
    return deny("POSITION_LIMIT", "The position at the venue is not known");
  }
  const { maxPositionNotional: limit } = context.safety;
  if (limit === null) return null;
  if (venue !== null) {
    const estimate = estimatedHeld(venue, entryPrice) +
      estimateOf(sized.notional);
    if (estimatedOrder(estimate, Number(limit)) < 0) return null;
  }
  const total = venue === null
    ? sized.notional
    : heldNotional(venue, entryPrice).plus(sized.notional);
  return !isAbove(total, limit) ? null : deny(
    "POSITION_LIMIT",
    `Position and entries would be worth ${
      money(total)
    }, the limit is ${limit}`,
  );
};

/** Exposure against the leverage of the agent and the limit of the key. */
export const denyGrossExposure: SizedControl = (sizedContext) => {
  const venue = sizedContext.context.venue ?? null;
  if (venue === null || !isKnown(venue)) return null;
  return denyOwnExposure(sizedContext, venue) ??
    denyKeyExposure(sizedContext, venue);
};

function denyOwnExposure(
  { sized, equity, entryPrice, context }: SizedContext,
  venue: KnownVenue,
) {
  const { leverage } = context.risk;
  const estimate = estimatedHeld(venue, entryPrice) +
    estimateOf(sized.notional);
  if (estimatedOrder(estimate, estimateOf(equity) * leverage) < 0) return null;
  const total = heldNotional(venue, entryPrice).plus(sized.notional);
  const limit = equity.times(decimal(leverage));
  return total.lte(limit) ? null : deny(
    "GROSS_EXPOSURE_LIMIT",
    `The exposure of the agent would be ${
      money(total)
    }, ${leverage} times the equity is ${money(limit)}`,
  );
}

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
  const { leverage } = context.risk;
  const query = { price: entryPrice, counts: UNCOUNTED_LEG };
  const estimate = estimateOf(sized.margin) + estimateOf(sized.fees) +
    estimatedEntries(venue, query) / leverage;
  if (estimatedOrder(estimate, Number(freeBalance)) < 0) return null;
  const needed = sized.margin.plus(sized.fees)
    .plus(divide(entriesNotional(venue, query), decimal(leverage)));
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
  const type = entry.type === "limit" ? "limit" : "market";
  const price = entry.type === "limit" ? toDecimalText(entryPrice) : null;
  const quantity = toDecimalText(sized.quantity);
  for (const recent of venue.recentEntries) {
    const ageMs = venue.nowMs - recent.at;
    const isEqual = recent.side === side && recent.type === type &&
      recent.price === price && recent.quantity === quantity;
    if (isEqual && ageMs < DUPLICATE_WINDOW_MS) {
      return deny(
        "ORDER_DUPLICATE",
        `An equal order was made ${
          Math.max(0, ageMs)
        } ms before, the limit is ${DUPLICATE_WINDOW_MS} ms`,
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
