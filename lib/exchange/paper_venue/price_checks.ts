/**
 * What an order must keep to at the prices of the moment it arrives. Each check
 * returns the refusal, or null.
 *
 * @module
 */
import { withSlippage } from "../../../agents/execution/matching.ts";
import {
  type Decimal,
  maxDecimal,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { Side } from "../../contracts/primitives.ts";
import type { MarketKind, MarketRules } from "../../contracts/venue.ts";
import type { Claim, PaperAccount } from "./account.ts";
import type { Liquidity } from "./liquidity.ts";
import { refuseNotional } from "./order_checks.ts";
import type { PaperOrder } from "./paper_order.ts";
import { type Refusal, refuse } from "./rejections.ts";

/** The market when an order arrives. */
export interface Surroundings {
  market: MarketKind;
  rules: MarketRules | null;
  account: PaperAccount;
  /** Open orders before it. */
  open: readonly PaperOrder[];
  slippageRate: Decimal;
  /** Fresh prices, or why there are none. */
  prices: Liquidity | Refusal;
}

/** Tells prices from the reason why there are none. */
export function isRefusal(value: object): value is Refusal {
  return "code" in value;
}

/** What of the position an order of this side closes; zero where it closes nothing. */
export function closableBy(side: Side, quantity: Decimal): Decimal {
  const isClosing = side === "buy" ? quantity.lt(ZERO) : quantity.gt(ZERO);
  return isClosing ? quantity.abs() : ZERO;
}

/**
 * Whether a stop is triggered: of a perpetual by the mark price, of spot (and
 * where no mark is told) by the best price that it would take.
 */
export function isTriggered(
  { request: { side }, triggerPrice }: PaperOrder,
  { market, prices }: { market: MarketKind; prices: Liquidity },
): boolean {
  const mark = market === "swap" ? prices.toldMark : null;
  const reference = mark ?? prices.best(side);
  return side === "buy"
    ? reference.gte(triggerPrice!)
    : reference.lte(triggerPrice!);
}

/** Everything that the prices and the account decide. */
export function refuseAtPrices(
  order: PaperOrder,
  around: Surroundings,
): Refusal | null {
  const { request } = order;
  const { account, prices } = around;
  const known = isRefusal(prices) ? null : prices;
  const isResting = request.type === "stop" ||
    (request.type === "limit" && request.timeInForce === "GTC");
  if (isRefusal(prices) && (!isResting || request.postOnly)) return prices;
  if (
    request.reduceOnly &&
    closableBy(request.side, account.quantity).eq(ZERO)
  ) {
    return refuse(
      "REDUCE_ONLY",
      `The position of ${
        toDecimalText(account.quantity)
      } is not reduced by a ${request.side}`,
    );
  }
  if (known !== null) {
    const refusal = refuseAgainst(known, { order, around });
    if (refusal !== null) return refusal;
  }
  const price = claimPrice(order, { ...around, prices: known });
  const refusal = refuseNotional(request, { price, rules: around.rules });
  if (refusal !== null) return refusal;
  const lack = account.lackFor({ order, price }, claimsOf(around));
  return lack === null ? null : refuse("BALANCE", lack);
}

function refuseAgainst(
  prices: Liquidity,
  { order, around }: { order: PaperOrder; around: Surroundings },
): Refusal | null {
  const { side, postOnly, type } = order.request;
  const best = toDecimalText(prices.best(side));
  if (postOnly && prices.wouldTake(side, order.price)) {
    return refuse(
      "WOULD_TAKE",
      `A ${side} at ${toDecimalText(order.price!)} would take at ${best}`,
    );
  }
  if (type === "stop" && isTriggered(order, { ...around, prices })) {
    return refuse(
      "WOULD_TRIGGER",
      `A ${side} stop at ${
        toDecimalText(order.triggerPrice!)
      } is reached already: the market is at ${best}`,
    );
  }
  return null;
}

/** The price that an order claims money for: the worst that it may execute at, as far as that is known. */
export function claimPrice(
  { request: { side }, price, triggerPrice }: PaperOrder,
  { prices, slippageRate }: {
    prices: Liquidity | null;
    slippageRate: Decimal;
  },
): Decimal {
  if (triggerPrice !== null) {
    return withSlippage(triggerPrice, side, { slippageRate });
  }
  if (price === null) {
    return prices === null
      ? ZERO
      : side === "buy"
      ? prices.slid(side)
      : prices.best(side);
  }
  return side === "sell" && prices !== null
    ? maxDecimal(price, prices.best(side))
    : price;
}

/** What the open orders claim. */
export function claimsOf(
  { open, slippageRate }: Pick<Surroundings, "open" | "slippageRate">,
): Claim[] {
  return open.map((order) => ({
    order,
    price: claimPrice(order, { prices: null, slippageRate }),
  }));
}
