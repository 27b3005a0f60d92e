import type { Market } from "../market/market.ts";
import type { Order } from "./order.ts";

/** One execution that is to be paid. */
export interface Fill {
  quantity: bigint;
  price: bigint;
  isMaker: boolean;
  /** Named in the ledger. */
  tradeId: number;
}

/** What the customer was charged. */
export interface Charge {
  fee: bigint;
  feeAsset: string;
  realized: bigint;
}

/** How one half of the venue handles money around orders. */
export interface Settlement {
  /** Checks the money for a new order and holds it back. @throws {Refusal} */
  admit(order: Order, market: Market): void;
  /** How much of an order the account can carry at a price, at most. */
  affordable(order: Order, price: bigint): bigint;
  settle(order: Order, fill: Fill): Charge;
  /** Gives back what an ended order held. */
  release(order: Order): void;
  /** Assets that an order of this market may change. */
  assetsOf(order: Order): string[];
}
