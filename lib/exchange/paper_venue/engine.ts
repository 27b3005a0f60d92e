/**
 * The paper venue without time of its own: orders, cancels and quotes go in at a
 * moment that is given, news come out in order. The rules are those of
 * docs/trading-model.md, "Paper trading on live prices".
 *
 * @module
 */
import type { TradingCosts } from "../../../agents/execution/costs.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type {
  MarketRules,
  Quote,
  VenueBalance,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
} from "../../contracts/venue.ts";
import type { VenueNews } from "../gateway/port.ts";
import type { PaperAccount } from "./account.ts";
import { Fills } from "./fills.ts";
import type { PaperHistory } from "./history.ts";
import { isPrice, Liquidity } from "./liquidity.ts";
import type { OrderBook, OrderName } from "./order_book.ts";
import { refuseRequest } from "./order_checks.ts";
import { type PaperOrder, paperOrder, toVenueOrder } from "./paper_order.ts";
import type { Perpetual } from "./perpetual.ts";
import {
  claimsOf,
  isRefusal,
  isTriggered,
  refuseAtPrices,
} from "./price_checks.ts";
import { type Refusal, refuse } from "./rejections.ts";

/** What one account's engine is made of. */
export interface EngineOptions {
  profile: VenueProfile;
  symbol: string;
  costs: TradingCosts;
  rules: MarketRules | null;
  quoteStaleMs: number;
  account: PaperAccount;
  book: OrderBook;
  history: PaperHistory;
  tell: (news: VenueNews) => void;
}

/** Orders of one account, matched against the quotes of its market. */
export class PaperEngine {
  readonly #options: EngineOptions;
  readonly #fills: Fills;
  /** Of perpetuals. */
  #perpetual: Perpetual | null = null;
  #rules: MarketRules | null;
  #prices: Liquidity | null = null;
  /** When the quote was made or came here, whichever is earlier. */
  #pricesAt: EpochMs = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#rules = options.rules;
    this.#fills = new Fills(options);
  }

  /** Rules of the market; null while they are unknown. */
  get rules(): MarketRules | null {
    return this.#rules;
  }

  /** What the exchange's public markets say; holds for orders and quotes from now on. */
  setRules(rules: MarketRules): void {
    this.#rules = rules;
  }

  /** Adds what only a perpetual has. */
  setPerpetual(perpetual: Perpetual): void {
    this.#perpetual = perpetual;
  }

  /** Takes an order in and executes what it takes at once, or says why not. */
  place(request: VenueOrderRequest, now: EpochMs): VenueOrder | Refusal {
    const { profile, symbol, account, book, costs } = this.#options;
    const refusal = refuseRequest(request, {
      symbol,
      rules: this.#rules,
      book,
      clientOrderIdMax: profile.clientOrderIdMax,
    });
    if (refusal !== null) return refusal;
    const prices = this.#fresh(now);
    if (!isRefusal(prices)) this.#perpetual?.settle({ prices, now });
    const order = paperOrder(request, {
      venueOrderId: book.newVenueOrderId(request.clientOrderId),
      at: now,
      isArriving: true,
    });
    const rejection = refuseAtPrices(order, {
      market: profile.market,
      rules: this.#rules,
      account,
      open: book.open,
      slippageRate: costs.slippageRate,
      prices,
    });
    if (rejection !== null) return rejection;
    book.add(order);
    this.#options.tell({ type: "order", order: toVenueOrder(order) });
    if (!isRefusal(prices)) {
      if (request.type !== "stop") this.#fills.take(order, { prices, now });
      this.#perpetual?.settle({ prices, now });
    }
    return toVenueOrder(order);
  }

  /** Cancels an order; one that is over stays as it ended. Null where it is not known. */
  cancel(name: OrderName, now: EpochMs): VenueOrder | null {
    const order = this.#options.book.findOpen(name);
    if (order === null) return this.#options.book.find(name);
    this.#fills.cancel(order, now);
    return toVenueOrder(order);
  }

  /** Cancels everything that is open. */
  cancelAll(now: EpochMs): void {
    for (const order of this.#options.book.open) this.#fills.cancel(order, now);
  }

  /** An order by its name, open or over; null where it is not known. */
  find(name: OrderName): VenueOrder | null {
    return this.#options.book.find(name);
  }

  /** Open orders, oldest first. */
  openOrders(): readonly VenueOrder[] {
    return this.#options.book.open.map(toVenueOrder);
  }

  /** Currencies of the account. */
  balances(): readonly VenueBalance[] {
    return this.#options.account.balances(claimsOf({
      open: this.#options.book.open,
      slippageRate: this.#options.costs.slippageRate,
    }));
  }

  /** What is held. */
  position(): VenuePosition {
    return this.#options.account.position();
  }

  /** No price is known from now on until the next quote. */
  forgetPrices(): void {
    this.#prices = null;
  }

  /** Takes in a quote: funding, liquidation, stops, then limits. An older one than the last changes nothing while that is a price; a broken one is none. */
  quote(quote: Quote, now: EpochMs): void {
    if (!isPrice(quote)) {
      this.forgetPrices();
      return;
    }
    const held = this.#fresh(now);
    if (!isRefusal(held) && quote.at < held.at) return;
    const prices = new Liquidity(quote, {
      slippageRate: this.#options.costs.slippageRate,
      rules: this.#rules,
    });
    this.#prices = prices;
    this.#pricesAt = Math.min(quote.at, now);
    if (isRefusal(this.#fresh(now))) return;
    const moment = { prices, now };
    this.#perpetual?.settle(moment);
    this.#matchStops(moment);
    this.#matchLimits(moment);
    this.#perpetual?.settle(moment);
  }

  /** Stops come first: where a quote reaches stop and target, the stop counts. */
  #matchStops(moment: { prices: Liquidity; now: EpochMs }): void {
    const { market } = this.#options.profile;
    for (const order of this.#options.book.open) {
      if (order.status !== "open" || order.request.type !== "stop") continue;
      if (isTriggered(order, { market, prices: moment.prices })) {
        this.#fills.trigger(order, moment);
      }
    }
  }

  /** The best price first, then the oldest. Orders that came without a price take like new ones. */
  #matchLimits(moment: { prices: Liquidity; now: EpochMs }): void {
    const limits = this.#options.book.open
      .filter(({ price }) => price !== null)
      .toSorted(compareLimits);
    for (const order of limits) {
      if (order.status !== "open") continue;
      if (order.isArriving) this.#fills.take(order, moment);
      else this.#fills.make(order, moment);
    }
  }

  /** Prices that are young enough, or why there are none. */
  #fresh(now: EpochMs): Liquidity | Refusal {
    const { quoteStaleMs, symbol } = this.#options;
    if (this.#prices === null) {
      return refuse("NO_QUOTE", `No price of ${symbol} is known now`);
    }
    const ageMs = now - this.#pricesAt;
    if (ageMs < quoteStaleMs) return this.#prices;
    return refuse(
      "STALE_QUOTE",
      `The last price of ${symbol} is ${ageMs} ms old, ${quoteStaleMs} are the limit`,
    );
  }
}

/** Buys by falling price before sells by rising price; the sort keeps the age among equals. */
function compareLimits(a: PaperOrder, b: PaperOrder): number {
  const { side } = a.request;
  if (side !== b.request.side) return side === "buy" ? -1 : 1;
  const order = a.price!.cmp(b.price!);
  return side === "buy" ? -order : order;
}
