/**
 * Writes a trade of the venue as fills of the books.
 *
 * @module
 */
import type { Fill, OpenOrder } from "../../../contracts/order.ts";
import type { VenueTrade } from "../../../contracts/venue.ts";
import {
  type Decimal,
  decimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../../core/decimal.ts";
import { raiseDrift } from "./drift.ts";
import type { VenueDesk } from "./venue_desk.ts";

/**
 * Books one trade of an order. Trades of an exit beyond what is held open a
 * position the other way: it is booked, because it is there, and closed.
 */
export function bookTrade(
  desk: VenueDesk,
  { order, trade }: { order: OpenOrder; trade: VenueTrade },
): void {
  const { log } = desk;
  const fill = fillOf(desk, { order, trade });
  const { position } = log.book.ledger;
  const quantity = decimal(fill.quantity);
  const isReducing = position !== null &&
    (position.direction === "long") === (trade.side === "sell");
  log.hasFilled = true;
  if (!isReducing || quantity.lte(position.quantity)) {
    const isExit = order.role !== "entry";
    if (isExit && !isReducing) {
      raiseDrift(
        desk,
        `The ${order.role} was filled although there was nothing to reduce`,
      );
    }
    log.record({ type: "FILL", fill });
    closeAdopted(desk, order);
    return;
  }
  raiseDrift(desk, `The ${order.role} was filled for more than is held`);
  for (const part of splitFill(fill, position.quantity)) {
    log.record({ type: "FILL", fill: part });
  }
}

/** An entry that was on no record is left again, also where it adds to a position. */
function closeAdopted(desk: VenueDesk, { role, intentId }: OpenOrder): void {
  const live = desk.log.book.liveIntent(intentId);
  if (role !== "entry" || live?.isAdopted !== true) return;
  desk.wishClosed("close", "An order that was on no record was filled");
}

/** One fill as two: what is held, and what is beyond it; their sums are those of the whole. */
function splitFill(fill: Fill, held: Decimal): [Fill, Fill] {
  const quantity = decimal(fill.quantity);
  const fee = decimal(fill.fee);
  const traded = decimal(fill.tradedQuantity ?? fill.quantity);
  const firstFee = toBooked(fee.times(held).div(quantity));
  const text = toDecimalText(held);
  return [
    {
      ...fill,
      quantity: text,
      tradedQuantity: text,
      fee: toDecimalText(firstFee),
    },
    {
      ...fill,
      fillId: `${fill.fillId}-beyond`,
      quantity: toDecimalText(quantity.minus(held)),
      tradedQuantity: toDecimalText(traded.minus(held)),
      fee: toDecimalText(fee.minus(firstFee)),
    },
  ];
}

function fillOf(
  desk: VenueDesk,
  { order, trade }: { order: OpenOrder; trade: VenueTrade },
): Fill {
  const { price, tradeId, side, at } = trade;
  return {
    fillId: tradeId,
    orderId: order.orderId,
    intentId: order.intentId,
    role: order.role,
    side,
    price,
    liquidity: trade.liquidity ?? "taker",
    seq: desk.log.book.seq,
    at,
    ...feeOf(desk, trade),
  };
}

/**
 * The fee in quote currency. One in base currency of a spot market is taken from
 * what was bought: the books hold what was received, and the fee is its price.
 * One in another currency, or one that the venue does not tell, is estimated.
 */
function feeOf(
  desk: VenueDesk,
  trade: VenueTrade,
): Pick<Fill, "fee" | "feeIsEstimate" | "quantity" | "tradedQuantity"> {
  const { fee, feeCurrency, quantity } = trade;
  const [base, quote] = currenciesOf(desk.log.book.config.symbol);
  if (fee !== null && feeCurrency === quote) return { fee, quantity };
  if (fee === null || feeCurrency !== base) {
    return { fee: estimate(desk, trade), feeIsEstimate: true, quantity };
  }
  const inQuote = toDecimalText(decimal(trade.price).times(decimal(fee)));
  if (desk.ports.profile.market !== "spot") return { fee: inQuote, quantity };
  const traded = decimal(quantity);
  const booked = trade.side === "buy"
    ? traded.minus(decimal(fee))
    : traded.plus(decimal(fee));
  // A fee of all that was bought leaves nothing to book; no venue takes it.
  if (booked.lte(ZERO)) {
    return { fee: estimate(desk, trade), feeIsEstimate: true, quantity };
  }
  return {
    fee: inQuote,
    quantity: toDecimalText(booked),
    tradedQuantity: quantity,
  };
}

/** By the market's rates, else by those of the account's costs. */
function estimate({ log, rules }: VenueDesk, trade: VenueTrade): string {
  const { costs } = log.book.terms;
  const isMaker = trade.liquidity === "maker";
  const text = isMaker ? rules?.makerRate : rules?.takerRate;
  const rate = text
    ? decimal(text)
    : isMaker
    ? costs.makerRate
    : costs.takerRate;
  return toDecimalText(
    toBooked(decimal(trade.price).times(decimal(trade.quantity)).times(rate)),
  );
}

function currenciesOf(symbol: string): [base: string, quote: string] {
  const [base = "", rest = ""] = symbol.split("/");
  return [base, rest.split(":")[0]!];
}
