import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  faultsOfRules,
  type RiskRule,
} from "../../../../agents/risk/portfolio/rule_check.ts";
import { RULES_LIMIT } from "../../../../agents/risk/portfolio/limits.ts";
import {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasureName,
} from "../../../../agents/risk/portfolio/rule_measures.ts";
import {
  applyRules,
  nextRuleState,
  releaseRule,
  type RuleState,
  type RuleStates,
} from "../../../../agents/risk/portfolio/rules.ts";

const PROPERTY = { seed: 20_279, numRuns: 200 };

/** A rule on a measure: release 4, warning 6, limit 10; mirrored where less is worse. */
function ruleOn(
  measure: RiskMeasureName,
  changes: Partial<RiskRule> = {},
): RiskRule {
  const sign = RISK_MEASURES[measure].worse === "above" ? 1 : -1;
  return {
    id: measure,
    scope: "portfolio",
    measure,
    releaseAt: sign * 4,
    warnAt: sign * 6,
    actAt: sign * 10,
    holdAssessments: 1,
    action: "reducing",
    isLatched: false,
    haltUnknownAfter: null,
    ...changes,
  };
}

/** A value that is worse by as much as it is larger. */
function reading(measure: RiskMeasureName, value: number): number {
  return RISK_MEASURES[measure].worse === "above" ? value : -value;
}

/** States of a rule after each of some readings, larger being worse. */
function run(
  rule: RiskRule,
  values: readonly (number | null)[],
): RuleState[] {
  let state: RuleState = { level: "quiet" };
  return values.map((value) => {
    const read = value === null ? null : reading(rule.measure, value);
    return state = nextRuleState(rule, { state, value: read });
  });
}

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
        rules: [ruleOn(measure)],
        states: {},
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

Deno.test("risk rule holds for its least number of assessments, whatever its measure does", () => {
  fc.assert(
    fc.property(
      measureArb,
      fc.integer({ min: 1, max: 20 }),
      (measure, hold) => {
        const rule = ruleOn(measure, { holdAssessments: hold });
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
        const calm = nextRuleState(rule, { state, value: reading(measure, 0) });
        assert.equal(calm.level, "quiet");
        const again = nextRuleState(rule, {
          state,
          value: reading(measure, 10),
        });
        assert.equal(again.level, "acting");
      },
    ),
    PROPERTY,
  );
});

