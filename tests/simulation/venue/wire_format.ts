import type {
  VenueFunding,
  VenueOrder,
  VenueTrade,
} from "../../../lib/contracts/venue.ts";
import type { ExchangeOrder } from "./exchange.ts";
import type { LedgerFunding, LedgerTrade } from "./ledger.ts";
import { CASH_PLACES, PRICE_PLACES, QUANTITY_PLACES } from "./limits.ts";
import { toText } from "./units.ts";

/** The one market of the simulated venue. */
export const SYMBOL = "BTC/USDT";

/** An order as the gateway tells it. */
export function toVenueOrder(order: ExchangeOrder): VenueOrder {
  return {
    clientOrderId: order.clientOrderId,
    venueOrderId: order.id,
    symbol: SYMBOL,
    side: order.side,
    type: order.type,
    price: order.price === null ? null : toText(order.price, PRICE_PLACES),
    triggerPrice: order.trigger === null
      ? null
      : toText(order.trigger, PRICE_PLACES),
    quantity: toText(order.quantity, QUANTITY_PLACES),
    filled: toText(order.filled, QUANTITY_PLACES),
    status: order.status,
    reduceOnly: order.reduceOnly,
    at: order.at,
  };
}

/** A trade as the gateway tells it; some venues' trades do not name our id. */
export function toVenueTrade(
  trade: LedgerTrade,
  { namesOurId }: { namesOurId: boolean },
): VenueTrade {
  return {
    tradeId: trade.id,
    venueOrderId: trade.orderId,
    clientOrderId: namesOurId ? trade.clientOrderId : null,
    symbol: SYMBOL,
    side: trade.side,
    price: toText(trade.price, PRICE_PLACES),
    quantity: toText(trade.quantity, QUANTITY_PLACES),
    fee: toText(trade.feeInBase || trade.fee, CASH_PLACES),
    feeCurrency: trade.feeInBase > 0 ? "BTC" : "USDT",
    liquidity: trade.liquidity,
    at: trade.at,
  };
}

/** A funding payment as the gateway tells it. */
export function toVenueFunding(
  { id, amount, at }: LedgerFunding,
): VenueFunding {
  return {
    fundingId: id,
    symbol: SYMBOL,
    amount: toText(amount, CASH_PLACES),
    at,
  };
}
