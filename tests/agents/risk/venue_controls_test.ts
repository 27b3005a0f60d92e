import assert from "node:assert/strict";
import { checkIntent } from "../../../agents/risk/controls.ts";
import {
  completeSafety,
  DEFAULT_SAFETY,
} from "../../../agents/risk/safety_limits.ts";
import { safetyConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { DenialCode } from "../../../lib/contracts/order.ts";
import { decimal, toDecimalText } from "../../../lib/core/decimal.ts";
import {
  type Change,
  controlContext,
  NOW_MS,
  RULES,
  workingEntry,
} from "./venue_context.ts";

function verdict(change: Change): DenialCode | "accepted" {
  const result = checkIntent(controlContext(change));
  return result.ok ? "accepted" : result.error.code;
}

const quote = {
  at: NOW_MS,
  bid: 100.9,
  ask: 101.1,
  bidSize: null,
  askSize: null,
  mark: 101,
};
const market: Change["intent"] = { entry: { type: "market" } };
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
const block = (code: DenialCode): Change => ({
  venue: { block: { code, detail: "It stands in the way" } },
});

/** Each control just inside and just beyond its limit. */
const BOTH_SIDES: [code: DenialCode, inside: Change, beyond: Change][] = [
  ["EMERGENCY_STOP", {}, block("EMERGENCY_STOP")],
  ["RECONCILING", {}, block("RECONCILING")],
  ["VENUE_UNAVAILABLE", {}, block("VENUE_UNAVAILABLE")],
  ["MARKET_DATA_STALE", {}, block("MARKET_DATA_STALE")],
  ["CLOCK_UNSYNCED", {}, block("CLOCK_UNSYNCED")],
  ["LIVE_NOT_ARMED", {}, block("LIVE_NOT_ARMED")],
  ["DRIFT", { venue: { drift: null } }, { venue: { drift: "They disagree" } }],
  ["OUTCOME_UNKNOWN", { venue: { working: [workingEntry("sending")] } }, {
    venue: { working: [workingEntry("unknown")] },
  }],
  ["VENUE_UNAVAILABLE", {}, { venue: { rules: null } }],
  ["HEDGE_INVALID", {}, {
    intent: { hedge: { side: "sell", ratio: 1 }, ...market, targetPrice: null },
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
  ["MESSAGE_RATE_LIMIT", { venue: { shared: { messagesLastMinute: 1_199 } } }, {
    venue: { shared: { messagesLastMinute: 1_200 } },
  }],
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
  ["GROSS_EXPOSURE_LIMIT", {}, { venue: { shared: { grossNotional: null } } }],
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
  ["BALANCE_INSUFFICIENT", {}, { venue: { shared: { freeBalanceAt: null } } }],
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
  ["SELF_MATCH", { venue: { keyOrders: [{ side: "sell", price: "100.1" }] } }, {
    venue: { keyOrders: [{ side: "sell", price: "100" }] },
  }],
  ["SELF_MATCH", {
    intent: short,
    venue: { keyOrders: [{ side: "buy", price: "99.9" }] },
  }, {
    intent: short,
    venue: { keyOrders: [{ side: "buy", price: "100" }] },
  }],
];

for (const [index, [code, inside, beyond]] of BOTH_SIDES.entries()) {
  Deno.test(`checkIntent() at a venue denies ${code} beyond the limit and not inside it (${index})`, () => {
    assert.equal(verdict(inside), "accepted");
    assert.equal(verdict(beyond), code);
  });
}

Deno.test("checkIntent() on candles heeds limits of an order and a position, and nothing else of a venue", () => {
  const code = (safety: Change["safety"]) => {
    const { venue: _, ...context } = controlContext({ safety: safety! });
    const result = checkIntent(context);
    return result.ok ? "accepted" : result.error.code;
  };
  assert.equal(
    code({ maxAccountNotional: "1", maxAccountOrdersPerMinute: 1 }),
    "accepted",
  );
  assert.equal(code({ maxOrderNotional: "4000" }), "ORDER_NOTIONAL_LIMIT");
  assert.equal(code({ maxOrderQuantity: "40" }), "ORDER_QUANTITY_LIMIT");
  assert.equal(code({ maxPositionNotional: "4000" }), "POSITION_LIMIT");
  assert.equal(code({ priceCollarPct: 0.9 }), "PRICE_COLLAR");
});

Deno.test("checkIntent() on spot needs the whole value, whatever the leverage", () => {
  const result = checkIntent(controlContext({
    venue: { market: "spot", shared: { freeBalance: "4768.81" } },
  }));
  assert.equal(
    result.ok ? "accepted" : result.error.code,
    "BALANCE_INSUFFICIENT",
  );
  assert.equal(
    verdict({ venue: { market: "spot", shared: { freeBalance: "4768.82" } } }),
    "accepted",
  );
});

Deno.test("checkIntent() sizes in the steps of the market and rounds a limit away from the market", () => {
  const price = (side: "buy" | "sell") => {
    const protection = side === "buy"
      ? {}
      : { stopPrice: 102, targetPrice: 95 };
    const result = checkIntent(controlContext({
      intent: {
        side,
        entry: { type: "limit", price: 100.04 },
        ...protection,
      },
    }));
    assert.ok(result.ok);
    return toDecimalText(result.entryPrice);
  };
  assert.equal(price("buy"), "100");
  assert.equal(price("sell"), "100.1");
});

Deno.test("checkIntent() plans a market order from the side of the book that it takes", () => {
  const result = checkIntent(controlContext({ intent: market! }));
  assert.ok(result.ok);
  // 101.1 and 2 bp of slippage.
  assert.equal(toDecimalText(result.entryPrice), "101.12022");
});

Deno.test("DEFAULT_SAFETY is what the schema makes of nothing", () => {
  assert.deepEqual(safetyConfigSchema.parse({}), DEFAULT_SAFETY);
});

Deno.test("completeSafety() gives an older account the limits it lacks and leaves a whole one alone", () => {
  const older = {
    maxOrdersPerMinute: 7,
    maxOpenOrders: 2,
    breakerConsecutiveLosses: 0,
  };
  assert.deepEqual(completeSafety(older), { ...DEFAULT_SAFETY, ...older });
  assert.equal(completeSafety(DEFAULT_SAFETY), DEFAULT_SAFETY);
});

Deno.test("safetyConfigSchema takes an empty text as no limit and says in one sentence what is wrong", () => {
  const parsed = safetyConfigSchema.parse({
    maxOrderNotional: "",
    maxOrderQuantity: 2,
  });
  assert.equal(parsed.maxOrderNotional, null);
  assert.equal(parsed.maxOrderQuantity, "2");
  const message = (change: object) =>
    safetyConfigSchema.safeParse(change).error?.issues[0]?.message;
  const sentence =
    "Enter a number from 1 to 1000000000 in quote currency, or leave it empty";
  for (const value of ["-1", "0.99", "a lot", "1e3", 2_000_000_000]) {
    assert.equal(message({ maxOrderNotional: value }), sentence);
  }
  assert.equal(
    message({ priceCollarPct: 21 }),
    "Enter a number from 0.1 to 20 percent",
  );
});

Deno.test("checkIntent() at a venue looks at the latch before anything else", () => {
  const all: Change = {
    ...block("EMERGENCY_STOP"),
    context: { isKnownIntent: true, tradingState: "halted", seq: 9 },
  };
  assert.equal(verdict(all), "EMERGENCY_STOP");
});

Deno.test("checkIntent() at a venue states every refusal in one sentence", () => {
  for (const [code, , beyond] of BOTH_SIDES) {
    const result = checkIntent(controlContext(beyond));
    assert.ok(!result.ok);
    assert.match(result.error.detail, /^[A-Z0-9][^\n]*[^.]$/, code);
  }
});
