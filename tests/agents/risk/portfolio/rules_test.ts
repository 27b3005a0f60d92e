import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
} from "../../../../agents/risk/portfolio/rule_measures.ts";
import type {
  RuleState,
  RuleStates,
} from "../../../../agents/risk/portfolio/rule_state.ts";
import {
  applyRules,
  nextRuleState,
  releaseRule,
} from "../../../../agents/risk/portfolio/rules.ts";
import { reading, ruleOn, run } from "./rule_cases.ts";

const PROPERTY = { seed: 20_279, numRuns: 200 };

const levels = (states: readonly RuleState[]) =>
  states.map(({ level }) => level);

for (const measure of RISK_MEASURE_NAMES) {
  Deno.test(`risk rule on ${measure} acts at its limit and beyond, and not before`, () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
        fc.boolean(),
        (beyond, before, isLatched) => {
          const rule = ruleOn(measure, { isLatched });
          const [bad] = run(rule, [10 + beyond]);
          assert.equal(bad!.level, "acting");
          const [good] = run(rule, [10 - before]);
          assert.notEqual(good!.level, "acting");
          assert.equal(good!.level, 10 - before >= 6 ? "warning" : "quiet");
        },
      ),
      PROPERTY,
    );
  });

  Deno.test(`risk rule on ${measure} tells its scope a state, a code and one sentence`, () => {
    const rule = ruleOn(measure, { action: "halted" });
    const { standings } = applyRules({
      rules: [rule],
      states: {},
      at: 0,
      readingsOf: () => ({ [measure]: reading(measure, 12.34567) }),
    });
    const [standing] = standings;
    assert.equal(standing!.state, "halted");
    assert.equal(standing!.code, RISK_MEASURES[measure].code);
    assert.match(
      standing!.reason!,
      /^The .+ is -?12\.3457( %)?, the limit is -?10( %)?; it ends at -?4( %)?$/,
    );
  });

  Deno.test(`risk rule on ${measure} takes what is unknown as a breach`, () => {
    for (const value of [null, undefined, NaN, Infinity, -Infinity]) {
      const { standings } = applyRules({
        rules: [ruleOn(measure, { action: "halted" })],
        states: {},
        at: 0,
        readingsOf: () => value === undefined ? {} : { [measure]: value },
      });
      assert.equal(standings[0]!.state, "reducing");
      assert.equal(standings[0]!.code, "RISK_UNKNOWN");
      assert.match(
        standings[0]!.reason!,
        /is unknown, which counts as its limit/,
      );
    }
  });
}

const measureArb = fc.constantFrom(...RISK_MEASURE_NAMES);

Deno.test("risk rule does not flap while its measure stays between release and limit", () => {
  fc.assert(
    fc.property(
      measureArb,
      fc.array(fc.double({ min: 4.000001, max: 9.999999, noNaN: true }), {
        minLength: 1,
        maxLength: 50,
        size: "max",
      }),
      (measure, band) => {
        const acting = levels(run(ruleOn(measure), [10, ...band]));
        assert(acting.every((level) => level === "acting"));
        const calm = levels(run(ruleOn(measure), [0, ...band]));
        assert(!calm.includes("acting"));
        // A warning that has begun does not end within the band either.
        const first = calm.indexOf("warning");
        assert(
          first === -1 ||
            calm.slice(first).every((level) => level === "warning"),
        );
      },
    ),
    PROPERTY,
  );
});

Deno.test("risk rule holds for its least time, whatever its measure does", () => {
  fc.assert(
    fc.property(
      measureArb,
      fc.integer({ min: 1, max: 20 }),
      (measure, hold) => {
        const rule = ruleOn(measure, { holdMs: hold * 1_000 });
        const after = levels(run(rule, [10, ...Array(hold + 1).fill(0)]));
        assert.deepEqual(
          after,
          [...Array(hold).fill("acting"), "quiet", "quiet"],
        );
      },
    ),
    PROPERTY,
  );
});

Deno.test("risk rule that is latched never leaves by itself, only by a person", () => {
  fc.assert(
    fc.property(
      measureArb,
      fc.array(
        fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
        { minLength: 1, maxLength: 50, size: "max" },
      ),
      (measure, values) => {
        const rule = ruleOn(measure, { isLatched: true });
        const states = run(rule, [10, ...values]);
        assert(states.every(({ level }) => level === "acting"));
        const last: RuleStates = { [rule.id]: states.at(-1)! };
        const release = releaseRule({
          rules: [rule],
          states: last,
          ruleId: rule.id,
          person: "Ada",
        });
        assert(release.ok);
        const state = release.states[rule.id]!;
        const calm = nextRuleState(rule, {
          state,
          value: reading(measure, 0),
          at: 0,
        });
        assert.equal(calm.level, "quiet");
        const again = nextRuleState(rule, {
          state,
          value: reading(measure, 10),
          at: 0,
        });
        assert.equal(again.level, "acting");
      },
    ),
    PROPERTY,
  );
});

