/**
 * Controls over an intent of an account at a venue, before it is sized. Without
 * a venue they let everything pass.
 *
 * @module
 */
import type { Quote } from "../../lib/contracts/venue.ts";
import { decimal } from "../../lib/core/decimal.ts";
import type { Control, ControlContext } from "./controls.ts";
import {
  entryOnStep,
  stopPriceOnStep,
  targetPriceOnStep,
} from "./market_rules.ts";
import { deny, type Refusal } from "./refusal.ts";
import {
  QUOTE_AGE_MAX_MS,
  type VenueControlContext,
} from "./venue_controls.ts";

/** Looks at an intent of an account at a venue; null lets it pass. */
type VenueControl = (
  venue: VenueControlContext,
  context: ControlContext,
) => Refusal | null;

function atVenue(control: VenueControl): Control {
  return (context) => context.venue ? control(context.venue, context) : null;
}

/** Latch, reconciliation, dead connections, silence, clock, arming: whatever the desk says stands in the way. */
export const denyBlocked: Control = atVenue(({ block }) =>
  block === null ? null : deny(block.code, block.detail)
);

/** Books that disagree with the venue are no ground to build on. */
export const denyDrift: Control = atVenue(({ drift }) =>
  drift === null ? null : deny("DRIFT", drift)
);

/** An order that may or may not be at the venue may fill at any time. */
export const denyUnknownOutcome: Control = atVenue(({ working }) => {
  for (const { phase, order } of working) {
    if (phase === "unknown") {
      return deny(
        "OUTCOME_UNKNOWN",
        `It is not known whether the venue has order ${order.orderId}`,
      );
    }
  }
  return null;
});

/** Without the market's rules no order can be made that keeps to them. */
export const denyWithoutRules: Control = atVenue(({ rules }) =>
  rules === null
    ? deny("VENUE_UNAVAILABLE", "The rules of the market are not loaded yet")
    : null
);

/** One market an account: no pairs, and on spot nothing is sold that is not held. */
export const denyMarketKind: Control = atVenue(({ market }, { intent }) => {
  if (intent.hedge !== undefined) {
    return deny(
      "HEDGE_INVALID",
      "A pair needs a market of candles; an account at a venue has one market",
    );
  }
  return market === "spot" && intent.side === "sell"
    ? deny("ORDER_INVALID", "A spot market cannot be sold short")
    : null;
});

/** The quote is fresh and makes sense. */
export const denyStaleReference: Control = atVenue(({ quote, nowMs }) => {
  if (quote === null) {
    return deny("REFERENCE_PRICE_STALE", "No quote of the market is known");
  }
  const { at, bid, ask } = quote;
  if (!(Math.abs(nowMs - at) <= QUOTE_AGE_MAX_MS)) {
    return deny(
      "REFERENCE_PRICE_STALE",
      `The newest quote is ${
        nowMs - at
      } ms old, the limit is ${QUOTE_AGE_MAX_MS} ms`,
    );
  }
  const isSound = bid > 0 && ask >= bid && Number.isFinite(ask) &&
    (quote.mark === null || (quote.mark > 0 && Number.isFinite(quote.mark)));
  return isSound ? null : deny(
    "REFERENCE_PRICE_STALE",
    `The newest quote makes no sense: bid ${bid}, ask ${ask}, mark ${
      quote.mark ?? "unknown"
    }`,
  );
});

/** Middle of the best prices. */
export function middleOf({ bid, ask }: Quote): number {
  return (bid + ask) / 2;
}

/**
 * Fat-finger guard against the quote: of a limit its price, of a stop entry its trigger, of a market order
 * the side of the book it would take. Mark and middle must agree as well.
 */
export const denyQuoteCollar: Control = atVenue((
  { quote },
  { intent, safety },
) => {
  if (quote === null) return null;
  const middle = middleOf(quote);
  const { entry, side } = intent;
  const prices = {
    [entry.type !== "market" ? "entry" : side === "buy" ? "ask" : "bid"]:
      entry.type !== "market"
        ? entry.price
        : side === "buy"
        ? quote.ask
        : quote.bid,
    ...(quote.mark === null ? {} : { "mark price": quote.mark }),
  };
  for (const [name, price] of Object.entries(prices)) {
    const distancePct = Math.abs(price - middle) / middle * 100;
    if (!(distancePct <= safety.priceCollarPct)) {
      return deny(
        "PRICE_COLLAR",
        `The ${name} ${price} is ${
          distancePct.toFixed(1)
        } % from the middle ${middle} of the quote, the limit is ${safety.priceCollarPct} %`,
      );
    }
  }
  return null;
});

