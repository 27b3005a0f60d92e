import { type Decimal, decimal } from "../../core/decimal.ts";
import type { Side } from "../../contracts/primitives.ts";
import type { VenueBalance, VenuePosition } from "../../contracts/venue.ts";
import type { PaperOrder } from "./paper_order.ts";

/** Kept beside fee and margin of an order, because each of its executions is rounded by itself. */
export const ROUNDING_RESERVE: Decimal = decimal("0.00000002");

/** What an account books of an execution. */
export interface Booking {
  side: Side;
  price: Decimal;
  quantity: Decimal;
  /** In quote currency. */
  fee: Decimal;
}

/** An order that wants money or base currency: at most at this price. */
export interface Claim {
  order: PaperOrder;
  price: Decimal;
}

/** Money and position of a paper account in one market. */
export interface PaperAccount {
  /** In base currency, negative for a short position. */
  readonly quantity: Decimal;
  /** Of the position; null when flat. */
  readonly entryPrice: Decimal | null;
  /** Quote currency, without unrealised results. */
  readonly cash: Decimal;
  /** What an order lacks beside the open ones, as one sentence; null for nothing. */
  lackFor(claim: Claim, open: readonly Claim[]): string | null;
  /** Whether an execution can be paid, whatever else rests. */
  canPay(booking: Booking): boolean;
  /** Most that may execute of a quantity: no spot sale beyond what is held. */
  coverable(side: Side, quantity: Decimal): Decimal;
  book(booking: Booking): void;
  /** Pays an amount of quote currency, or receives a negative one. */
  pay(amount: Decimal): void;
  balances(open: readonly Claim[]): readonly VenueBalance[];
  position(): VenuePosition;
}
