import type { DenialCode } from "../../../lib/contracts/order.ts";
import { decimal } from "../../../lib/core/decimal.ts";
import { type Change, NOW_MS, RULES, workingEntry } from "./venue_context.ts";

const quote = {
  at: NOW_MS,
  bid: 100.9,
  ask: 101.1,
  bidSize: null,
  askSize: null,
  mark: 101,
};
/** An entry at the market. */
export const market: Change["intent"] = { entry: { type: "market" } };
const short: Change["intent"] = {
  side: "sell",
  stopPrice: 102,
  targetPrice: 95,
};
const entry = (at: number, change: object = {}) => ({
  at,
  side: "buy" as const,
  type: "limit" as const,
  price: "100",
  quantity: "47.641",
  ...change,
});
/** Something stands in the way. */
export const block = (code: DenialCode): Change => ({
  venue: { block: { code, detail: "It stands in the way" } },
});

/** Each control just inside and just beyond its limit. */
export const BOTH_SIDES: [code: DenialCode, inside: Change, beyond: Change][] =
  [
    ["EMERGENCY_STOP", {}, block("EMERGENCY_STOP")],
    ["RECONCILING", {}, block("RECONCILING")],
    ["VENUE_UNAVAILABLE", {}, block("VENUE_UNAVAILABLE")],
    ["MARKET_DATA_STALE", {}, block("MARKET_DATA_STALE")],
    ["CLOCK_UNSYNCED", {}, block("CLOCK_UNSYNCED")],
    ["LIVE_NOT_ARMED", {}, block("LIVE_NOT_ARMED")],
    ["DRIFT", { venue: { drift: null } }, {
      venue: { drift: "They disagree" },
    }],
    ["OUTCOME_UNKNOWN", { venue: { working: [workingEntry("sending")] } }, {
      venue: { working: [workingEntry("unknown")] },
    }],
    ["VENUE_UNAVAILABLE", {}, { venue: { rules: null } }],
    ["HEDGE_INVALID", {}, {
      intent: {
        hedge: { side: "sell", ratio: 1 },
        ...market,
        targetPrice: null,
      },
      context: { lastHedgeClose: 10 },
    }],
    ["ORDER_INVALID", { intent: short }, {
      intent: short,
      venue: { market: "spot" },
    }],
    ["REFERENCE_PRICE_STALE", {}, { venue: { quote: null } }],
    [
      "REFERENCE_PRICE_STALE",
      { venue: { quote: { ...quote, at: NOW_MS - 10_000 } } },
      { venue: { quote: { ...quote, at: NOW_MS - 10_001 } } },
    ],
    [
      "REFERENCE_PRICE_STALE",
      { venue: { quote: { ...quote, at: NOW_MS + 10_000 } } },
      { venue: { quote: { ...quote, at: NOW_MS + 10_001 } } },
    ],
    [
      "REFERENCE_PRICE_STALE",
      { venue: { quote: { ...quote, bid: 101.1 } } },
      { venue: { quote: { ...quote, bid: 101.2 } } },
    ],
    ["REFERENCE_PRICE_STALE", {}, { venue: { quote: { ...quote, bid: 0 } } }],
    ["REFERENCE_PRICE_STALE", {}, {
      venue: { quote: { ...quote, ask: Infinity } },
    }],
    ["REFERENCE_PRICE_STALE", { venue: { quote: { ...quote, mark: null } } }, {
      venue: { quote: { ...quote, mark: Number.NaN } },
    }],
    // The middle is 101: 1 % of it is 1.01.
    ["PRICE_COLLAR", { safety: { priceCollarPct: 1 } }, {
      safety: { priceCollarPct: 0.9 },
    }],
    // The last close agrees with the entry, the quote does not.
    [
      "PRICE_COLLAR",
      { venue: { quote: { ...quote, bid: 124.9, ask: 125.1, mark: 125 } } },
      { venue: { quote: { ...quote, bid: 125, ask: 125.2, mark: 125.1 } } },
    ],
    // A market order takes the other side of the book, however far it is.
    ["PRICE_COLLAR", { intent: market }, {
      intent: market,
      venue: { quote: { ...quote, ask: 160, mark: null } },
    }],
    ["PRICE_COLLAR", {}, { venue: { quote: { ...quote, mark: 122 } } }],
    ["STOP_WRONG_SIDE", { intent: { ...market, stopPrice: 100.8 } }, {
      intent: { ...market, stopPrice: 100.9 },
    }],
    [
      "ACCOUNT_ORDER_RATE_LIMIT",
      { venue: { shared: { ordersLastMinute: 119 } } },
      {
        venue: { shared: { ordersLastMinute: 120 } },
      },
    ],
    [
      "MESSAGE_RATE_LIMIT",
      { venue: { shared: { messagesLastMinute: 1_199 } } },
      {
        venue: { shared: { messagesLastMinute: 1_200 } },
      },
    ],
    ["CANCEL_RATIO_LIMIT", { venue: { cancelsLastHour: 99 } }, {
      venue: { cancelsLastHour: 100 },
    }],
    [
      "CANCEL_RATIO_LIMIT",
      { venue: { cancelsLastHour: 299, fillsLastHour: 3 } },
      { venue: { cancelsLastHour: 300, fillsLastHour: 3 } },
    ],
    [
      "REPEATED_ENTRY_LIMIT",
      {
        venue: {
          recentEntries: [
            ...Array(9).fill(entry(NOW_MS - 2_000)),
            entry(NOW_MS - 2_000, { side: "sell" }),
          ],
        },
      },
      { venue: { recentEntries: Array(10).fill(entry(NOW_MS - 2_000)) } },
    ],
    ["ORDER_NOTIONAL_LIMIT", { safety: { maxOrderNotional: "4764.1" } }, {
      safety: { maxOrderNotional: "4764.09" },
    }],
    ["ORDER_QUANTITY_LIMIT", { safety: { maxOrderQuantity: "47.641" } }, {
      safety: { maxOrderQuantity: "47.640" },
    }],
    ["SIZE_ABOVE_MAXIMUM", {
      venue: { rules: { ...RULES, maxQuantity: "47.641" } },
    }, { venue: { rules: { ...RULES, maxQuantity: "47.640" } } }],
    ["SIZE_ABOVE_MAXIMUM", {
      venue: { rules: { ...RULES, maxNotional: "4764.1" } },
    }, { venue: { rules: { ...RULES, maxNotional: "4764" } } }],
    ["SIZE_BELOW_MINIMUM", {
      venue: { rules: { ...RULES, minQuantity: "47.641" } },
    }, { venue: { rules: { ...RULES, minQuantity: "47.642" } } }],
    ["SIZE_BELOW_MINIMUM", {
      venue: { rules: { ...RULES, minNotional: "4764.1" } },
    }, { venue: { rules: { ...RULES, minNotional: "4764.2" } } }],
    ["SIZE_BELOW_MINIMUM", {
      venue: {
        rules: {
          ...RULES,
          minNotional: null,
          minQuantity: null,
          quantityStep: "47",
        },
      },
    }, {
      venue: {
        rules: {
          ...RULES,
          minNotional: null,
          minQuantity: null,
          quantityStep: "48",
        },
      },
    }],
    ["POSITION_LIMIT", {}, { venue: { positionQuantity: null } }],
    ["POSITION_LIMIT", {
      safety: { maxPositionNotional: "5764.1" },
      venue: { working: [workingEntry("open")] },
    }, {
      safety: { maxPositionNotional: "5764" },
      venue: { working: [workingEntry("open")] },
    }],
    ["POSITION_LIMIT", {
      safety: { maxPositionNotional: "5264.1" },
      venue: { working: [workingEntry("settling", { filled: "5" })] },
    }, {
      safety: { maxPositionNotional: "5264" },
      venue: { working: [workingEntry("settling", { filled: "5" })] },
    }],
    ["GROSS_EXPOSURE_LIMIT", {
      venue: { positionQuantity: decimal("-452.359") },
    }, { venue: { positionQuantity: decimal("-452.360") } }],
    ["GROSS_EXPOSURE_LIMIT", {}, {
      venue: { shared: { grossNotional: null } },
    }],
    ["GROSS_EXPOSURE_LIMIT", {
      safety: { maxAccountNotional: "10000" },
      venue: { shared: { grossNotional: "5235.9" } },
    }, {
      safety: { maxAccountNotional: "10000" },
      venue: { shared: { grossNotional: "5235.91" } },
    }],
    // Margin 952.82 and fees 4.72 of entry and stop.
    ["BALANCE_INSUFFICIENT", { venue: { shared: { freeBalance: "957.54" } } }, {
      venue: { shared: { freeBalance: "957.53" } },
    }],
    ["BALANCE_INSUFFICIENT", {}, { venue: { shared: { freeBalance: null } } }],
    ["BALANCE_INSUFFICIENT", {}, {
      venue: { shared: { freeBalanceAt: null } },
    }],
    [
      "BALANCE_INSUFFICIENT",
      { venue: { shared: { freeBalanceAt: NOW_MS - 120_000 } } },
      { venue: { shared: { freeBalanceAt: NOW_MS - 120_001 } } },
    ],
    // What is on its way is not set aside at the venue yet: 200 of margin more.
    ["BALANCE_INSUFFICIENT", {
      venue: {
        working: [workingEntry("open")],
        shared: { freeBalance: "1157.53" },
      },
    }, {
      venue: {
        working: [workingEntry("sending")],
        shared: { freeBalance: "1157.53" },
      },
    }],
    ["ORDER_DUPLICATE", { venue: { recentEntries: [entry(NOW_MS - 1_000)] } }, {
      venue: { recentEntries: [entry(NOW_MS - 999)] },
    }],
    ["ORDER_DUPLICATE", {
      venue: { recentEntries: [entry(NOW_MS - 10, { quantity: "47.640" })] },
    }, { venue: { recentEntries: [entry(NOW_MS - 10)] } }],
    ["SELF_MATCH", {
      venue: {
        working: [workingEntry("open", { side: "sell", price: "100.1" })],
      },
    }, {
      venue: {
        working: [workingEntry("open", { side: "sell", price: "100" })],
      },
    }],
    [
      "SELF_MATCH",
      { venue: { keyOrders: [{ side: "sell", price: "100.1" }] } },
      {
        venue: { keyOrders: [{ side: "sell", price: "100" }] },
      },
    ],
    ["SELF_MATCH", {
      intent: short,
      venue: { keyOrders: [{ side: "buy", price: "99.9" }] },
    }, {
      intent: short,
      venue: { keyOrders: [{ side: "buy", price: "100" }] },
    }],
  ];
