import assert from "node:assert/strict";
import fc from "fast-check";
import type { RiskView } from "../../../../lib/contracts/guard.ts";
import { breakersOf } from "../../../../lib/fleet/risk/breakers.ts";
import { underWater } from "../../../../lib/fleet/risk/drawdowns.ts";
import { DRAWDOWN_POINTS } from "../../../../lib/fleet/risk/limits.ts";
import { limitsOf } from "../../../../lib/fleet/risk/limit_rows.ts";
import { lossesOf } from "../../../../lib/fleet/risk/losses.ts";
import { waterCurve } from "../../../../lib/ui/risk/drawdown_curve.ts";
import { fact } from "./support.ts";

Deno.test("underWater keeps the first, the last and the deepest point, and is never above the water", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 2_000 }), {
        minLength: 1,
        maxLength: 600,
      }),
      (equities) => {
        const points = equities.map((equity, at) => ({
          seq: at,
          at,
          equity: String(equity),
        }));
        const shown = underWater(points, { start: "1000", now: null });
        assert.ok(shown.length <= DRAWDOWN_POINTS);
        assert.equal(shown[0]!.at, 0);
        assert.equal(shown.at(-1)!.at, equities.length - 1);
        let peak = 1_000;
        const deepest = Math.max(...equities.map((equity) => {
          peak = Math.max(peak, equity);
          return 100 - 100 * equity / peak;
        }));
        const found = Math.max(...shown.map((one) => one.drawdownPct));
        assert.ok(Math.abs(found - deepest) < 1e-3, `${found}, ${deepest}`);
        assert.ok(shown.every((one) => one.drawdownPct >= 0));
      },
    ),
  );
});

Deno.test("underWater ends with what is known now, also within the last candle", () => {
  const points = [{ seq: 0, at: 0, equity: "990" }, {
    seq: 1,
    at: 1,
    equity: "980",
  }];
  const ends = (at: number) =>
    underWater(points, { start: "1000", now: { at, drawdownPct: 3 } });
  assert.deepEqual(ends(1).map((one) => one.drawdownPct), [1, 3]);
  assert.deepEqual(ends(2).map((one) => one.drawdownPct), [1, 2, 3]);
});

Deno.test("waterCurve has the limit within the picture and needs two moments", () => {
  const at = (at: number, drawdownPct: number) => ({ at, drawdownPct });
  assert.equal(waterCurve({ points: [at(1, 0)], limitPct: 10 }), null);
  assert.equal(
    waterCurve({ points: [at(1, 0), at(1, 2)], limitPct: 10 }),
    null,
  );
  const curve = waterCurve({ points: [at(1, 0), at(2, 5)], limitPct: 10 })!;
  assert.equal(curve.deepestPct, 5);
  assert.equal(curve.line, `0,0 300,${Math.round(5 / 10.8 * 720) / 10}`);
  assert.ok(curve.limitY < 72);
});

Deno.test("breakersOf tells each breaker of a venue once, open ones first", () => {
  const feed = { kind: "exchange", exchange: "kraken", market: "spot" };
  const facts = ["one", "two"].map((id) => fact(id, { config: { feed } }));
  const breakers = [{
    operation: "create" as const,
    status: "open" as const,
    reason: "five failures",
    failures: 5,
    openUntil: 9_000,
  }];
  const found = breakersOf(facts, {
    measures: facts.map(({ record }) => ({
      agentId: record.id,
      halfSpreadBp: null,
      roundTripMs: null,
      breakers,
    })),
    silences: [{ venue: { exchange: "kraken", market: "spot" }, until: 7 }],
    trips: null,
  });
  assert.deepEqual(
    found.map(({ kind, state, resetAt }) => [kind, state, resetAt]),
    [["silence", "open", 7], ["venue", "open", 9_000]],
  );
});

Deno.test("breakersOf counts the trips of each agent", () => {
  const one = fact("one", {
    account: { breaker: { lossesInARow: 5, reason: "lost" } },
  });
  const trip = {
    seq: 1,
    at: 1,
    agentId: "one",
    agentName: "one",
    code: "BREAKER_OPEN" as const,
    detail: "",
  };
  const trips = [trip, { ...trip, agentId: "two" }];
  const [breaker] = breakersOf([one], { measures: [], silences: [], trips });
  assert.deepEqual(
    [breaker!.state, breaker!.cause, breaker!.trips, breaker!.resetAt],
    ["open", "lost", 1, null],
  );
});

const RULE = {
  ruleId: "x",
  warning: 8,
  limit: 5,
  release: 10,
  action: "reducing",
  isLatched: false,
  since: null,
  reason: null,
  unit: "%",
} as const;

function guardWith(rules: unknown[], losses: unknown[] = []) {
  const guard = fact("warden", { config: { type: "risk_manager" } });
  const view = {
    state: "active",
    rules,
    losses,
    unknown: [],
    observations: 40,
    window: 500,
  } as unknown as RiskView;
  return { ...guard, risk: { toldAt: 5, view }, account: null };
}

Deno.test("limitsOf takes a rule as its risk manager sees it, also one that is worse below", () => {
  const rules = [{
    ...RULE,
    measure: "liquidation_distance_pct",
    label: "distance to the nearest liquidation",
    value: 10,
    level: "quiet",
  }, {
    ...RULE,
    measure: "drawdown_pct",
    label: "drawdown",
    value: 1,
    level: "acting",
    isLatched: true,
  }];
  const found = limitsOf([guardWith(rules)], { hosts: [] });
  assert.deepEqual(
    found.map(({ label, level, share, headroom }) => [
      label,
      level,
      share,
      headroom,
    ]),
    [
      ["Drawdown", "reached", 0.2, "4"],
      ["Distance to the nearest liquidation", "ok", 0.5, "5"],
    ],
  );
});

Deno.test("lossesOf has one currency or none, and says why nothing is known", () => {
  const agents = [
    fact("one", { config: { symbol: "BTC/USDT" } }),
    fact("two", { config: { symbol: "ETH/USDT" } }),
  ];
  const [first] = lossesOf([guardWith([], [{}]), ...agents]);
  assert.deepEqual([first!.currency, first!.guarded, first!.reason], [
    "USDT",
    ["one", "two"],
    null,
  ]);
  const other = fact("three", { config: { symbol: "BTC/EUR" } });
  const guard = { ...guardWith([]), risk: null };
  const [second] = lossesOf([guard, ...agents, other]);
  assert.equal(second!.currency, null);
  assert.match(second!.reason!, /told nothing/);
  assert.deepEqual(lossesOf(agents), []);
});
