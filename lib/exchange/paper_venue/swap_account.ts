import { initialMargin } from "../../../agents/risk/liquidation.ts";
import {
  type Decimal,
  divide,
  maxDecimal,
  minDecimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { Side } from "../../contracts/primitives.ts";
import type { VenueBalance, VenuePosition } from "../../contracts/venue.ts";
import {
  type Booking,
  type Claim,
  type PaperAccount,
  ROUNDING_RESERVE,
} from "./account.ts";
import { liquidationPriceOf, type MaintenanceTier } from "./margin.ts";
import { openQuantity } from "./paper_order.ts";

/** How an account of a linear perpetual begins. */
export interface SwapStart {
  symbol: string;
  cash: Decimal;
  /** Signed. */
  quantity: Decimal;
  entryPrice: Decimal | null;
  leverage: number;
  /** Notional ÷ leverage where it is null. */
  margin: Decimal | null;
  tiers: readonly MaintenanceTier[];
  /** The larger of both fees, for what orders claim. */
  feeRate: Decimal;
}

/**
 * An account of one linear perpetual with isolated margin: what a position may
 * lose is what was set aside for it. A result is booked when it is realised.
 */
export class SwapAccount implements PaperAccount {
  readonly #start: SwapStart;
  #leverage: number;
  #cash: Decimal;
  #quantity: Decimal;
  /** Entry value of the position, positive. */
  #cost: Decimal;
  #margin: Decimal;

  constructor(start: SwapStart) {
    this.#start = start;
    this.#leverage = start.leverage;
    this.#cash = start.cash;
    this.#quantity = start.quantity;
    this.#cost = (start.entryPrice ?? ZERO).times(start.quantity.abs());
    this.#margin = start.margin ?? this.#marginOf(this.#cost);
  }

  get quantity(): Decimal {
    return this.#quantity;
  }

  get cash(): Decimal {
    return this.#cash;
  }

  /** What is set aside for the position. */
  get margin(): Decimal {
    return this.#margin;
  }

  get entryPrice(): Decimal | null {
    return this.#quantity.eq(ZERO)
      ? null
      : divide(this.#cost, this.#quantity.abs());
  }

  /** Mark price that liquidates the position; null when flat or where no price does. */
  get liquidationPrice(): Decimal | null {
    const { entryPrice } = this;
    return entryPrice === null ? null : liquidationPriceOf({
      quantity: this.#quantity,
      entryPrice,
      margin: this.#margin,
    }, this.#start.tiers);
  }

  /** Counts from the next opening on; the margin of a position stays as it is. */
  setLeverage(leverage: number): void {
    this.#leverage = leverage;
  }

  lackFor(claim: Claim, open: readonly Claim[]): string | null {
    const needed = this.#claimOf(claim);
    const free = this.#free(open);
    if (needed.eq(ZERO) || needed.lte(free)) return null;
    return `The order needs ${
      toDecimalText(needed)
    } of margin and fees at ${this.#leverage} times leverage, ${
      toDecimalText(free)
    } are free`;
  }

  canPay({ side, price, quantity, fee }: Booking): boolean {
    const opening = this.#openingPart(side, quantity);
    if (opening.eq(ZERO)) return true;
    const closing = this.#closing(price, quantity.minus(opening));
    const free = this.#cash.plus(closing.result)
      .minus(this.#margin.minus(closing.margin));
    return this.#marginOf(price.times(opening)).plus(fee).lte(free);
  }

  coverable(_side: Side, quantity: Decimal): Decimal {
    return quantity;
  }

  book({ side, price, quantity, fee }: Booking): void {
    const opening = this.#openingPart(side, quantity);
    const closed = quantity.minus(opening);
    const closing = this.#closing(price, closed);
    this.#cash = this.#cash.plus(closing.result).minus(fee);
    this.#cost = this.#cost.minus(closing.cost)
      .plus(price.times(opening));
    this.#margin = this.#margin.minus(closing.margin)
      .plus(this.#marginOf(price.times(opening)));
    this.#quantity = side === "buy"
      ? this.#quantity.plus(quantity)
      : this.#quantity.minus(quantity);
  }

  /** Where the free balance does not suffice the margin pays, which brings the liquidation nearer. */
  pay(amount: Decimal): void {
    this.#cash = this.#cash.minus(amount);
    this.#margin = minDecimal(this.#margin, maxDecimal(this.#cash, ZERO));
  }

  balances(open: readonly Claim[]): readonly VenueBalance[] {
    return [{
      currency: this.#start.symbol.split("/")[1] ?? "",
      free: toDecimalText(maxDecimal(this.#free(open), ZERO)),
      total: toDecimalText(this.#cash),
    }];
  }

  position(): VenuePosition {
    const { entryPrice, liquidationPrice } = this;
    return {
      symbol: this.#start.symbol,
      quantity: toDecimalText(this.#quantity),
      entryPrice: entryPrice === null
        ? null
        : toDecimalText(toBooked(entryPrice)),
      liquidationPrice: liquidationPrice === null
        ? null
        : toDecimalText(liquidationPrice),
      leverage: this.#leverage,
    };
  }

  #marginOf(notional: Decimal): Decimal {
    return toBooked(initialMargin(notional, this.#leverage));
  }

  /** What of an order goes beyond the position that it closes. */
  #openingPart(side: Side, quantity: Decimal): Decimal {
    const isClosing = side === "buy"
      ? this.#quantity.lt(ZERO)
      : this.#quantity.gt(ZERO);
    if (!isClosing) return quantity;
    return quantity.minus(minDecimal(quantity, this.#quantity.abs()));
  }

  /** What closing a part of the position realises and sets free. */
  #closing(price: Decimal, quantity: Decimal) {
    if (quantity.eq(ZERO)) return { result: ZERO, cost: ZERO, margin: ZERO };
    const held = this.#quantity.abs();
    const isWhole = quantity.eq(held);
    const part = (value: Decimal) =>
      isWhole ? value : toBooked(divide(value.times(quantity), held));
    const cost = part(this.#cost);
    const gain = price.times(quantity).minus(cost);
    return {
      result: this.#quantity.gt(ZERO) ? gain : ZERO.minus(gain),
      cost,
      margin: part(this.#margin),
    };
  }

  /** Margin and fee of what an order would open. */
  #claimOf({ order, price }: Claim): Decimal {
    const { side, reduceOnly } = order.request;
    if (reduceOnly) return ZERO;
    const value = price.times(this.#openingPart(side, openQuantity(order)));
    if (value.eq(ZERO)) return ZERO;
    return this.#marginOf(value).plus(value.times(this.#start.feeRate))
      .plus(ROUNDING_RESERVE);
  }

  #free(open: readonly Claim[]): Decimal {
    return open.reduce(
      (free, claim) => free.minus(this.#claimOf(claim)),
      this.#cash.minus(this.#margin),
    );
  }
}
