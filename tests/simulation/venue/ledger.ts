import type { Side } from "../../../lib/contracts/primitives.ts";
import {
  CASH_PLACES,
  MAKER_BASIS_POINTS,
  PRICE_PLACES,
  QUANTITY_PLACES,
  TAKER_BASIS_POINTS,
} from "./limits.ts";

/** One execution in the venue's own books; prices, quantities and fees in whole units. */
export interface LedgerTrade {
  id: string;
  orderId: string;
  clientOrderId: string | null;
  side: Side;
  price: number;
  quantity: number;
  /** In units of 10⁻⁸ quote; 0 where it was paid in base. */
  fee: number;
  /** In units of 10⁻⁸ base. */
  feeInBase: number;
  liquidity: "maker" | "taker";
  at: number;
  /** When reads show it. */
  visibleAt: number;
}

/** A funding payment; positive = paid by the account, in units of 10⁻⁸ quote. */
export interface LedgerFunding {
  id: string;
  amount: number;
  at: number;
  /** When reads show it. */
  visibleAt: number;
}

/** Units of 10⁻⁸ quote in a product of a price and a quantity. */
const CASH_FACTOR = 10 ** (CASH_PLACES - PRICE_PLACES - QUANTITY_PLACES);

/** Units of 10⁻⁸ base in a unit of quantity. */
export const BASE_FACTOR = 10 ** (CASH_PLACES - QUANTITY_PLACES);

/** The venue's own books: whole numbers, written here for themselves, so that nothing of what is tested can be wrong in both. */
export class Ledger {
  readonly trades: LedgerTrade[] = [];
  readonly fundings: LedgerFunding[] = [];
  /** Traded, in units; what fees took of it is apart. */
  position = 0;
  /** In units of 10⁻⁸ base. */
  baseFees = 0;
  /** In units of 10⁻⁸ quote. */
  cash = 0;

  /** What is held after fees, in units of 10⁻⁸ base. */
  get held(): number {
    return this.position * BASE_FACTOR - this.baseFees;
  }

  /** Of that what can be traded, in whole units. */
  get heldUnits(): number {
    return Math.trunc(this.held / BASE_FACTOR);
  }

  /** The same without dust: each trade with a fee in base may leave up to one unit that is too small to be sold. */
  get sellableUnits(): number {
    const dust = this.baseFees === 0 ? 0 : this.trades.length;
    return Math.abs(this.heldUnits) <= dust ? 0 : this.heldUnits - dust;
  }

  /** The fee of an execution in base. */
  static baseFee(
    { quantity, liquidity }: Pick<LedgerTrade, "quantity" | "liquidity">,
  ): number {
    const points = liquidity === "maker"
      ? MAKER_BASIS_POINTS
      : TAKER_BASIS_POINTS;
    return Math.round(quantity * BASE_FACTOR * points / 10_000);
  }

  /** The fee of an execution, half up. */
  static fee(
    { price, quantity, liquidity }: Pick<
      LedgerTrade,
      "price" | "quantity" | "liquidity"
    >,
  ): number {
    const points = liquidity === "maker"
      ? MAKER_BASIS_POINTS
      : TAKER_BASIS_POINTS;
    return Math.round(price * quantity * CASH_FACTOR * points / 10_000);
  }

  /** Longs pay one hundredth of a percent of what they hold, shorts receive it; null where nothing is held. */
  fund(
    { price, at, visibleAt }: { price: number; at: number; visibleAt: number },
  ): LedgerFunding | null {
    if (this.position === 0) return null;
    const amount = Math.round(price * this.position * CASH_FACTOR / 10_000);
    const id = `f${this.fundings.length + 1}`;
    const funding = { id, amount, at, visibleAt };
    this.fundings.push(funding);
    this.cash -= amount;
    return funding;
  }

  book(trade: LedgerTrade): void {
    const sign = trade.side === "buy" ? 1 : -1;
    this.position += sign * trade.quantity;
    this.baseFees += trade.feeInBase;
    this.cash -= sign * trade.price * trade.quantity * CASH_FACTOR + trade.fee;
    this.trades.push(trade);
  }
}
