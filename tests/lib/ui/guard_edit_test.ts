import assert from "node:assert/strict";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { applyRules, guardTexts } from "../../../lib/ui/agent/guard_edit.ts";
import { guardConfig } from "../../support/config.ts";

const CONFIG = agentConfigSchema.parse(
  guardConfig("warden", { measure: "drawdown_pct" }),
);

Deno.test("applyRules() gives back what guardTexts() shows, and takes what is typed", () => {
  const texts = guardTexts(CONFIG);
  const same = applyRules(CONFIG, texts);
  assert("config" in same);
  assert.deepEqual(same.config, CONFIG);
  const changed = applyRules(CONFIG, {
    ...texts,
    correlation: { ...texts.correlation, limit: "-0.5", latched: true },
  });
  assert("config" in changed);
  assert.equal(changed.config.guard!.rules.correlation.limit, -0.5);
  assert.equal(changed.config.guard!.rules.correlation.latched, true);
});

Deno.test("applyRules() names the rule and the field of what cannot be taken", () => {
  const texts = guardTexts(CONFIG);
  const wrong = applyRules(CONFIG, {
    ...texts,
    drawdown_pct: { ...texts.drawdown_pct, limit: "much" },
  });
  assert("errors" in wrong);
  assert.match(wrong.errors[0]!, /^limit of drawdown: Enter a number from 0/);
});
