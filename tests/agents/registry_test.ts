import assert from "node:assert/strict";
import {
  AGENT_TYPES,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import {
  AGENT_REGISTRY,
  RESOURCE_MODELS,
  TEMPLATES,
} from "../../agents/mod.ts";
import { estimateAt } from "../../agents/resource_model.ts";
import { AGENT_TYPE_WORDS } from "../../lib/contracts/agent_types.ts";
import { agentConfig } from "./fixtures/agent_run.ts";

const MARKET = { simulationSpeed: 1 };

Deno.test("AGENT_REGISTRY estimates every agent type", () => {
  assert.deepEqual(Object.keys(AGENT_REGISTRY).sort(), [...AGENT_TYPES].sort());
  for (const entry of Object.values(AGENT_REGISTRY)) {
    const estimate = entry.estimate(agentConfig(), MARKET);
    assert.ok(estimate.cores > 0 && estimate.cores <= 1);
    assert.ok(estimate.memoryMiB > 0 && estimate.messagesPerMinute > 0);
    assert.ok(estimate.heapMiB > 0 && estimate.heapMiB <= estimate.memoryMiB);
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
    RESOURCE_MODELS.pattern_detector.fullSpeed.cores,
  );
});

Deno.test("AGENT_REGISTRY never estimates more than at full speed, whatever the rate", () => {
  const models = Object.entries(RESOURCE_MODELS);
  const perMinute = [0, 0.001, 1, 60, 6_000, 1e6, 1e9, Infinity];
  for (const [type, model] of models) {
    const estimates = perMinute.map((rate) => estimateAt(model, rate));
    for (const name of ["cores", "heapMiB", "messagesPerMinute"] as const) {
      const figures = estimates.map((estimate) => estimate[name]);
      assert.deepEqual(figures, figures.toSorted((a, b) => a - b), type);
    }
    const { cores, heapMiB, messagesPerMinute } = estimates.at(-1)!;
    assert.equal(cores, model.fullSpeed.cores);
    assert.equal(heapMiB, model.fullSpeed.heapMiB);
    assert.equal(messagesPerMinute, model.fullSpeed.messagesPerMinute);
  }
});

Deno.test("AGENT_REGISTRY estimates no requests without a venue, and none that it cannot know with one", () => {
  const { estimate } = AGENT_REGISTRY.pattern_detector;
  assert.equal(estimate(agentConfig(), MARKET).apiCallsPerMinute, 0);
  const feed = {
    kind: "exchange",
    exchange: "binance",
    market: "spot",
  } as const;
  assert.equal(
    estimate(agentConfig({ feed }), MARKET).apiCallsPerMinute,
    null,
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
