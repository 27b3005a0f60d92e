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
  /** In units of 10⁻⁸ quote. */
  fee: number;
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

/** The venue's own books: whole numbers, written here for themselves, so that nothing of what is tested can be wrong in both. */
export class Ledger {
  readonly trades: LedgerTrade[] = [];
  readonly fundings: LedgerFunding[] = [];
  position = 0;
  /** In units of 10⁻⁸ quote. */
  cash = 0;

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
    this.cash -= sign * trade.price * trade.quantity * CASH_FACTOR + trade.fee;
    this.trades.push(trade);
  }
}
