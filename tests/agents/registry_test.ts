import assert from "node:assert/strict";
import {
  AGENT_TYPES,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import { AGENT_REGISTRY, TEMPLATES } from "../../agents/mod.ts";
import { agentConfig } from "./fixtures/agent_run.ts";

Deno.test("AGENT_REGISTRY names every agent type, and why it is not available", () => {
  assert.deepEqual(Object.keys(AGENT_REGISTRY).sort(), [...AGENT_TYPES].sort());
  for (const entry of Object.values(AGENT_REGISTRY)) {
    assert.equal(entry.available, entry.unavailableReason === null);
    const estimate = entry.estimate(agentConfig());
    assert.ok(estimate.cores > 0 && estimate.cores <= 1);
    assert.ok(estimate.memoryMiB > 0 && estimate.messagesPerMinute > 0);
  }
});

Deno.test("AGENT_REGISTRY estimates grow with the candle rate", () => {
  const { estimate } = AGENT_REGISTRY.pattern_detector;
  const rate = (fields: Parameters<typeof agentConfig>[0]) =>
    estimate(agentConfig(fields)).messagesPerMinute;
  const file = "a.csv";
  assert.ok(rate({ timeframe: "1m" }) > rate({ timeframe: "1h" }));
  assert.ok(
    rate({ feed: { kind: "replay", file, speed: 10 } }) > rate({}),
  );
  assert.equal(
    estimate(agentConfig({ feed: { kind: "replay", file } })).cores,
    0.205,
  );
});

Deno.test("TEMPLATES are complete, valid, distinct and promise nothing", () => {
  assert.ok(TEMPLATES.length >= 3);
  assert.equal(
    new Set(TEMPLATES.map((template) => template.name)).size,
    TEMPLATES.length,
  );
  for (const template of TEMPLATES) {
    const config = { ...template.config, name: "From a template" };
    assert.deepEqual(agentConfigSchema.parse(config), config);
    assert.equal(template.config.mode, "paper");
    assert.ok(AGENT_REGISTRY[template.type].available);
    assert.doesNotMatch(template.purpose, /profitable|guarantee|proven/i);
  }
});
