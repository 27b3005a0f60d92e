/**
 * Controls that look at a sized order.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  divide,
  estimateOf,
  maxDecimal,
  toDecimalText,
  ZERO,
} from "../../lib/core/decimal.ts";
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
  if (sized.notional.lt(smallest) || sized.quantity.lte(ZERO)) {
    return deny(
      "SIZE_BELOW_MINIMUM",
      `The order would be worth ${money(sized.notional)}, the smallest is ${
        money(smallest)
      }`,
    );
  }
  const minQuantity = context.venue?.rules?.minQuantity ?? null;
  return minQuantity === null || sized.quantity.gte(decimal(minQuantity))
    ? null
    : deny(
      "SIZE_BELOW_MINIMUM",
      `The order would be of ${
        toDecimalText(sized.quantity)
      }, the smallest is ${minQuantity}`,
    );
};

/** Smallest order of the account's market, in quote currency; zero where a venue names none. */
function smallestNotional({ venue }: ControlContext): Decimal {
  const rules = venue?.rules ?? null;
  if (rules === null) return MIN_NOTIONAL;
  return rules.minNotional === null ? ZERO : decimal(rules.minNotional);
}

/** Exposure against equity. Sizing keeps it, this control proves it. */
export const denyLeverage: SizedControl = ({ sized, equity, context }) => {
  const limit = equity.times(decimal(context.risk.leverage));
  return sized.notional.lte(limit) ? null : deny(
    "LEVERAGE_EXCEEDED",
    `The exposure would be ${
      money(sized.notional)
    }, ${context.risk.leverage} times the equity is ${money(limit)}`,
  );
};

/** Margin and fees against what no other order holds. */
export const denyCapital: SizedControl = ({ sized, equity, context }) => {
  const free = equity.minus(context.reservedMargin);
  const smallest = divide(
    smallestNotional(context),
    decimal(context.risk.leverage),
  );
  const needed = maxDecimal(sized.margin.plus(sized.fees), smallest);
  return needed.lte(free) ? null : deny(
    "CAPITAL_EXCEEDED",
    `The order needs ${money(needed)} of margin and fees, ${
      money(free)
    } is free`,
  );
};

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
