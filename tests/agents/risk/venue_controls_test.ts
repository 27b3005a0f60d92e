import assert from "node:assert/strict";
import { checkIntent } from "../../../agents/risk/controls.ts";
import {
  completeSafety,
  DEFAULT_SAFETY,
} from "../../../agents/risk/safety_limits.ts";
import { safetyConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { DenialCode } from "../../../lib/contracts/order.ts";
import { toDecimalText } from "../../../lib/core/decimal.ts";
import { block, BOTH_SIDES, market } from "./venue_cases.ts";
import { type Change, controlContext } from "./venue_context.ts";

function verdict(change: Change): DenialCode | "accepted" {
  const result = checkIntent(controlContext(change));
  return result.ok ? "accepted" : result.error.code;
}

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
