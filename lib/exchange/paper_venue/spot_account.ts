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
import { openQuantity } from "./paper_order.ts";

/** How a spot account begins. */
export interface SpotStart {
  symbol: string;
  cash: Decimal;
  quantity: Decimal;
  entryPrice: Decimal | null;
  /** The larger of both fees, for what orders claim. */
  feeRate: Decimal;
}

/**
 * A spot account: nothing is sold that is not held. Resting sells lock base
 * currency and resting buys quote currency with the fee of taking; orders of one
 * group lock the larger of their claims, once.
 */
export class SpotAccount implements PaperAccount {
  readonly #symbol: string;
  readonly #feeRate: Decimal;
  #cash: Decimal;
  #quantity: Decimal;
  /** What the base currency was bought for, fees left out. */
  #cost: Decimal;

  constructor(start: SpotStart) {
    this.#symbol = start.symbol;
    this.#feeRate = start.feeRate;
    this.#cash = start.cash;
    this.#quantity = start.quantity;
    this.#cost = (start.entryPrice ?? ZERO).times(start.quantity);
  }

  get quantity(): Decimal {
    return this.#quantity;
  }

  get cash(): Decimal {
    return this.#cash;
  }

  get entryPrice(): Decimal | null {
    return this.#quantity.gt(ZERO) && this.#cost.gt(ZERO)
      ? divide(this.#cost, this.#quantity)
      : null;
  }

  lackFor(claim: Claim, open: readonly Claim[]): string | null {
    const { side } = claim.order.request;
    const held = side === "buy" ? this.#cash : this.#quantity;
    const before = this.#locked(side, open);
    const needed = this.#locked(side, [...open, claim]).minus(before);
    const free = held.minus(before);
    if (needed.lte(maxDecimal(free, ZERO))) return null;
    return `The order needs ${toDecimalText(needed)} ${this.#currency(side)}, ${
      toDecimalText(free)
    } are free`;
  }

  canPay({ side, price, quantity, fee }: Booking): boolean {
    return side === "buy"
      ? price.times(quantity).plus(fee).lte(this.#cash)
      : quantity.lte(this.#quantity);
  }

  coverable(side: Side, quantity: Decimal): Decimal {
    return side === "buy" ? quantity : minDecimal(quantity, this.#quantity);
  }

  book({ side, price, quantity, fee }: Booking): void {
    const value = price.times(quantity);
    if (side === "buy") {
      this.#cash = this.#cash.minus(value).minus(fee);
      this.#quantity = this.#quantity.plus(quantity);
      this.#cost = this.#cost.plus(value);
      return;
    }
    const left = this.#quantity.minus(quantity);
    const soldCost = left.eq(ZERO)
      ? this.#cost
      : toBooked(divide(this.#cost.times(quantity), this.#quantity));
    this.#cash = this.#cash.plus(value).minus(fee);
    this.#quantity = left;
    this.#cost = this.#cost.minus(soldCost);
  }

  pay(amount: Decimal): void {
    this.#cash = this.#cash.minus(amount);
  }

  balances(open: readonly Claim[]): readonly VenueBalance[] {
    return (["sell", "buy"] as const).map((side) => {
      const total = side === "buy" ? this.#cash : this.#quantity;
      const free = total.minus(this.#locked(side, open));
      return {
        currency: this.#currency(side),
        free: toDecimalText(maxDecimal(free, ZERO)),
        total: toDecimalText(total),
      };
    });
  }

  position(): VenuePosition {
    const entry = this.entryPrice;
    return {
      symbol: this.#symbol,
      quantity: toDecimalText(this.#quantity),
      entryPrice: entry === null ? null : toDecimalText(toBooked(entry)),
      liquidationPrice: null,
      leverage: null,
    };
  }

  /** What orders of one side lock: of a group the largest claim alone. */
  #locked(side: Side, claims: readonly Claim[]): Decimal {
    const byGroup = new Map<string, Decimal>();
    for (const { order, price } of claims) {
      if (order.request.side !== side) continue;
      const quantity = openQuantity(order);
      const value = price.times(quantity);
      const needed = side === "buy"
        ? value.plus(value.times(this.#feeRate)).plus(ROUNDING_RESERVE)
        : quantity;
      // Venue ids begin with `paper-`, so that no group is taken for an order.
      const key = order.request.ocoGroup === null
        ? order.venueOrderId
        : `group-${order.request.ocoGroup}`;
      byGroup.set(key, maxDecimal(byGroup.get(key) ?? ZERO, needed));
    }
    return [...byGroup.values()].reduce((sum, value) => sum.plus(value), ZERO);
  }

  /** The currency that orders of a side claim. */
  #currency(side: Side): string {
    const [base = "", quote = ""] = this.#symbol.split("/");
    return side === "buy" ? quote : base;
  }
}
