/**
 * What a perpetual does to its position without an order: funding and
 * liquidation, both at the mark price.
 *
 * @module
 */
import { FUNDING_MS, fundingTimes } from "../../../agents/execution/costs.ts";
import { fundingPayment } from "../../../agents/risk/liquidation.ts";
import { toStep } from "../../../agents/risk/market_rules.ts";
import {
  type Decimal,
  decimal,
  divide,
  maxDecimal,
  minDecimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { EpochMs, Side } from "../../contracts/primitives.ts";
import type { VenueNews } from "../gateway/port.ts";
import type { Moment } from "./fills.ts";
import type { PaperHistory } from "./history.ts";
import { FUNDING_TIMES_MAX } from "./limits.ts";
import { hasReached } from "./margin.ts";
import type { OrderBook } from "./order_book.ts";
import type { SwapAccount } from "./swap_account.ts";

/** Client order ids of liquidations begin with this, as at Binance: nobody placed them. */
export const LIQUIDATION_ID_PREFIX = "autoclose-";

/** Smallest part of a booked price. */
const BOOKED_STEP = decimal("0.00000001");

/** What a perpetual needs. */
export interface PerpetualOptions {
  symbol: string;
  account: SwapAccount;
  book: OrderBook;
  history: PaperHistory;
  /** Part of the notional paid by a long position at each funding time. */
  fundingRate: Decimal;
  /** Part of the notional. */
  liquidationRate: Decimal;
  fundedUntil: EpochMs;
  tell: (news: VenueNews) => void;
  notice: (detail: string) => void;
  cancelAll: (now: EpochMs) => void;
}

/** Funding and liquidation of one account. */
export class Perpetual {
  readonly #options: PerpetualOptions;
  #fundedUntil: EpochMs;
  /** The exchange's own rate where it is known. */
  #toldRate: Decimal | null = null;

  constructor(options: PerpetualOptions) {
    this.#options = options;
    this.#fundedUntil = options.fundedUntil;
  }

  /** The rate that the exchange tells for the next funding, as a part; null for the configured one. */
  setRate(rate: number | null): void {
    this.#toldRate = rate === null ? null : decimal(rate);
  }

  /** Books funding that has fallen due, then liquidates a position whose mark price was reached. */
  settle(moment: Moment): void {
    this.#fund(moment);
    this.#liquidate(moment);
  }

  #fund({ prices, now }: Moment): void {
    const { account, history, symbol, tell } = this.#options;
    const from = this.#fundedUntil;
    const due = now > from ? fundingTimes(from, now) : 0;
    this.#fundedUntil = Math.max(from, now);
    if (account.quantity.eq(ZERO)) return;
    const last = Math.floor(now / FUNDING_MS);
    for (let back = Math.min(due, FUNDING_TIMES_MAX) - 1; back >= 0; back--) {
      const at = (last - back) * FUNDING_MS;
      const paid = toBooked(fundingPayment({
        position: {
          direction: account.quantity.gt(ZERO) ? "long" : "short",
          quantity: account.quantity.abs(),
        },
        markPrice: prices.mark,
        rate: this.#toldRate ?? this.#options.fundingRate,
      }));
      if (paid.eq(ZERO)) continue;
      account.pay(paid);
      const amount = toDecimalText(paid);
      const funding = { fundingId: `funding-${at}`, symbol, amount, at };
      history.addFunding(funding);
      tell({ type: "funding", funding });
    }
  }

  #liquidate({ prices, now }: Moment): void {
    const { account, history, tell, notice } = this.#options;
    const { quantity, liquidationPrice } = account;
    if (liquidationPrice === null) return;
    if (!hasReached(liquidationPrice, { quantity, mark: prices.mark })) return;
    this.#options.cancelAll(now);
    const side: Side = quantity.gt(ZERO) ? "sell" : "buy";
    const price = this.#closingPrice(side, prices.slid(side));
    const fee = this.#feeAt(price);
    account.book({ side, price, quantity: quantity.abs(), fee });
    const name = {
      clientOrderId: `${LIQUIDATION_ID_PREFIX}${history.tradeCounter + 1}`,
      venueOrderId: `liquidation-${history.tradeCounter + 1}`,
    };
    this.#keepOrder({ ...name, side, quantity: quantity.abs(), now });
    const trade = history.addTrade({
      ...name,
      symbol: this.#options.symbol,
      side,
      price: toDecimalText(price),
      quantity: toDecimalText(quantity.abs()),
      fee: toDecimalText(fee),
      feeCurrency: this.#options.symbol.split("/")[1] ?? null,
      liquidity: "taker",
      at: now,
    });
    tell({ type: "trade", trade });
    tell({ type: "position", position: account.position() });
    notice(
      `The position of ${
        toDecimalText(quantity)
      } in ${this.#options.symbol} was liquidated at ${trade.price}: the mark price ${
        toDecimalText(prices.mark)
      } reached the liquidation price ${toDecimalText(liquidationPrice)}`,
    );
  }

  /** The market's price, but none at which more than the margin would be lost. */
  #closingPrice(side: Side, marketPrice: Decimal): Decimal {
    const { account } = this.#options;
    const perUnit = divide(account.margin, account.quantity.abs());
    const entry = account.entryPrice!;
    if (side === "sell") {
      const bankrupt = toStep(entry.minus(perUnit), {
        step: BOOKED_STEP,
        up: true,
      });
      return maxDecimal(marketPrice, bankrupt);
    }
    const bankrupt = toStep(entry.plus(perUnit), {
      step: BOOKED_STEP,
      up: false,
    });
    return minDecimal(marketPrice, bankrupt);
  }

  /** The fee of the liquidation, as far as the margin pays for it. */
  #feeAt(price: Decimal): Decimal {
    const { account, liquidationRate } = this.#options;
    const fee = toBooked(
      price.times(account.quantity.abs()).times(liquidationRate),
    );
    const result = price.minus(account.entryPrice!).times(account.quantity);
    const left = account.margin.plus(result);
    return maxDecimal(ZERO, toBooked(minDecimal(fee, left)));
  }

  #keepOrder(
    { clientOrderId, venueOrderId, side, quantity, now }: {
      clientOrderId: string;
      venueOrderId: string;
      side: Side;
      quantity: Decimal;
      now: EpochMs;
    },
  ): void {
    const { symbol, book, tell } = this.#options;
    const order = {
      clientOrderId,
      venueOrderId,
      symbol,
      side,
      type: "other" as const,
      price: null,
      triggerPrice: null,
      quantity: toDecimalText(quantity),
      filled: toDecimalText(quantity),
      status: "filled" as const,
      reduceOnly: true,
      at: now,
    };
    book.keep(order);
    tell({ type: "order", order });
  }
}
