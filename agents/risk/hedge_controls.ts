/**
 * Controls over the second leg of a pair.
 *
 * @module
 */
import { type Decimal, decimal, floorToStep } from "../../lib/core/decimal.ts";
import { withSlippage } from "../execution/matching.ts";
import type { Control, ControlContext, SizedControl } from "./controls.ts";
import { deny, money } from "./refusal.ts";
import { MIN_NOTIONAL, QUANTITY_STEP, type SizingInput } from "./sizing.ts";

/** The second leg is one at the market, the other way round, with a known price. */
export const denyHedge: Control = ({ intent, lastHedgeClose }) => {
  const { hedge } = intent;
  if (hedge === undefined) return null;
  if (!(hedge.ratio > 0 && Number.isFinite(hedge.ratio))) {
    return deny(
      "HEDGE_INVALID",
      `The ratio of the second leg must be a positive number, was ${hedge.ratio}`,
    );
  }
  const isOpposite = hedge.side === (intent.side === "buy" ? "sell" : "buy");
  if (!isOpposite || intent.entry.type !== "market") {
    return deny(
      "HEDGE_INVALID",
      `Both legs of a pair enter at the market, one bought and one sold; was ${intent.side} by ${intent.entry.type} and ${hedge.side}`,
    );
  }
  if (intent.targetPrice !== null) {
    return deny(
      "HEDGE_INVALID",
      "A pair has no target price, because its value depends on two markets",
    );
  }
  return typeof lastHedgeClose === "number" ? null : deny(
    "HEDGE_PRICE_MISSING",
    "The last candle has no price of the second market",
  );
};

/** The second leg is worth sending as well. */
export const denySmallHedge: SizedControl = ({ context, sized }) => {
  const quantity = hedgeQuantity(context, sized.quantity);
  if (quantity === null) return null;
  const worth = quantity.times(decimal(context.lastHedgeClose!));
  return worth.gte(MIN_NOTIONAL) ? null : deny(
    "SIZE_BELOW_MINIMUM",
    `The second leg would be worth ${money(worth)}, the smallest is ${
      money(MIN_NOTIONAL)
    }`,
  );
};

/** Units of the second market for a quantity of the first, a whole number of steps; null without a second leg. */
export function hedgeQuantity(
  { intent }: Pick<ControlContext, "intent">,
  quantity: Decimal,
): Decimal | null {
  return intent.hedge === undefined ? null : floorToStep(
    quantity.times(decimal(intent.hedge.ratio)),
    QUANTITY_STEP,
  );
}

/** What the size of a pair depends on besides its first leg. The higher of value and price after slippage counts. */
export function hedgeSizing(
  { intent, lastHedgeClose, costs }: ControlContext,
): Pick<SizingInput, "hedge"> {
  const { hedge } = intent;
  if (hedge === undefined || typeof lastHedgeClose !== "number") return {};
  const close = decimal(lastHedgeClose);
  const ratio = decimal(hedge.ratio);
  const slippage = withSlippage(close, hedge.side, costs).minus(close).abs()
    .times(ratio);
  return { hedge: { value: close.times(ratio).plus(slippage), slippage } };
}
