/**
 * Executes orders against a quote and follows up: what a fill does to the
 * orders of its group and to those that may only reduce.
 *
 * @module
 */
import { feeOf } from "../../../agents/execution/matching.ts";
import type { TradingCosts } from "../../../agents/execution/costs.ts";
import {
  type Decimal,
  minDecimal,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { VenueTrade } from "../../contracts/venue.ts";
import type { VenueNews } from "../gateway/port.ts";
import type { PaperAccount } from "./account.ts";
import type { PaperHistory } from "./history.ts";
import type { Liquidity, PaperExecution } from "./liquidity.ts";
import type { OrderBook } from "./order_book.ts";
import { openQuantity, type PaperOrder, toVenueOrder } from "./paper_order.ts";
import { closableBy } from "./price_checks.ts";

/** What executing needs. */
export interface FillsOptions {
  symbol: string;
  costs: TradingCosts;
  account: PaperAccount;
  book: OrderBook;
  history: PaperHistory;
  /** Hears everything that happens, in order. */
  tell: (news: VenueNews) => void;
}

/** Prices to execute at, and when. */
export interface Moment {
  prices: Liquidity;
  now: EpochMs;
}

/** Executes the orders of one account. */
export class Fills {
  readonly #options: FillsOptions;

  constructor(options: FillsOptions) {
    this.#options = options;
  }

  /** Lets an order take what it can. What is left of a limit order that is good till canceled rests; all else is over. */
  take(order: PaperOrder, { prices, now }: Moment): void {
    const { side, type, timeInForce } = order.request;
    const quantity = this.#allowed(order);
    const limit = order.price;
    const executions = prices.executions({ side, quantity, limit });
    order.isArriving = false;
    const total = executions.reduce(
      (sum, execution) => sum.plus(execution.quantity),
      ZERO,
    );
    const isKilled = type !== "stop" && timeInForce === "FOK" &&
      total.lt(order.quantity);
    for (const execution of isKilled ? [] : executions) {
      if (order.status !== "open") return;
      const isAtBest = execution.price.eq(prices.best(side));
      if (isAtBest) prices.use(side, execution.quantity);
      this.#execute(order, { execution, liquidity: "taker", now });
    }
    const rests = type === "limit" && timeInForce === "GTC";
    if (order.status === "open" && !rests) this.cancel(order, now);
  }

  /**
   * Fills a resting limit order at its price once the opposite best price has
   * crossed it, up to the size there. Until then others wait in front of it;
   * afterwards a touch is enough.
   */
  make(order: PaperOrder, { prices, now }: Moment): void {
    const { side } = order.request;
    const limit = order.price!;
    if (prices.isThrough(side, limit)) order.wasCrossed = true;
    if (!order.wasCrossed || !prices.wouldTake(side, limit)) return;
    const quantity = prices.fillable(side, this.#allowed(order));
    if (quantity.lte(ZERO)) return;
    prices.use(side, quantity);
    const execution = { price: limit, quantity };
    this.#execute(order, { execution, liquidity: "maker", now });
  }

  /** A stop that was reached: the rest of its group is canceled, then it takes. */
  trigger(order: PaperOrder, moment: Moment): void {
    for (const sibling of this.#options.book.siblingsOf(order)) {
      this.cancel(sibling, moment.now);
    }
    this.take(order, moment);
  }

  /** Ends an order unfilled or filled in part. */
  cancel(order: PaperOrder, now: EpochMs): void {
    this.#end(order, { status: "canceled", now });
  }

  /** Most that an order may execute now: its own rest, what its group leaves, what it may reduce, what is held. */
  #allowed(order: PaperOrder): Decimal {
    const { account } = this.#options;
    const { side, reduceOnly } = order.request;
    const covered = account.coverable(side, openQuantity(order));
    return reduceOnly
      ? minDecimal(covered, closableBy(side, account.quantity))
      : covered;
  }

  #execute(
    order: PaperOrder,
    { execution, liquidity, now }: {
      execution: PaperExecution;
      liquidity: "maker" | "taker";
      now: EpochMs;
    },
  ): void {
    const { account, book, costs, tell } = this.#options;
    const fee = feeOf({ ...execution, liquidity }, costs);
    const booking = { side: order.request.side, ...execution, fee };
    if (!account.canPay(booking)) {
      this.cancel(order, now);
      return;
    }
    account.book(booking);
    order.filled = order.filled.plus(execution.quantity);
    order.at = now;
    const siblings = book.siblingsOf(order);
    for (const sibling of siblings) {
      sibling.filledByGroup = sibling.filledByGroup.plus(execution.quantity);
    }
    tell({
      type: "trade",
      trade: this.#toTrade(order, { execution, fee, liquidity, now }),
    });
    this.#follow(order, { siblings, now });
    tell({ type: "position", position: account.position() });
  }

  #toTrade(
    order: PaperOrder,
    { execution, fee, liquidity, now }: {
      execution: PaperExecution;
      fee: Decimal;
      liquidity: "maker" | "taker";
      now: EpochMs;
    },
  ): VenueTrade {
    const { symbol, history } = this.#options;
    return history.addTrade({
      venueOrderId: order.venueOrderId,
      clientOrderId: order.request.clientOrderId,
      symbol,
      side: order.request.side,
      price: toDecimalText(execution.price),
      quantity: toDecimalText(execution.quantity),
      fee: toDecimalText(fee),
      feeCurrency: symbol.split("/")[1] ?? null,
      liquidity,
      at: now,
    });
  }

  /** After a fill: the order's own end, then that of its group, then of orders that have nothing to reduce any more. */
  #follow(
    order: PaperOrder,
    { siblings, now }: { siblings: readonly PaperOrder[]; now: EpochMs },
  ): void {
    const { account, book, tell } = this.#options;
    const isFilled = order.filled.eq(order.quantity);
    if (isFilled) this.#end(order, { status: "filled", now });
    else if (openQuantity(order).eq(ZERO)) this.cancel(order, now);
    else tell({ type: "order", order: toVenueOrder(order) });
    for (const sibling of siblings) {
      if (isFilled || openQuantity(sibling).eq(ZERO)) this.cancel(sibling, now);
    }
    for (const open of book.open) {
      const { reduceOnly, side } = open.request;
      if (reduceOnly && closableBy(side, account.quantity).eq(ZERO)) {
        this.cancel(open, now);
      }
    }
  }

  #end(
    order: PaperOrder,
    { status, now }: { status: "filled" | "canceled"; now: EpochMs },
  ): void {
    if (order.status !== "open") return;
    const { book, tell } = this.#options;
    order.status = status;
    order.at = now;
    book.end(order);
    tell({ type: "order", order: toVenueOrder(order) });
  }
}
