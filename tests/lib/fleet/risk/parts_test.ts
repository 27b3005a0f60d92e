import assert from "node:assert/strict";
import fc from "fast-check";
import type { RiskView } from "../../../../lib/contracts/guard.ts";
import { underWater } from "../../../../lib/fleet/risk/drawdowns.ts";
import { DRAWDOWN_POINTS } from "../../../../lib/fleet/risk/limits.ts";
import { limitsOf } from "../../../../lib/fleet/risk/limit_rows.ts";
import { lossesOf } from "../../../../lib/fleet/risk/losses.ts";
import { waterCurve } from "../../../../lib/ui/risk/drawdown_curve.ts";
import { marketRulesOf } from "../../../../lib/fleet/risk/market_rules.ts";
import { fact, measure } from "./support.ts";

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
  const found = limitsOf([guardWith(rules)], {
    hosts: [],
    measures: [],
    rates: [],
  });
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

Deno.test("lossesOf has no figure for a risk manager that guards live and paper accounts at once, and its rules say so", () => {
  const paper = fact("one");
  const live = fact("two", { config: { mode: "live" } });
  const estimate = { method: "historical", valueAtRiskPct: 3 };
  const guard = guardWith([{
    ...RULE,
    measure: "drawdown_pct",
    label: "drawdown",
    value: 1,
    level: "quiet",
  }], [estimate]);
  const [mixed] = lossesOf([guard, paper, live]);
  assert.deepEqual(mixed!.losses, []);
  assert.deepEqual(mixed!.modes, ["live", "paper"]);
  assert.match(mixed!.reason!, /no common figure/);
  const [pure] = lossesOf([guard, paper]);
  assert.equal(pure!.losses.length, 1);
  const noteOf = (facts: Parameters<typeof lossesOf>[0]) =>
    limitsOf(facts, { hosts: [], measures: [], rates: [] })
      .find(({ limit }) => limit === "rule")!.note;
  assert.match(noteOf([guard, paper, live])!, /live and paper/);
  assert.equal(noteOf([guard, paper]), null);
});

Deno.test("limitsOf counts the orders of a minute, of an agent and of its exchange key", () => {
  const feed = { kind: "exchange", exchange: "kraken", market: "spot" };
  const trader = fact("one", {
    config: { feed, safety: { maxOrdersPerMinute: 10 } },
  });
  const silent = fact("two", { config: { feed } });
  const measures = [measure("one", { sent: { orders: 120, requests: 12 } })];
  const rates = [{ agentId: "one", ordersLastMinute: 9 }];
  const found = limitsOf([trader, silent], { hosts: [], measures, rates });
  const row = (limit: string, agentId: string) => {
    const one = found.find((other) =>
      other.limit === limit && other.agentId === agentId
    );
    return [one?.used, one?.cap, one?.level];
  };
  assert.deepEqual(row("order_rate", "one"), ["9", "10", "near"]);
  assert.deepEqual(row("key_order_rate", "one"), ["120", "120", "reached"]);
  assert.deepEqual(row("key_request_rate", "one"), ["12", "1200", "ok"]);
  // Its desk has not told.
  assert.deepEqual(row("order_rate", "two"), [null, "30", "unknown"]);
  assert.deepEqual(row("key_order_rate", "two"), [null, "120", "unknown"]);
  const onCandles = limitsOf([fact("three")], {
    hosts: [],
    measures: [],
    rates: [],
  });
  assert.ok(onCandles.every(({ limit }) => !limit.startsWith("key_")));
});

Deno.test("marketRulesOf has each market of an exchange once, and none that has not told", () => {
  const at = (symbol: string) => ({
    config: {
      symbol,
      feed: { kind: "exchange", exchange: "kraken", market: "spot" },
    },
  });
  const facts = [
    fact("one", at("BTC/USDT")),
    fact("two", at("BTC/USDT")),
    fact("three", at("ETH/USDT")),
  ];
  const rules = {
    symbol: "BTC/USDT",
    quantityStep: "0.0001",
    priceStep: "0.1",
    minQuantity: "0.0001",
    maxQuantity: null,
    minNotional: "5",
    maxNotional: null,
    makerRate: "0",
    takerRate: null,
  };
  const found = marketRulesOf(facts, [
    measure("one", { rules }),
    measure("two", { rules }),
    measure("three"),
    measure("gone", { rules }),
  ]);
  assert.deepEqual(
    found.map((one) => [one.venue, one.symbol, one.agents, one.minNotional]),
    [["kraken spot", "BTC/USDT", 2, "5"]],
  );
});
