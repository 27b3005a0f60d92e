import type { MarketSpec } from "../market/specs.ts";

export type Side = "BUY" | "SELL";

export type OrderType =
  | "LIMIT"
  | "MARKET"
  | "LIMIT_MAKER"
  | "STOP_LOSS"
  | "STOP_LOSS_LIMIT"
  | "TAKE_PROFIT"
  | "TAKE_PROFIT_LIMIT"
  | "LIQUIDATION";

export type TimeInForce = "GTC" | "IOC" | "FOK" | "GTX";

export type OrderStatus =
  | "NEW"
  | "PARTIALLY_FILLED"
  | "FILLED"
  | "CANCELED"
  | "EXPIRED";

/** What somebody asks for, checked for form only. */
export interface NewOrder {
  symbol: string;
  side: Side;
  type: OrderType;
  timeInForce: TimeInForce;
  quantity: bigint;
  /** 0 where the type has none. */
  price: bigint;
  stopPrice: bigint;
  clientOrderId: string;
  reduceOnly: boolean;
  closePosition: boolean;
  /** Of an order list, or -1. */
  listId: number;
  /** Placed by somebody else than the program under test. */
  isForeign: boolean;
}

/** How an injected fault bends one order. */
export interface OrderBend {
  /** Nothing (0) or only this share fills at first, the rest `restAfterMs` later. */
  share: number;
  restAfterMs: number;
  /** Queries do not find it for so long. */
  hiddenMs: number;
}

/** Nothing is bent. */
export const NO_BEND: OrderBend = { share: 1, restAfterMs: 0, hiddenMs: 0 };

/** Money that an order holds back; both legs of an order list share one. */
export interface Hold {
  asset: string;
  amount: bigint;
}

/** An order in the venue's book. */
export interface Order extends NewOrder {
  id: number;
  spec: MarketSpec;
  status: OrderStatus;
  filled: bigint;
  /** Sum of quantity times price. */
  filledQuote: bigint;
  /** A stop that has not been triggered is not working. */
  isWorking: boolean;
  hold: Hold | null;
  /** Cumulative quantity that may fill for now; null for all. */
  fillableNow: bigint | null;
  hiddenUntil: number;
  createdAt: number;
  updatedAt: number;
  trades: Trade[];
}

/** One execution. */
export interface Trade {
  id: number;
  orderId: number;
  clientOrderId: string;
  symbol: string;
  side: Side;
  price: bigint;
  quantity: bigint;
  /** Quantity times price. */
  quote: bigint;
  fee: bigint;
  feeAsset: string;
  isMaker: boolean;
  /** Of futures, before fees. */
  realized: bigint;
  at: number;
}

/** What is left to fill. */
export function remainingOf(order: Order): bigint {
  return order.quantity - order.filled;
}

/** It may still fill. */
export function isOpen(order: Order): boolean {
  return order.status === "NEW" || order.status === "PARTIALLY_FILLED";
}

/** It waits for its trigger. */
export function isStop(type: OrderType): boolean {
  return type.startsWith("STOP_LOSS") || type.startsWith("TAKE_PROFIT");
}

/** It has a limit price. */
export function isPriced(type: OrderType): boolean {
  return type === "LIMIT" || type === "LIMIT_MAKER" || type.endsWith("_LIMIT");
}
