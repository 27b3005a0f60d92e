import type { RefusalCause } from "../../contracts/order.ts";

/** Why the paper venue rejects an order: its codes, as an exchange has its own. */
export const PAPER_REJECTIONS = {
  MARKET_UNKNOWN: "The venue has no such market",
  RULES_UNKNOWN: "The rules of the market are not known yet",
  ORDER_INVALID: "The order contradicts itself",
  DUPLICATE_CLIENT_ID: "An open order has this client order id",
  TOO_MANY_ORDERS: "There are as many open orders as there may be",
  QUANTITY_STEP: "The quantity is no whole number of steps",
  PRICE_STEP: "The price is no whole number of steps",
  QUANTITY_RANGE: "The quantity is below the least or above the most",
  NOTIONAL_RANGE: "The value is below the least or above the most",
  NO_QUOTE: "No price is known yet",
  STALE_QUOTE: "The last price is too old",
  WOULD_TAKE: "A post-only order would take",
  WOULD_TRIGGER: "The stop would be triggered at once",
  REDUCE_ONLY: "There is nothing that the order could reduce",
  BALANCE: "The free balance or margin is not enough",
  TOO_MANY_REQUESTS: "Too many requests are on their way",
} as const;
export type PaperRejection = keyof typeof PAPER_REJECTIONS;

/** The class of each code, for who decides on another attempt. */
export const PAPER_CAUSES: Readonly<Record<PaperRejection, RefusalCause>> = {
  MARKET_UNKNOWN: "permission",
  RULES_UNKNOWN: "maintenance",
  ORDER_INVALID: "invalid",
  DUPLICATE_CLIENT_ID: "invalid",
  TOO_MANY_ORDERS: "rate",
  QUANTITY_STEP: "invalid",
  PRICE_STEP: "invalid",
  QUANTITY_RANGE: "invalid",
  NOTIONAL_RANGE: "invalid",
  NO_QUOTE: "maintenance",
  STALE_QUOTE: "maintenance",
  WOULD_TAKE: "post_only",
  WOULD_TRIGGER: "price",
  REDUCE_ONLY: "invalid",
  BALANCE: "funds",
  TOO_MANY_REQUESTS: "rate",
};

/** A rejection with its figures in one sentence. */
export interface Refusal {
  code: PaperRejection;
  detail: string;
}

/** Makes a refusal. */
export function refuse(code: PaperRejection, detail: string): Refusal {
  return { code, detail };
}
