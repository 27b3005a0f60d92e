/**
 * Controls over the kind of an entry and over its parts.
 *
 * @module
 */
import { decimal, minDecimal, toDecimalText } from "../../lib/core/decimal.ts";
import { evenPart } from "../execution/parts.ts";
import type { Control, ControlContext, SizedControl } from "./controls.ts";
import { entryOnStep } from "./market_rules.ts";
import { deny, money } from "./refusal.ts";
import { MIN_NOTIONAL, QUANTITY_STEP } from "./sizing.ts";

/** Parts of one intent at most; `PARTS_MAX` of the contract. */
const PARTS_LIMIT = 20;

/** A whole number of parts, and none for a pair. */
export const denyParts: Control = ({ intent: { parts, hedge } }) => {
  if (parts === undefined) return null;
  if (!Number.isInteger(parts) || parts < 2 || parts > PARTS_LIMIT) {
    return deny(
      "PART_INVALID",
      `An order has 2 to ${PARTS_LIMIT} parts, or one where they are left out; was ${parts}`,
    );
  }
  return hedge === undefined
    ? null
    : deny("HEDGE_INVALID", "A pair enters in one part");
};

/** A post-only order that the quote would meet at once. On candles the next open decides. */
export const denyTaking: Control = ({ intent: { entry, side }, venue }) => {
  if (entry.type !== "limit" || entry.postOnly !== true) return null;
  const quote = venue?.quote ?? null;
  const rules = venue?.rules ?? null;
  if (quote === null || rules === null) return null;
  const price = Number(
    entryOnStep({ side, type: "limit" }, decimal(entry.price), rules),
  );
  const takes = side === "buy" ? price >= quote.ask : price <= quote.bid;
  return takes
    ? deny(
      "POST_ONLY_WOULD_TAKE",
      `The ${side} at ${price} would take from the ${
        side === "buy" ? `ask ${quote.ask}` : `bid ${quote.bid}`
      }`,
    )
    : null;
};

/** A buy stop waits above the market and a sell stop below. */
export const denyPassedTrigger: Control = (context) => {
  const { entry, side } = context.intent;
  if (entry.type !== "stop") return null;
  const market = marketPrice(context);
  if (market === null) return null;
  const isWaiting = side === "buy"
    ? entry.price > market
    : entry.price < market;
  return isWaiting ? null : deny(
    "TRIGGER_PASSED",
    `A stop entry to ${side} waits ${
      side === "buy" ? "above" : "below"
    } the market at ${market}, its trigger is ${entry.price}`,
  );
};

function marketPrice({ intent, lastClose, venue }: ControlContext) {
  const quote = venue?.quote ?? null;
  if (quote === null) return lastClose;
  return intent.side === "buy" ? quote.ask : quote.bid;
}

/** Each part is worth sending, and at a venue a stop for it alone is, too. */
export const denySmallParts: SizedControl = (
  { sized, entryPrice, context },
) => {
  const { parts, stopPrice } = context.intent;
  if (parts === undefined) return null;
  const rules = context.venue?.rules ?? null;
  const quantity = evenPart({
    quantity: sized.quantity,
    parts,
    step: rules === null ? QUANTITY_STEP : decimal(rules.quantityStep),
  });
  const price = rules === null
    ? entryPrice
    : minDecimal(entryPrice, decimal(stopPrice));
  const worth = quantity.times(price);
  const least = rules === null
    ? MIN_NOTIONAL
    : decimal(rules.minNotional ?? "0");
  const leastQuantity = decimal(rules?.minQuantity ?? "0");
  const isEnough = worth.gte(least) && quantity.gte(leastQuantity) &&
    quantity.gt(0);
  return isEnough ? null : deny(
    "SIZE_BELOW_MINIMUM",
    `Each of ${parts} parts would be of ${toDecimalText(quantity)}, worth ${
      money(worth)
    }; the smallest order is worth ${money(least)}`,
  );
};
