import assert from "node:assert/strict";
import { DEFAULT_SAFETY } from "../../../agents/risk/safety_limits.ts";
import {
  drawdownPct,
  evaluateLimits,
  type LimitInput,
  mustFlatten,
  NO_CAUSES,
  rearmCauses,
  tradingStanding,
  withDrift,
} from "../../../agents/risk/limits.ts";
import { decimal } from "../../../lib/core/decimal.ts";

function input(
  change: Partial<Omit<LimitInput, "equity">> & { equity?: string | null } = {},
): LimitInput {
  const { equity = "10000", ...rest } = change;
  return {
    causes: NO_CAUSES,
    day: 5,
    dayStart: decimal("10000"),
    peakEquity: decimal("10000"),
    lossStreak: 0,
    risk: {
      initialCapital: "10000",
      leverage: 1,
      riskLevel: "moderate",
      maxDrawdownPct: 10,
      dailyLossLimit: "200",
      riskPerTradePct: 1,
    },
    safety: {
      ...DEFAULT_SAFETY,
      maxOrdersPerMinute: 30,
      maxOpenOrders: 5,
      breakerConsecutiveLosses: 3,
    },
    ...rest,
    equity: equity === null ? null : decimal(equity),
  };
}

Deno.test("evaluateLimits() returns the same causes where nothing changed", () => {
  assert.equal(evaluateLimits(input()), NO_CAUSES);
});

Deno.test("evaluateLimits() halts for the day at the daily loss, not before", () => {
  assert.equal(evaluateLimits(input({ equity: "9800.01" })), NO_CAUSES);
  const causes = evaluateLimits(input({ equity: "9800" }));
  assert.equal(tradingStanding(causes).state, "halted");
  assert.equal(tradingStanding(causes).code, "DAILY_LOSS_LIMIT");
  assert.match(tradingStanding(causes).reason!, /200, the limit is 200/);
  assert.ok(mustFlatten(causes));
});

Deno.test("evaluateLimits() keeps the daily halt when equity recovers, until the next UTC day", () => {
  const causes = evaluateLimits(input({ equity: "9800" }));
  assert.equal(evaluateLimits(input({ causes })), causes);
  const next = evaluateLimits(input({ causes, day: 6 }));
  assert.equal(tradingStanding(next).state, "active");
});

Deno.test("evaluateLimits() latches a drawdown over the days until a person re-arms", () => {
  const causes = evaluateLimits(
    input({ equity: "9000", dayStart: decimal("9100") }),
  );
  assert.equal(tradingStanding(causes).code, "DRAWDOWN_LIMIT");
  assert.ok(mustFlatten(causes));
  const later = evaluateLimits(input({ causes, day: 9 }));
  assert.equal(later, causes);
  assert.equal(tradingStanding(rearmCauses(later)).state, "active");
});

Deno.test("evaluateLimits() opens the breaker at the third loss in a row and latches it", () => {
  assert.equal(evaluateLimits(input({ lossStreak: 2 })), NO_CAUSES);
  const causes = evaluateLimits(input({ lossStreak: 3 }));
  assert.equal(tradingStanding(causes).state, "reducing");
  assert.equal(tradingStanding(causes).code, "BREAKER_OPEN");
  assert.ok(!mustFlatten(causes));
  assert.equal(evaluateLimits(input({ causes, day: 6 })), causes);
});

Deno.test("evaluateLimits() takes unknown equity as a breach until it is known again", () => {
  const causes = evaluateLimits(input({ equity: null }));
  assert.equal(tradingStanding(causes).code, "EQUITY_UNKNOWN");
  assert.equal(tradingStanding(causes).state, "halted");
  assert.ok(!mustFlatten(causes), "no order is sent without a price");
  assert.equal(
    tradingStanding(evaluateLimits(input({ causes }))).state,
    "active",
  );
});

Deno.test("tradingStanding() names the gravest of several causes", () => {
  const causes = evaluateLimits(
    input({ equity: "8000", lossStreak: 5, dayStart: decimal("9000") }),
  );
  assert.ok(causes.drawdown && causes.dailyLoss && causes.breaker);
  assert.equal(tradingStanding(causes).code, "DRAWDOWN_LIMIT");
  const rearmed = rearmCauses(causes);
  assert.equal(tradingStanding(rearmed).code, "DAILY_LOSS_LIMIT");
});

Deno.test("drawdownPct() is exact to six places and 0 at the peak", () => {
  assert.equal(drawdownPct(decimal("9000"), decimal("10000")), 10);
  assert.equal(drawdownPct(decimal("2"), decimal("3")), 33.333333);
  assert.equal(drawdownPct(decimal("3"), decimal("3")), 0);
});

Deno.test("withDrift() reduces trading until books and venue agree", () => {
  const drifted = withDrift(NO_CAUSES, "The venue holds 1, the books hold 2");
  assert.deepEqual(tradingStanding(drifted), {
    state: "reducing",
    code: "DRIFT",
    reason: "The venue holds 1, the books hold 2",
  });
  assert.equal(tradingStanding(withDrift(drifted, null)).state, "active");
});

Deno.test("withDrift() returns the same causes where nothing changed", () => {
  const drifted = withDrift(NO_CAUSES, "They disagree");
  assert.equal(withDrift(drifted, "They disagree"), drifted);
  assert.equal(withDrift(NO_CAUSES, null), NO_CAUSES);
});

Deno.test("evaluateLimits() and rearmCauses() keep a drift", () => {
  const causes = withDrift(NO_CAUSES, "They disagree");
  const breaker = { reason: "Lost" };
  assert.equal(rearmCauses({ ...causes, breaker }).drift, causes.drift);
  assert.equal(evaluateLimits(input({ causes })), causes);
  const next = evaluateLimits(input({ causes, equity: null }));
  assert.deepEqual(next.drift, causes.drift);
});

Deno.test("evaluateLimits() keeps what risk managers want", () => {
  const guards = { a: { current: null, latched: null, releasedId: 3 } };
  const causes = evaluateLimits(
    input({ causes: { ...NO_CAUSES, guards }, equity: null }),
  );
  assert.notEqual(causes.equityUnknown, null);
  assert.equal(causes.guards, guards);
});
