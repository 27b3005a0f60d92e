/**
 * Controls that look at a sized order.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  type DecimalText,
  divide,
  estimateOf,
  maxDecimal,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import {
  estimatedOrder,
  isAboveTimes,
  isBelow,
  isPositive,
} from "./compare.ts";
import type { ControlContext, SizedContext, SizedControl } from "./controls.ts";
import { deny, money } from "./refusal.ts";
import {
  liquidationPrice,
  MAINTENANCE_MARGIN_RATE,
  MIN_NOTIONAL,
} from "./sizing.ts";

/** How much farther than the stop the liquidation price must be: "beyond the stop by >= 25 % of the stop distance". */
export const LIQUIDATION_CLEARANCE: Decimal = decimal("1.25");

/** The order is worth sending. */
export const denyTooSmall: SizedControl = ({ sized, context }) => {
  const smallest = smallestNotional(context);
  if (isBelow(sized.notional, smallest) || !isPositive(sized.quantity)) {
    return deny(
      "SIZE_BELOW_MINIMUM",
      `The order would be worth ${money(sized.notional)}, the smallest is ${
        money(decimal(smallest))
      }`,
    );
  }
  const minQuantity = context.venue?.rules?.minQuantity ?? null;
  return minQuantity === null || !isBelow(sized.quantity, minQuantity)
    ? null
    : deny(
      "SIZE_BELOW_MINIMUM",
      `The order would be of ${
        toDecimalText(sized.quantity)
      }, the smallest is ${minQuantity}`,
    );
};

/** Smallest order of the account's market, in quote currency; zero where a venue names none. */
function smallestNotional({ venue }: ControlContext): DecimalText {
  const rules = venue?.rules ?? null;
  if (rules === null) return SMALLEST_OF_PAPER;
  return rules.minNotional ?? "0";
}

const SMALLEST_OF_PAPER: DecimalText = toDecimalText(MIN_NOTIONAL);

/** Exposure against equity. Sizing keeps it, this control proves it. */
export const denyLeverage: SizedControl = ({ sized, equity, context }) => {
  const { leverage } = context.risk;
  if (
    !isAboveTimes({ value: sized.notional, unit: equity, factor: leverage })
  ) {
    return null;
  }
  const limit = equity.times(decimal(leverage));
  return deny(
    "LEVERAGE_EXCEEDED",
    `The exposure would be ${
      money(sized.notional)
    }, ${leverage} times the equity is ${money(limit)}`,
  );
};

/** Margin and fees against what no other order holds. */
export const denyCapital: SizedControl = ({ sized, equity, context }) => {
  const free = equity.minus(context.reservedMargin);
  const own = sized.margin.plus(sized.fees);
  if (isClearlyWithin({ own, free, context })) return null;
  const smallest = divide(
    decimal(smallestNotional(context)),
    decimal(context.risk.leverage),
  );
  const needed = maxDecimal(own, smallest);
  return needed.lte(free) ? null : deny(
    "CAPITAL_EXCEEDED",
    `The order needs ${money(needed)} of margin and fees, ${
      money(free)
    } is free`,
  );
};

/** The same question in floating point: true only where the answer is certain. */
function isClearlyWithin(
  { own, free, context }: {
    own: Decimal;
    free: Decimal;
    context: ControlContext;
  },
): boolean {
  const smallest = Number(smallestNotional(context)) / context.risk.leverage;
  const needed = Math.max(estimateOf(own), smallest);
  return estimatedOrder(needed, estimateOf(free)) < 0;
}

/** How much wider than needed the clearance must be so that floating point can tell. */
const CLEARLY_WIDE = 1 + 1e-6;

/** The same question in floating point: true only where the answer is certain. */
function isFarFromLiquidation(
  { entryPrice, context }: Pick<SizedContext, "entryPrice" | "context">,
): boolean {
  const { intent, risk, costs } = context;
  const entry = estimateOf(entryPrice);
  const sign = intent.side === "buy" ? 1 : -1;
  const rate = estimateOf(MAINTENANCE_MARGIN_RATE) +
    estimateOf(costs.takerRate);
  const liquidation = (entry - sign * entry / risk.leverage) /
    (1 - sign * rate);
  const needed = Math.abs(entry - intent.stopPrice) *
    estimateOf(LIQUIDATION_CLEARANCE);
  return Math.abs(entry - liquidation) > needed * CLEARLY_WIDE;
}

/** The stop is hit well before the position would be liquidated. */
export const denyLiquidation: SizedControl = ({ entryPrice, context }) => {
  const { intent, risk, costs } = context;
  if (isFarFromLiquidation({ entryPrice, context })) return null;
  const liquidation = liquidationPrice({
    side: intent.side,
    entryPrice,
    leverage: risk.leverage,
    takerRate: costs.takerRate,
  });
  const distance = entryPrice.minus(liquidation).abs();
  const needed = entryPrice.minus(decimal(intent.stopPrice)).abs()
    .times(LIQUIDATION_CLEARANCE);
  return distance.gte(needed) ? null : deny(
    "LIQUIDATION_TOO_NEAR",
    `The position would be liquidated at ${money(liquidation)}, ${
      money(distance)
    } from the entry; the stop needs ${money(needed)}`,
  );
};
