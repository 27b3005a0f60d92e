import assert from "node:assert/strict";
import {
  AGENT_TYPES,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import { AGENT_REGISTRY, TEMPLATES } from "../../agents/mod.ts";
import { AGENT_TYPE_WORDS } from "../../lib/contracts/agent_types.ts";
import { agentConfig } from "./fixtures/agent_run.ts";

const MARKET = { simulationSpeed: 1 };

Deno.test("AGENT_REGISTRY estimates every agent type", () => {
  assert.deepEqual(Object.keys(AGENT_REGISTRY).sort(), [...AGENT_TYPES].sort());
  for (const entry of Object.values(AGENT_REGISTRY)) {
    const estimate = entry.estimate(agentConfig(), MARKET);
    assert.ok(estimate.cores > 0 && estimate.cores <= 1);
    assert.ok(estimate.memoryMiB > 0 && estimate.messagesPerMinute > 0);
  }
});

Deno.test("AGENT_REGISTRY estimates grow with the candle rate", () => {
  const { estimate } = AGENT_REGISTRY.pattern_detector;
  const rate = (fields: Parameters<typeof agentConfig>[0]) =>
    estimate(agentConfig(fields), MARKET).messagesPerMinute;
  const file = "a.csv";
  assert.ok(rate({ timeframe: "1m" }) > rate({ timeframe: "1h" }));
  assert.ok(
    rate({ feed: { kind: "replay", file, speed: 10 } }) > rate({}),
  );
  assert.equal(
    estimate(agentConfig({ feed: { kind: "replay", file } }), MARKET).cores,
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
    assert.equal(AGENT_TYPE_WORDS[template.type].unavailable, null);
    assert.doesNotMatch(template.purpose, /profitable|guarantee|proven/i);
  }
});