Deno.test("risk rule that was only unknown ends when its measure is known, after its hold, also when latched", () => {
  for (const isLatched of [false, true]) {
    const rule = ruleOn("drawdown_pct", { isLatched, holdAssessments: 3 });
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

Deno.test("risk rule halts after so many unknown assessments in a row, and not before", () => {
  const rule = ruleOn("drawdown_pct", { haltUnknownAfter: 3 });
  let states: RuleStates = {};
  const seen = [null, null, 1, null, null, null, null, 1].map((value) => {
    const verdict = applyRules({
      rules: [rule],
      states,
      readingsOf: () => ({ drawdown_pct: value }),
    });
    states = verdict.states;
    return verdict.standings[0]!.state;
  });
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
});

Deno.test("risk rule counts unknown assessments in a row, also while its limit is reached", () => {
  const rule = ruleOn("drawdown_pct", { haltUnknownAfter: 3 });
  const states = run(rule, [10, null, null, 10, null, null]);
  assert.deepEqual(
    states.map((state) => state.level === "acting" ? state.unknown : -1),
    [0, 1, 2, 0, 1, 2],
  );
});

Deno.test("applyRules() gives each scope its gravest rule, and lists the others", () => {
  const rules = [
    ruleOn("gross_exposure_pct", { id: "gross" }),
    ruleOn("drawdown_pct", { id: "fall", action: "halted", isLatched: true }),
    ruleOn("correlation", { id: "together" }),
    ruleOn("daily_loss_pct", { id: "day", scope: "agent:1" }),
  ];
  const { standings } = applyRules({
    rules,
    states: {},
    readingsOf: (scope) =>
      scope === "portfolio"
        ? { gross_exposure_pct: 11, drawdown_pct: 12, correlation: 7 }
        : { daily_loss_pct: 1 },
  });
  const [portfolio, agent] = standings;
  assert.equal(portfolio!.state, "halted");
  assert.equal(portfolio!.code, "RISK_DRAWDOWN");
  assert.equal(
    portfolio!.reason,
    "The drawdown is 12 %, the limit is 10 %; a person must release it",
  );
  assert.deepEqual(portfolio!.acting.map(({ ruleId }) => ruleId), [
    "gross",
    "fall",
  ]);
  assert.deepEqual(portfolio!.warnings, [{
    ruleId: "together",
    code: "RISK_CORRELATION",
    reason:
      "The correlation of the positions is 7, the warning begins at 6 and the limit is 10",
  }]);
  assert.deepEqual(portfolio!.latched, ["fall"]);
  assert.deepEqual(agent, {
    scope: "agent:1",
    state: "active",
    code: null,
    reason: null,
    acting: [],
    warnings: [],
    latched: [],
  });
});

Deno.test("applyRules() goes on from stored states as if nothing had happened", () => {
  const rules = RISK_MEASURE_NAMES.map((measure, index) =>
    ruleOn(measure, {
      holdAssessments: 1 + index % 3,
      isLatched: index % 4 === 0,
      haltUnknownAfter: index % 2 === 0 ? 2 : null,
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
        for (const values of steps) {
          const readingsOf = () =>
            Object.fromEntries(
              RISK_MEASURE_NAMES.map((name, index) => {
                const value = values[index]!;
                return [name, value === null ? null : reading(name, value)];
              }),
            );
          const straight = applyRules({ rules, states: kept, readingsOf });
          const restored = applyRules({
            rules,
            states: JSON.parse(JSON.stringify(stored)),
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

Deno.test("releaseRule() names the mistake: no such rule, a rule that does not act, nobody", () => {
  const rule = ruleOn("drawdown_pct", { isLatched: true });
  const [acting] = run(rule, [11]);
  const release = (changes: Partial<Parameters<typeof releaseRule>[0]>) =>
    releaseRule({
      rules: [rule],
      states: { drawdown_pct: acting! },
      ruleId: "drawdown_pct",
      person: "Ada",
      ...changes,
    });
  assert.deepEqual(release({ ruleId: "x" }), {
    ok: false,
    reason: 'There is no risk rule "x"',
  });
  assert.deepEqual(release({ states: {} }), {
    ok: false,
    reason: 'Risk rule "drawdown_pct" does not act now',
  });
  assert.deepEqual(release({ person: " " }), {
    ok: false,
    reason: 'Say who releases the risk rule "drawdown_pct"',
  });
  const done = release({});
  assert(done.ok);
  assert.match(done.note, /^Ada released the risk rule "drawdown_pct": The /);
});

Deno.test("faultsOfRules() finds nothing in a sound set, and each fault of an unsound one", () => {
  assert.deepEqual(faultsOfRules(RISK_MEASURE_NAMES.map((m) => ruleOn(m))), []);
  const faults = (changes: Partial<RiskRule>) =>
    faultsOfRules([ruleOn("drawdown_pct", changes)]);
  const order =
    'Rule "drawdown_pct": its release must be below its warning, and that not above its limit';
  assert.deepEqual(faults({ releaseAt: 6 }), [order]);
  assert.deepEqual(faults({ warnAt: 11 }), [order]);
  assert.match(faults({ actAt: NaN })[0]!, /finite/);
  assert.match(faults({ holdAssessments: 0 })[0]!, /whole number/);
  assert.match(faults({ haltUnknownAfter: 1.5 })[0]!, /never/);
  assert.match(faults({ measure: "luck" as RiskMeasureName })[0]!, /"luck"/);
  const distance = ruleOn("liquidation_distance_pct", { releaseAt: -8 });
  assert.match(faultsOfRules([distance])[0]!, /above its warning/);
  const twice = [ruleOn("correlation"), ruleOn("correlation")];
  assert.deepEqual(faultsOfRules(twice), [
    'Two rules have the id "correlation"',
  ]);
  const many = Array.from(
    { length: RULES_LIMIT + 1 },
    (_, index) => ruleOn("correlation", { id: String(index) }),
  );
  assert.match(faultsOfRules(many)[0]!, /65 rules/);
});
