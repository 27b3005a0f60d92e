import assert from "node:assert/strict";
import {
  checkIntent,
  type ControlContext,
  INTENT_CONTROLS,
  type SizedContext,
} from "../../../agents/risk/controls.ts";
import {
  denyCapital,
  denyLeverage,
  denyLiquidation,
  denyTooSmall,
} from "../../../agents/risk/sized_controls.ts";
import { DEFAULT_SAFETY } from "../../../agents/risk/safety_limits.ts";
import { sizeOrder } from "../../../agents/risk/sizing.ts";
import {
  DENIAL_CODES,
  type DenialCode,
  type OrderIntent,
} from "../../../lib/contracts/order.ts";
import { decimal } from "../../../lib/core/decimal.ts";
import { controlContext } from "./venue_context.ts";

const SAFETY: ControlContext["safety"] = {
  ...DEFAULT_SAFETY,
  maxOrdersPerMinute: 30,
  maxOpenOrders: 5,
  breakerConsecutiveLosses: 3,
};

function context(
  change: Partial<ControlContext> = {},
  intentChange: Partial<OrderIntent> = {},
): ControlContext {
  // On paper there is no venue.
  const { venue: _, ...paper } = controlContext({
    intent: intentChange,
    safety: SAFETY,
  });
  return { ...paper, ...change };
}

function verdict(
  change: Partial<ControlContext>,
  intent: Partial<OrderIntent> = {},
): DenialCode | "accepted" {
  const result = checkIntent(context(change, intent));
  return result.ok ? "accepted" : result.error.code;
}

/** Each control just inside and just beyond its limit. */
const BOTH_SIDES: [
  code: DenialCode,
  inside: [Partial<ControlContext>, Partial<OrderIntent>?],
  beyond: [Partial<ControlContext>, Partial<OrderIntent>?],
][] = [
  ["INTENT_DUPLICATE", [{}], [{ isKnownIntent: true }]],
  ["INTENT_LATE", [{ seq: 7 }], [{ seq: 8 }]],
  ["TRADING_HALTED", [{}], [{ tradingState: "halted" }]],
  ["TRADING_REDUCING", [{}], [{ tradingState: "reducing" }]],
  ["AGENT_NOT_RUNNING", [{}], [{ entriesAllowed: false }]],
  ["ORDER_INVALID", [{}], [{}, { stopPrice: Number.NaN }]],
  ["ORDER_INVALID", [{}], [{}, { targetPrice: Infinity }]],
  ["ORDER_INVALID", [{}], [{}, { entry: { type: "limit", price: -1 } }]],
  ["ORDER_INVALID", [{}], [{}, { riskPct: 0 }]],
  ["ORDER_INVALID", [{}], [{}, { intentId: "8.0" }]],
  ["ORDER_INVALID", [{}], [{}, { side: "hold" as "buy" }]],
  ["ORDER_INVALID", [{}, { expireAfterSeq: 8 }], [{}, { expireAfterSeq: 7 }]],
  ["REFERENCE_PRICE_MISSING", [{}], [{ lastClose: null }]],
  ["PRICE_COLLAR", [{ lastClose: 125 }], [{ lastClose: 125.1 }]],
  ["PRICE_COLLAR", [{ lastClose: 83.4 }], [{ lastClose: 83.3 }]],
  ["STOP_WRONG_SIDE", [{}, { stopPrice: 99.9 }], [{}, { stopPrice: 100 }]],
  [
    "STOP_WRONG_SIDE",
    [{}, { side: "sell", stopPrice: 100.1, targetPrice: 90 }],
    [{}, { side: "sell", stopPrice: 100, targetPrice: 90 }],
  ],
  ["TARGET_WRONG_SIDE", [{}, { targetPrice: 100.1 }], [{}, {
    targetPrice: 100,
  }]],
  [
    "TARGET_WRONG_SIDE",
    [{}, { side: "sell", stopPrice: 102, targetPrice: 99.9 }],
    [{}, { side: "sell", stopPrice: 102, targetPrice: 100 }],
  ],
  ["EQUITY_UNKNOWN", [{}], [{ equity: null }]],
  ["DAILY_LOSS_LIMIT", [{ dayStart: decimal("10199.99") }], [{
    dayStart: decimal("10200"),
  }]],
  ["DRAWDOWN_LIMIT", [{ peakEquity: decimal("11111.1") }], [{
    peakEquity: decimal("11111.12"),
  }]],
  ["BREAKER_OPEN", [{ lossStreak: 2 }], [{ lossStreak: 3 }]],
  ["POSITION_EXISTS", [{}], [{ hasPosition: true }]],
  ["OPEN_ORDERS_LIMIT", [{ openOrders: 4 }], [{ openOrders: 5 }]],
  ["ORDER_RATE_LIMIT", [{ ordersLastMinute: 30 }], [{ ordersLastMinute: 31 }]],
  ["CAPITAL_EXCEEDED", [{ reservedMargin: decimal("9000") }], [{
    reservedMargin: decimal("9999.5"),
  }]],
  [
    "SIZE_BELOW_MINIMUM",
    [{}, { riskPct: 0.002 }],
    [{}, { riskPct: 0.001 }],
  ],
  // Isolated at 5 times: liquidated at 80.44, so the stop may be 15.64 away.
  ["LIQUIDATION_TOO_NEAR", [{}, { stopPrice: 84.4 }], [{}, {
    stopPrice: 84.3,
  }]],
];

