import assert from "node:assert/strict";
import { RULES_LIMIT } from "../../../../agents/risk/portfolio/limits.ts";
import {
  faultsOfRules,
  type RiskRule,
} from "../../../../agents/risk/portfolio/rule_check.ts";
import {
  RISK_MEASURE_NAMES,
  type RiskMeasureName,
} from "../../../../agents/risk/portfolio/rule_measures.ts";
import {
  applyRules,
  releaseRule,
} from "../../../../agents/risk/portfolio/rules.ts";
import { ruleOn, run } from "./rule_cases.ts";

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
    at: 0,
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
  assert.match(faults({ holdMs: -1 })[0]!, /0 ms or longer/);
  assert.match(faults({ haltUnknownAfterMs: NaN })[0]!, /never/);
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
