import assert from "node:assert/strict";
import * as fc from "fast-check";
import { GuardWorld, longOf } from "./guard_world.ts";

const PROPERTY = { seed: 20_282, numRuns: 100 };
const GROSS = {
  measure: "gross_exposure_pct",
  warning: 80,
  limit: 100,
  release: 50,
} as const;

/** Two accounts of 10,000 each: this part of both together is held. */
function holding(pct: number) {
  return [
    { agentId: "one", positions: pct === 0 ? [] : [longOf(200 * pct)] },
    { agentId: "two" },
  ];
}

Deno.test("riskManager acts at its limit itself, not just below, and lets go at its release itself, not just above", () => {
  const world = new GuardWorld(GROSS, ["one", "two"]);
  const steps: readonly (readonly [number, string])[] = [
    [0, "active"],
    [99.99, "active"],
    [100, "reducing"],
    [99.99, "reducing"],
    [50.01, "reducing"],
    [50, "active"],
    [99.99, "active"],
    [250, "reducing"],
  ];
  for (const [pct, expected] of steps) {
    world.tell(holding(pct));
    assert.equal(world.stateOf("one"), expected, `at ${pct} %`);
    assert.equal(world.stateOf("two"), expected, `at ${pct} %`);
  }
  assert.match(
    world.reasonOf("two")!,
    /^Risk manager "warden": The gross exposure is 250 %, the limit is 100 %/,
  );
});

Deno.test("riskManager that only alerts changes no account and tells its owner", () => {
  const world = new GuardWorld({ ...GROSS, action: "alert" }, ["one", "two"]);
  world.tell(holding(150));
  assert.equal(world.stateOf("one"), "active");
  assert.match(world.alerts[0]!, /The gross exposure is 150 %/);
});

Deno.test("riskManager's latch stays when its measure is back and when its rules change, until a person releases it", () => {
  const world = new GuardWorld(
    { ...GROSS, action: "halted", latched: true },
    ["one", "two"],
  );
  world.tell(holding(120));
  world.tell(holding(0));
  assert.equal(world.stateOf("one"), "halted");
  world.configure({ ...GROSS, enabled: false });
  world.tell(holding(0));
  world.drop("two");
  assert.deepEqual(["one", "two"].map((id) => world.stateOf(id)), [
    "halted",
    "halted",
  ]);
  assert.deepEqual(world.view?.latched, ["gross_exposure_pct"]);
  world.release(["one"]);
  assert.equal(world.stateOf("one"), "active");
  assert.equal(world.stateOf("two"), "halted");
  world.release(["two"]);
  assert.equal(world.stateOf("two"), "active");
});

Deno.test("riskManager latches again at once where a released limit is still reached", () => {
  const world = new GuardWorld(
    { ...GROSS, action: "halted", latched: true },
    ["one", "two"],
  );
  world.tell(holding(120));
  world.release(["one", "two"]);
  assert.equal(world.stateOf("one"), "halted");
  // Between release and limit a released rule is quiet: a person has looked.
  world.tell(holding(70));
  world.release(["one", "two"]);
  assert.equal(world.stateOf("one"), "active");
});

Deno.test("riskManager takes the present equity as the peak when a drawdown is released", () => {
  const rule = {
    measure: "drawdown_pct",
    warning: 7,
    limit: 10,
    release: 5,
    action: "halted",
    latched: true,
  } as const;
  const world = new GuardWorld(rule, ["one"]);
  world.tell([{ agentId: "one", equity: "10000" }]);
  world.tell([{ agentId: "one", equity: "9000" }]);
  assert.equal(world.stateOf("one"), "halted");
  world.release(["one"]);
  assert.equal(world.stateOf("one"), "active");
  world.tell([{ agentId: "one", equity: "8500" }]);
  assert.equal(world.stateOf("one"), "active");
  world.tell([{ agentId: "one", equity: "8100" }]);
  assert.equal(world.stateOf("one"), "halted");
});

for (
  const [what, missing] of [
    ["an equity that is unknown", { equity: null }],
    ["a price of more than 10 s", { markAgeMs: 10_001 }],
  ] as const
) {
  Deno.test(`riskManager reduces at once on ${what} in real time, halts after 60 s, and lets go when it is back`, () => {
    const held = { isRealtime: true, positions: [longOf(1_000)] };
    const world = new GuardWorld(GROSS, ["one", "two"]);
    const other = { agentId: "two", isRealtime: true };
    world.tell([{ agentId: "one", ...held }, other]);
    assert.equal(world.stateOf("two"), "active");
    world.tell([{ agentId: "one", ...held, ...missing }, other]);
    assert.equal(world.stateOf("one"), "reducing");
    assert.equal(world.stateOf("two"), "reducing");
    assert.equal(world.view?.code, "RISK_DATA_MISSING");
    for (let second = 0; second < 59; second++) world.beat(1_000);
    assert.equal(world.stateOf("two"), "reducing");
    world.beat(1_000);
    assert.equal(world.stateOf("two"), "halted");
    world.tell([{ agentId: "one", ...held }, other]);
    assert.equal(world.stateOf("one"), "active");
  });
}