Deno.test("risk rule that was only unknown ends when its measure is known, after its hold, also when latched", () => {
  for (const isLatched of [false, true]) {
    const rule = ruleOn("drawdown_pct", { isLatched, holdMs: 3_000 });
    assert.deepEqual(
      levels(run(rule, [0, null, 7, 7, 7, 0])),
      ["quiet", "acting", "acting", "acting", "warning", "quiet"],
    );
    // Once the limit itself was seen it is a breach like any other.
    assert.deepEqual(
      levels(run(rule, [null, 10, 7, 7, 7, 7])).at(-1),
      "acting",
    );
  }
});

Deno.test("risk rule reduces while its measure is unknown, halts after a time of it, and starts anew when it was known", () => {
  for (const action of ["reducing", "halted"] as const) {
    const rule = ruleOn("drawdown_pct", { haltUnknownAfterMs: 2_000, action });
    let states: RuleStates = {};
    const seen = [null, null, 1, null, null, null, null, 1].map(
      (value, index) => {
        const verdict = applyRules({
          rules: [rule],
          states,
          at: index * 1_000,
          readingsOf: () => ({ drawdown_pct: value }),
        });
        states = verdict.states;
        return verdict.standings[0]!.state;
      },
    );
    assert.deepEqual(seen, [
      "reducing",
      "reducing",
      "active",
      "reducing",
      "reducing",
      "halted",
      "halted",
      "active",
    ]);
  }
});

Deno.test("risk rule that only tells never changes what its scope may do", () => {
  for (const value of [10, 1e6, null]) {
    const { standings: [standing] } = applyRules({
      rules: [
        ruleOn("drawdown_pct", { action: "alert", haltUnknownAfterMs: 0 }),
      ],
      states: {},
      at: 0,
      readingsOf: () => ({ drawdown_pct: value }),
    });
    assert.equal(standing!.state, "active");
    assert.equal(standing!.acting.length, 1);
  }
});

Deno.test("risk rule that waits for its measure breaches nothing, and keeps a limit that was reached", () => {
  const rule = ruleOn("value_at_risk_pct");
  const applied = (states: RuleStates) =>
    applyRules({
      rules: [rule],
      states,
      at: 9_000,
      readingsOf: () => ({ value_at_risk_pct: "waiting" }),
    }).standings[0]!.state;
  assert.equal(applied({}), "active");
  const [reached] = run(rule, [11]);
  assert.equal(applied({ [rule.id]: reached! }), "reducing");
  const [unknown] = run(rule, [null]);
  assert.equal(applied({ [rule.id]: unknown! }), "active");
});

Deno.test("applyRules() goes on from stored states as if nothing had happened", () => {
  const rules = RISK_MEASURE_NAMES.map((measure, index) =>
    ruleOn(measure, {
      holdMs: index % 3 * 1_000,
      isLatched: index % 4 === 0,
      haltUnknownAfterMs: index % 2 === 0 ? 2_000 : null,
    })
  );
  const readingsArb = fc.array(
    fc.option(fc.double({ min: 0, max: 14, noNaN: true })),
    { minLength: rules.length, maxLength: rules.length },
  );
  fc.assert(
    fc.property(
      fc.array(readingsArb, { minLength: 2, maxLength: 12, size: "max" }),
      (steps) => {
        let kept: RuleStates = {};
        let stored: RuleStates = {};
        for (const [index, values] of steps.entries()) {
          const at = index * 1_000;
          const readingsOf = () =>
            Object.fromEntries(
              RISK_MEASURE_NAMES.map((name, index) => {
                const value = values[index]!;
                return [name, value === null ? null : reading(name, value)];
              }),
            );
          const straight = applyRules({ rules, states: kept, at, readingsOf });
          const restored = applyRules({
            rules,
            states: JSON.parse(JSON.stringify(stored)),
            at,
            readingsOf,
          });
          assert.deepEqual(restored, straight);
          kept = straight.states;
          stored = restored.states;
        }
      },
    ),
    PROPERTY,
  );
});