/**
 * The stop as it will be sent is still on the losing side: of the entry as it
 * will be sent, or of the quote for a market order, which would be stopped at
 * once otherwise. Rounding moves both by less than a step.
 */
export const denyPassedStop: Control = atVenue(
  ({ quote, rules }, { intent }) => {
    if (quote === null || rules === null) return null;
    const { side, entry, stopPrice } = intent;
    const against = entry.type !== "market"
      ? entry.price
      : side === "buy"
      ? quote.bid
      : quote.ask;
    const distance = side === "buy" ? against - stopPrice : stopPrice - against;
    // Both together are rounded by less than two steps.
    if (distance > 2 * Number(rules.priceStep)) return null;
    const sent = entry.type !== "market"
      ? entryOnStep({ side, type: entry.type }, decimal(against), rules)
      : decimal(against);
    const stop = stopPriceOnStep(side, decimal(stopPrice), rules);
    const isLosing = side === "buy" ? stop.lt(sent) : stop.gt(sent);
    return isLosing ? null : deny(
      "STOP_WRONG_SIDE",
      `The stop ${stopPrice} of a ${side} is reached already at ${against}, or is so once both keep to the step ${rules.priceStep}`,
    );
  },
);

/** The target of a limit as it will be sent is still on the winning side of it. */
export const denyPassedTarget: Control = atVenue(({ rules }, { intent }) => {
  const { side, entry, targetPrice } = intent;
  if (rules === null || targetPrice === null || entry.type === "market") {
    return null;
  }
  if (Math.abs(targetPrice - entry.price) > 2 * Number(rules.priceStep)) {
    return null;
  }
  const { type, price } = entry;
  const sent = entryOnStep({ side, type }, decimal(price), rules);
  const target = targetPriceOnStep(side, decimal(targetPrice), rules);
  const isWinning = side === "buy" ? target.gt(sent) : target.lt(sent);
  return isWinning ? null : deny(
    "TARGET_WRONG_SIDE",
    `The target ${targetPrice} of a ${side} at ${entry.price} is no gain once both keep to the step ${rules.priceStep}`,
  );
});

/** Orders of the whole key. */
export const denyAccountOrderRate: Control = atVenue((
  { shared: { ordersLastMinute } },
  { safety: { maxAccountOrdersPerMinute: limit } },
) =>
  ordersLastMinute < limit ? null : deny(
    "ACCOUNT_ORDER_RATE_LIMIT",
    `All agents of the key sent ${ordersLastMinute} orders within a minute, the limit is ${limit}`,
  )
);

/** Requests of the whole key. */
export const denyMessageRate: Control = atVenue((
  { shared: { messagesLastMinute } },
  { safety: { maxAccountMessagesPerMinute: limit } },
) =>
  messagesLastMinute < limit ? null : deny(
    "MESSAGE_RATE_LIMIT",
    `All agents of the key sent ${messagesLastMinute} requests within a minute, the limit is ${limit}`,
  )
);

/** Venues ban who withdraws much and trades little. */
export const denyCancelRatio: Control = atVenue((
  { cancelsLastHour, fillsLastHour },
  { safety: { maxCancelsPerFill } },
) => {
  const limit = maxCancelsPerFill * Math.max(1, fillsLastHour);
  return cancelsLastHour < limit ? null : deny(
    "CANCEL_RATIO_LIMIT",
    `${cancelsLastHour} orders were withdrawn within an hour at ${fillsLastHour} fills, the limit is ${limit}`,
  );
});

/** Repeat-execution throttle: a loop that enters again and again. */
export const denyRepeatedEntry: Control = atVenue((
  { recentEntries },
  { intent: { side }, safety: { repeatedEntriesPerMinute: limit } },
) => {
  let count = 1;
  for (const entry of recentEntries) if (entry.side === side) count++;
  return count <= limit ? null : deny(
    "REPEATED_ENTRY_LIMIT",
    `This would be ${side} entry ${count} within a minute, the limit is ${limit}`,
  );
});
