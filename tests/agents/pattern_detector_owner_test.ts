/** What the owner asks of a pattern detector: charts, vitals, configuration. */
import assert from "node:assert/strict";
import type { AgentVitalsAnswer } from "../../agents/queries.ts";
import type { AgentChart } from "../../lib/contracts/chart.ts";
import { DefectError } from "../../lib/core/assert.ts";

import { agentConfig, AgentRun, startConfig } from "./fixtures/agent_run.ts";
import { randomWalk } from "./fixtures/candles.ts";

const CANDLES = randomWalk({ seed: 31, count: 3000 });

function vitals(run: AgentRun): AgentVitalsAnswer {
  return run.agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
}

function chart(run: AgentRun, afterSeq = -1, limit = 600): AgentChart {
  return run.agent.inspect({ type: "chart", afterSeq, limit }) as AgentChart;
}

Deno.test("PatternDetector answers a chart within its bounds", () => {
  const run = new AgentRun();
  run.feed(CANDLES);
  assert.deepEqual(chart(run, -1, 5000).candles, CANDLES.slice(-600));
  assert.deepEqual(chart(run, -1, 50).candles, CANDLES.slice(-50));
  assert.deepEqual(chart(run, 2995, 50).candles, CANDLES.slice(2996));
  assert.deepEqual(chart(run, 2999, 50).candles, []);
  assert.ok(chart(run).overlays.zones.length > 0);
});

Deno.test("PatternDetector answers vitals before and after the end of its feed", () => {
  const run = new AgentRun();
  assert.deepEqual(vitals(run), {
    decidedSeq: -1,
    ended: false,
    lastCandle: null,
    lastDecision: null,
    lastPattern: null,
  });
  run.feed(CANDLES.slice(0, 999));
  run.agent.receive("feed", { type: "ended", lastSeq: 999 });
  assert.equal(vitals(run).ended, false);
  run.feed(CANDLES.slice(999, 1000));
  const last = vitals(run);
  assert.deepEqual([last.decidedSeq, last.ended], [999, true]);
  assert.deepEqual(last.lastCandle, CANDLES[999]);
  assert.match(last.lastPattern!, /^(Bullish|Bearish) /);
});

Deno.test("PatternDetector refuses unknown links, messages and questions", () => {
  const { agent } = new AgentRun();
  assert.throws(() => agent.receive("elsewhere", {}), DefectError);
  assert.throws(() => agent.receive("feed", { type: "huh" }), DefectError);
  assert.throws(() => agent.receive("desk", { type: "huh" }), DefectError);
  assert.throws(() => agent.inspect({ type: "huh" }), DefectError);
});

Deno.test("PatternDetector applies strategy and risk changes and restarts for the rest", () => {
  const { agent } = new AgentRun();
  const effectOf = (fields: Parameters<typeof agentConfig>[0]) =>
    agent.configure(startConfig({ config: agentConfig(fields) }));
  const risk = { ...agentConfig().risk, riskPerTradePct: 1 };
  assert.equal(effectOf({ risk }), "applied");
  assert.equal(
    effectOf({ strategies: { fvg: { enabled: false } } }),
    "applied",
  );
  assert.equal(effectOf({ name: "Other name" }), "applied");
  assert.equal(effectOf({ signalsOnly: true }), "applied");
  assert.equal(effectOf({ record: true }), "needs_restart");
  assert.equal(effectOf({ detector: { swingLength: 9 } }), "needs_restart");
  assert.equal(effectOf({ symbol: "ETH/USDT" }), "needs_restart");
  assert.equal(effectOf({ timeframe: "5m" }), "needs_restart");
  assert.equal(
    effectOf({ feed: { kind: "replay", file: "a.csv" } }),
    "needs_restart",
  );
});

Deno.test("PatternDetector uses a new risk per trade from the next decision on", () => {
  const run = new AgentRun();
  run.feed(CANDLES.slice(0, 1500));
  const risk = { ...agentConfig().risk, riskPerTradePct: 1 };
  run.agent.configure(startConfig({ config: agentConfig({ risk }) }));
  run.feed(CANDLES.slice(1500));
  for (const intent of run.desk.intents) {
    assert.equal(intent.riskPct, intent.seq < 1500 ? 0.25 : 1);
  }
});

Deno.test("PatternDetector restarted with other detector settings goes on at its candle", () => {
  const run = new AgentRun();
  run.feed(CANDLES.slice(0, 1500));
  const config = agentConfig({ detector: { swingLength: 9 } });
  run.restart(startConfig({ config }));
  assert.equal(vitals(run).decidedSeq, 1499);
  run.feed(CANDLES.slice(1500));
  assert.deepEqual(run.decided, CANDLES.map((candle) => candle.seq));
});

Deno.test("PatternDetector restarted on another market starts afresh", () => {
  const run = new AgentRun();
  run.feed(CANDLES.slice(0, 1500));
  run.restart(startConfig({ config: agentConfig({ symbol: "ETH/USDT" }) }));
  assert.equal(vitals(run).decidedSeq, -1);
});
