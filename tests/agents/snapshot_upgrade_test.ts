import assert from "node:assert/strict";
import { behaviorProgram } from "../../actors/cell/behavior_program.ts";
import { patternDetector } from "../../agents/mod.ts";
import { packCandles } from "../../agents/market/candle_batch.ts";
import { upgradeSnapshot } from "../../agents/snapshot_upgrade.ts";
import type { PatternDetectorSnapshot } from "../../agents/pattern_detector.ts";
import { DetectorSet } from "../../agents/smc/detector_set.ts";
import type { AgentChart } from "../../lib/contracts/chart.ts";
import { agentConfig } from "./fixtures/agent_run.ts";
import { randomWalk } from "./fixtures/candles.ts";

const COUNT = 700;

/** A snapshot as version 1 wrote it: no log, no internal structure, events beside the detectors. */
function firstSnapshot() {
  const config = agentConfig();
  const detectors = new DetectorSet(config.detector);
  const batch = packCandles(randomWalk({ seed: 4, count: COUNT }));
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
  }
  const { internalSwingLength: _, ...detector } = config.detector;
  return {
    detectors,
    state: {
      config: { ...config, detector },
      startSeq: 0,
      decidedSeq: COUNT - 1,
      lastActions: [],
      endedSeq: null,
      detectors: { series: detectors.series.snapshot(), gaps: {}, swings: {} },
      entries: { orderBlock: null, fvg: null },
      patterns: { code: new Uint8Array(0) },
      news: { decisions: [], lastDecision: null },
    },
  };
}

Deno.test("upgradeSnapshot() gives a version 1 the detectors of today over its candles", () => {
  const { detectors, state } = firstSnapshot();
  const upgraded = structuredClone(
    upgradeSnapshot(structuredClone(state)),
  ) as PatternDetectorSnapshot;
  assert.equal(upgraded.config.detector.internalSwingLength, 3);
  assert.deepEqual(upgraded.detectors, detectors.snapshot());
});

Deno.test("patternDetector starts from a snapshot of version 1 and shows its chart", () => {
  const { state } = firstSnapshot();
  const program = behaviorProgram(patternDetector);
  const handlers = program.start({
    actorId: "a1",
    config: {
      agentId: "a1",
      config: agentConfig(),
      startSeq: 0,
      tradeFromSeq: 0,
    },
    snapshot: { behavior: patternDetector.name, version: 1, state },
  } as never) as { ask(query: unknown): unknown };
  const chart = handlers.ask({
    type: "chart",
    afterSeq: -1,
    limit: 10,
  }) as AgentChart;
  assert.equal(chart.candles.at(-1)!.seq, COUNT - 1);
  assert.ok(chart.overlays.zones.length > 0);
});
