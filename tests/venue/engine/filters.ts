import type { Market } from "../market/market.ts";
import { OPEN_ORDERS_MAX, STOPS_MAX } from "../limits.ts";
import type { MarketKind, MarketSpec } from "../market/specs.ts";
import { SPOT_NOTIONAL_MAX } from "../market/specs.ts";
import { times } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import { isPriced, isStop, type NewOrder } from "./order.ts";

/**
 * Refuses what does not keep to the market's filters, with the codes of spot
 * (-1013) and of futures (-4xxx and -1111).
 *
 * @throws {Refusal}
 */
export function checkFilters(order: NewOrder, market: Market): void {
  const { spec } = market;
  if (order.closePosition) return checkPrice(order.stopPrice, spec);
  checkQuantity(order, spec);
  if (isPriced(order.type)) checkPrice(order.price, spec);
  if (isStop(order.type)) checkPrice(order.stopPrice, spec);
  const price = isPriced(order.type) ? order.price : market.last;
  const notional = times(order.quantity, price);
  const isSmall = notional < spec.minNotional;
  if (spec.kind === "spot") {
    const isLarge = isPriced(order.type) && notional > SPOT_NOTIONAL_MAX;
    if (!isSmall && !isLarge) return;
    throw new Refusal(-1013, "Filter failure: NOTIONAL");
  }
  if (!isSmall) return;
  if (order.reduceOnly) return;
  const least = Number(spec.minNotional / 100_000_000n);
  throw new Refusal(
    -4164,
    `Order's notional must be no smaller than ${least} (unless you choose reduce only).`,
  );
}

/**
 * Refuses one order more than a symbol may have open.
 *
 * @throws {Refusal} -1013 at spot, -2025 or -4045 at futures.
 */
export function checkCounts(
  order: Pick<NewOrder, "type">,
  open: readonly Pick<NewOrder, "type">[],
  kind: MarketKind,
): void {
  const isSpot = kind === "spot";
  if (open.length >= OPEN_ORDERS_MAX) {
    throw isSpot
      ? new Refusal(-1013, "Filter failure: MAX_NUM_ORDERS")
      : new Refusal(-2025, "Reach max open order limit.");
  }
  const stops = open.filter(({ type }) => isStop(type)).length;
  if (!isStop(order.type) || stops < STOPS_MAX[kind]) return;
  throw isSpot
    ? new Refusal(-1013, "Filter failure: MAX_NUM_ALGO_ORDERS")
    : new Refusal(-4045, "Reach max stop order limit.");
}

function checkQuantity(order: NewOrder, spec: MarketSpec): void {
  const { quantity } = order;
  const isMarket = order.type === "MARKET";
  const most = isMarket ? spec.maxMarketQuantity : spec.maxQuantity;
  const isFutures = spec.kind === "futures";
  if (quantity <= 0n || quantity < spec.minQuantity) {
    throw isFutures
      ? new Refusal(-4003, "Quantity less than or equal to zero.")
      : new Refusal(-1013, "Filter failure: LOT_SIZE");
  }
  if (quantity > most) {
    throw isFutures
      ? new Refusal(-4005, "Quantity greater than max quantity.")
      : new Refusal(
        -1013,
        `Filter failure: ${isMarket ? "MARKET_LOT_SIZE" : "LOT_SIZE"}`,
      );
  }
  if (quantity % spec.step === 0n) return;
  throw isFutures
    ? new Refusal(
      -1111,
      "Precision is over the maximum defined for this asset.",
    )
    : new Refusal(-1013, "Filter failure: LOT_SIZE");
}

function checkPrice(price: bigint, spec: MarketSpec): void {
  const isFutures = spec.kind === "futures";
  if (price <= 0n) {
    throw isFutures
      ? new Refusal(-4001, "Price less than 0.")
      : new Refusal(-1013, "Filter failure: PRICE_FILTER");
  }
  if (price % spec.tick === 0n) return;
  throw isFutures
    ? new Refusal(-4014, "Price not increased by tick size.")
    : new Refusal(-1013, "Filter failure: PRICE_FILTER");
}