Deno.test("riskManager knows a flat account in real time without a price, and a price of exactly 10 s", () => {
  const world = new GuardWorld(GROSS, ["one", "two"]);
  world.tell([
    { agentId: "one", isRealtime: true, markAgeMs: 1e6 },
    {
      agentId: "two",
      isRealtime: true,
      markAgeMs: 10_000,
      positions: [longOf(100)],
    },
  ]);
  assert.equal(world.stateOf("one"), "active");
});

Deno.test("riskManager counts time by candles where all markets wait for their agents", () => {
  const world = new GuardWorld(GROSS, ["one"]);
  const at = 1_750_000_000_000;
  world.tell([{ agentId: "one", equity: null, marketAt: at }]);
  assert.equal(world.stateOf("one"), "reducing");
  world.beat(3_600_000);
  assert.equal(world.stateOf("one"), "reducing");
  world.tell([{ agentId: "one", equity: null, marketAt: at + 60_000 }]);
  assert.equal(world.stateOf("one"), "halted");
});

Deno.test("riskManager leaves accounts as they are until every guarded account was told of, then takes its absence as missing data", () => {
  const world = new GuardWorld(GROSS, ["one", "two"]);
  world.tell([{ agentId: "one", positions: [longOf(50_000)] }]);
  world.beat(9_000);
  assert.equal(world.stateOf("one"), "active");
  world.beat(2_000);
  assert.equal(world.stateOf("one"), "reducing");
  assert.match(world.reasonOf("one")!, /No desk has told of "two"/);
});

Deno.test("riskManager that is paused neither asks for more nor lets go", () => {
  const world = new GuardWorld(GROSS, ["one", "two"]);
  world.tell(holding(120));
  world.pause();
  world.tell(holding(0));
  assert.equal(world.stateOf("one"), "reducing");
  world.resume();
  assert.equal(world.stateOf("one"), "active");
});

Deno.test("riskManager warms up without blocking entries where returns are few, unless they are required", () => {
  const rule = {
    measure: "value_at_risk_pct",
    warning: 4,
    limit: 5,
    release: 3,
  } as const;
  const world = new GuardWorld(rule, ["one", "two"]);
  world.tell(holding(50));
  assert.equal(world.stateOf("one"), "active");
  assert.equal(world.view?.rules[0]?.level, "warming_up");
  // 500 candles later too few returns are a breach: something keeps them away.
  const closes = new Float64Array(2 * 502);
  for (let index = 0; index < closes.length / 2; index++) {
    closes[2 * index] = 1_750_000_020_000 + index * 60_000;
    closes[2 * index + 1] = index % 60 === 0 || index > 500 ? 100 : NaN;
  }
  const [one, two] = holding(50);
  world.tell([
    { ...one!, closes: [{ market: "BTC/USDT", closes }] },
    two!,
  ]);
  assert.equal(world.stateOf("one"), "reducing");
  assert.match(world.reasonOf("one")!, /value at risk is unknown/);
});

Deno.test("riskManager that dies at any moment never leaves an account looser than it was", () => {
  const stepArb = fc.oneof(
    fc.record({
      type: fc.constant("hold" as const),
      pct: fc.integer({ min: 0, max: 150 }),
    }),
    fc.record({
      type: fc.constant("die" as const),
      hasSnapshot: fc.boolean(),
    }),
    fc.record({ type: fc.constant("save" as const) }),
  );
  fc.assert(
    fc.property(
      fc.array(stepArb, { minLength: 1, maxLength: 40, size: "max" }),
      fc.boolean(),
      (steps, latched) => {
        const world = new GuardWorld({ ...GROSS, latched }, ["one", "two"]);
        const straight = new GuardWorld({ ...GROSS, latched }, ["one", "two"]);
        let snapshot = world.snapshot();
        for (const step of steps) {
          if (step.type === "save") snapshot = world.snapshot();
          else if (step.type === "die") {
            const before = world.stateOf("one");
            world.restart(step.hasSnapshot ? snapshot : null);
            assert.equal(world.stateOf("one"), before);
          } else {
            world.tell(holding(step.pct));
            straight.tell(holding(step.pct));
          }
          assert.equal(world.stateOf("one"), straight.stateOf("one"));
        }
      },
    ),
    PROPERTY,
  );
});