for (const [index, [code, inside, beyond]] of BOTH_SIDES.entries()) {
  Deno.test(`checkIntent() denies ${code} beyond the limit and not inside it (${index})`, () => {
    assert.equal(verdict(...inside), "accepted");
    assert.equal(verdict(...beyond), code);
  });
}

Deno.test("checkIntent() lets a breaker of 0 never open", () => {
  const safety = { ...SAFETY, breakerConsecutiveLosses: 0 };
  assert.equal(verdict({ safety, lossStreak: 99 }), "accepted");
});

Deno.test("checkIntent() runs its controls in a fixed order", () => {
  const all: Partial<ControlContext> = {
    isKnownIntent: true,
    seq: 9,
    tradingState: "halted",
    entriesAllowed: false,
    equity: null,
    hasPosition: true,
  };
  assert.equal(verdict(all), "INTENT_DUPLICATE");
  assert.equal(verdict({ ...all, isKnownIntent: false }), "INTENT_LATE");
  assert.equal(
    verdict({ ...all, isKnownIntent: false, seq: 7 }),
    "TRADING_HALTED",
  );
  assert.equal(INTENT_CONTROLS.length, 33);
});

Deno.test("checkIntent() takes the smaller of the intent's risk and the account's", () => {
  const own = checkIntent(context({}, { riskPct: 0.5 }));
  const capped = checkIntent(context({}, { riskPct: 5 }));
  const full = checkIntent(context());
  assert.ok(own.ok && capped.ok && full.ok);
  assert.ok(capped.sized.quantity.eq(full.sized.quantity));
  assert.ok(own.sized.quantity.lt(full.sized.quantity));
});

Deno.test("checkIntent() sizes a market entry at the last close with slippage", () => {
  const result = checkIntent(context({}, { entry: { type: "market" } }));
  assert.ok(result.ok);
  assert.equal(result.entryPrice.toFixed(), "101.0202");
});

Deno.test("checkIntent() states the figures of every refusal in one sentence", () => {
  for (const [code, , [change, intent]] of BOTH_SIDES) {
    const result = checkIntent(context(change, intent));
    assert.ok(!result.ok);
    assert.match(result.error.detail, /^[A-Z0-9].*[^.]$/, code);
    assert.ok(result.error.code in DENIAL_CODES);
  }
});

function sizedContext(
  change: { quantity?: string; reserved?: string; stopPrice?: number } = {},
): SizedContext {
  const base = context(
    { reservedMargin: decimal(change.reserved ?? "0") },
    { stopPrice: change.stopPrice ?? 98 },
  );
  const equity = decimal("10000");
  const entryPrice = decimal("100");
  const sized = sizeOrder({
    equity,
    freeCapital: equity,
    entryPrice,
    stopPrice: decimal(base.intent.stopPrice),
    riskPct: 1,
    leverage: 5,
  });
  if (change.quantity === undefined) {
    return { context: base, sized, entryPrice, equity };
  }
  const quantity = decimal(change.quantity);
  const notional = entryPrice.times(quantity);
  return {
    context: base,
    sized: { ...sized, quantity, notional, margin: notional.div(5) },
    entryPrice,
    equity,
  };
}

Deno.test("denyLeverage() proves the size once more, both sides", () => {
  assert.equal(denyLeverage(sizedContext({ quantity: "500" })), null);
  assert.equal(
    denyLeverage(sizedContext({ quantity: "500.00001" }))?.code,
    "LEVERAGE_EXCEEDED",
  );
});

Deno.test("denyCapital() counts margin and fees against what is free", () => {
  assert.equal(denyCapital(sizedContext({ reserved: "9000" })), null);
  assert.equal(
    denyCapital(sizedContext({ reserved: "9050" }))?.code,
    "CAPITAL_EXCEEDED",
  );
});

Deno.test("denyTooSmall() wants an order worth 5 in quote currency", () => {
  assert.equal(denyTooSmall(sizedContext({ quantity: "0.05" })), null);
  assert.equal(
    denyTooSmall(sizedContext({ quantity: "0.04999" }))?.code,
    "SIZE_BELOW_MINIMUM",
  );
});

Deno.test("denyLiquidation() keeps a quarter of the stop distance clear", () => {
  assert.equal(denyLiquidation(sizedContext({ stopPrice: 84.4 })), null);
  assert.match(
    denyLiquidation(sizedContext({ stopPrice: 84.3 }))!.detail,
    /liquidated at 80\.44/,
  );
});
