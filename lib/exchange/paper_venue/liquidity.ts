/**
 * What one quote lets an account trade. The size at the best price is shared by
 * all orders that meet this quote; what goes beyond it slides by the slippage.
 *
 * @module
 */
import { withSlippage } from "../../../agents/execution/matching.ts";
import { toStep } from "../../../agents/risk/market_rules.ts";
import {
  type Decimal,
  decimal,
  floorToStep,
  minDecimal,
  toBooked,
  ZERO,
} from "../../core/decimal.ts";
import type { Side } from "../../contracts/primitives.ts";
import type { MarketRules, Quote } from "../../contracts/venue.ts";

/** A part of an order that executes at one price. */
export interface PaperExecution {
  price: Decimal;
  quantity: Decimal;
}

/** What an order that takes wants. */
export interface Taking {
  side: Side;
  quantity: Decimal;
  /** Worst price; null for any. */
  limit: Decimal | null;
}

/** Whether a quote is one: both prices positive and not crossed. */
export function isPrice(quote: Quote): boolean {
  const { bid, ask, mark } = quote;
  return Number.isFinite(bid) && Number.isFinite(ask) && bid > 0 &&
    ask >= bid && (mark === null || (Number.isFinite(mark) && mark > 0));
}

/** Prices and sizes of one quote. */
export class Liquidity {
  readonly bid: Decimal;
  readonly ask: Decimal;
  /** Mark price, or the middle of bid and ask where none is told. */
  readonly mark: Decimal;
  /** The mark price alone; null where none is told. */
  readonly toldMark: Decimal | null;
  readonly at: number;
  readonly #slippage: { slippageRate: Decimal };
  readonly #priceStep: Decimal | null;
  /** What is left to take: of the ask by buys, of the bid by sells. Null where unknown. */
  readonly #left: Record<Side, Decimal | null>;

  constructor(
    quote: Quote,
    options: { slippageRate: Decimal; rules: MarketRules | null },
  ) {
    const { rules } = options;
    this.at = quote.at;
    this.bid = decimal(quote.bid);
    this.ask = decimal(quote.ask);
    this.toldMark = quote.mark === null ? null : decimal(quote.mark);
    this.mark = this.toldMark ??
      toBooked(this.bid.plus(this.ask).times(decimal("0.5")));
    this.#slippage = { slippageRate: options.slippageRate };
    this.#priceStep = rules === null ? null : decimal(rules.priceStep);
    const sizeOf = (size: number | null) => {
      if (size === null || !Number.isFinite(size) || size < 0) return null;
      const value = decimal(size);
      return rules === null
        ? toBooked(value)
        : floorToStep(value, decimal(rules.quantityStep));
    };
    this.#left = { buy: sizeOf(quote.askSize), sell: sizeOf(quote.bidSize) };
  }

  /** Best price for an order of this side that takes. */
  best(side: Side): Decimal {
    return side === "buy" ? this.ask : this.bid;
  }

  /** Price beyond the size at the best one: with slippage, rounded to a price of the market against the order. */
  slid(side: Side): Decimal {
    const price = withSlippage(this.best(side), side, this.#slippage);
    if (this.#priceStep === null) return price;
    const stepped = toStep(price, {
      step: this.#priceStep,
      up: side === "buy",
    });
    return stepped.gt(ZERO) ? stepped : price;
  }

  /** Whether an order at this limit, null for any, would take. */
  wouldTake(side: Side, limit: Decimal | null): boolean {
    if (limit === null) return true;
    return side === "buy" ? limit.gte(this.ask) : limit.lte(this.bid);
  }

  /** Whether the market trades through a limit: the opposite best price is beyond it. */
  isThrough(side: Side, limit: Decimal): boolean {
    return side === "buy" ? this.ask.lt(limit) : this.bid.gt(limit);
  }

  /** What would execute at once, best price first. Takes nothing. */
  executions({ side, quantity, limit }: Taking): PaperExecution[] {
    if (!this.wouldTake(side, limit) || quantity.lte(ZERO)) return [];
    const atBest = minDecimal(quantity, this.#left[side] ?? ZERO);
    const rest = quantity.minus(atBest);
    const slid = this.slid(side);
    const isBeyond = limit !== null &&
      (side === "buy" ? slid.gt(limit) : slid.lt(limit));
    return [
      { price: this.best(side), quantity: atBest },
      { price: slid, quantity: isBeyond ? ZERO : rest },
    ].filter((execution) => execution.quantity.gt(ZERO));
  }

  /** How much of a resting order this quote fills at its price: up to the size on the other side. */
  fillable(side: Side, quantity: Decimal): Decimal {
    const left = this.#left[side];
    return left === null ? quantity : minDecimal(quantity, left);
  }

  /** Uses size at the best price up. */
  use(side: Side, quantity: Decimal): void {
    const left = this.#left[side];
    if (left !== null) {
      this.#left[side] = left.minus(minDecimal(left, quantity));
    }
  }
}
