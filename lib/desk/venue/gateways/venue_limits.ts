import type { VenueId } from "../../../contracts/venue.ts";
import type { WindowLimit } from "../../../exchange/budget/slot_window.ts";
import type { VenueCall } from "../opener.ts";

/** Name of the window that a venue tells the use of. */
export const WEIGHT_WINDOW = "request weight per minute";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a venue allows one address, and what our calls take of it. */
export interface VenueLimits {
  windows: readonly WindowLimit[];
  costs: Readonly<Record<VenueCall, number>>;
}

/** A venue that counts requests whatever they are. */
const ONE_EACH: VenueLimits["costs"] = {
  create: 1,
  cancel: 1,
  order: 1,
  openOrders: 1,
  trades: 1,
  position: 1,
  balances: 1,
  funding: 1,
  cancelAfter: 1,
  prepare: 2,
};

const BINANCE_SPOT: VenueLimits = {
  windows: [
    weight(6_000),
    orders("orders per 10 seconds", 10 * SECOND_MS, 100),
    orders("orders per day", DAY_MS, 200_000),
  ],
  costs: {
    create: 1,
    cancel: 1,
    order: 4,
    openOrders: 6,
    trades: 20,
    position: 20,
    balances: 20,
    funding: 0,
    cancelAfter: 0,
    prepare: 0,
  },
};

const BINANCE_SWAP: VenueLimits = {
  windows: [
    weight(2_400),
    orders("orders per 10 seconds", 10 * SECOND_MS, 300),
    orders("orders per minute", MINUTE_MS, 1_200),
  ],
  costs: {
    create: 1,
    cancel: 1,
    order: 1,
    // The conditional orders are in a book of their own.
    openOrders: 2,
    trades: 5,
    position: 5,
    balances: 5,
    funding: 30,
    cancelAfter: 10,
    prepare: 2,
  },
};

/** Well below what the exchange allows: 600 requests in 5 seconds for an address, 10 orders a second for an account. */
const BYBIT: VenueLimits = {
  windows: [
    weight(6_000),
    orders("orders per 10 seconds", 10 * SECOND_MS, 90),
  ],
  costs: ONE_EACH,
};

/** The exchange counts by path and account, 20 to 60 requests in 2 seconds; the least of them for all together. */
const OKX: VenueLimits = {
  windows: [
    weight(600),
    orders("orders per 10 seconds", 10 * SECOND_MS, 250),
  ],
  costs: ONE_EACH,
};

/** A counter of 15 that loses one in three seconds; orders have a counter of their own. */
const KRAKEN: VenueLimits = {
  windows: [
    weight(20),
    orders("orders per minute", MINUTE_MS, 60),
  ],
  costs: {
    ...ONE_EACH,
    create: 0,
    cancel: 0,
    trades: 2,
  },
};

/** So careful that hardly any exchange minds. */
const OTHER: VenueLimits = {
  windows: [weight(120), orders("orders per minute", MINUTE_MS, 60)],
  costs: ONE_EACH,
};

/**
 * Limits of a venue as its documentation has them (Binance: REST API, "limits";
 * the others as said beside each). Where one of ours is below the venue's, it is on purpose.
 */
export function venueLimits({ exchange, market }: VenueId): VenueLimits {
  switch (exchange) {
    case "binance":
      return market === "spot" ? BINANCE_SPOT : BINANCE_SWAP;
    case "bybit":
      return BYBIT;
    case "okx":
      return OKX;
    case "kraken":
      return KRAKEN;
    default:
      return OTHER;
  }
}

function weight(limit: number): WindowLimit {
  return { name: WEIGHT_WINDOW, windowMs: MINUTE_MS, limit, counts: "weight" };
}

function orders(name: string, windowMs: number, limit: number): WindowLimit {
  return { name, windowMs, limit, counts: "orders" };
}
