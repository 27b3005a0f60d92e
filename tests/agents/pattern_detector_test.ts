import assert from "node:assert/strict";
import type { AgentVitalsAnswer } from "../../agents/queries.ts";
import fc from "fast-check";
import type { AgentChart } from "../../lib/contracts/chart.ts";
import { createRng } from "../../lib/core/rng.ts";
import { packCandles } from "../../agents/market/candle_batch.ts";
import { patternDetector } from "../../agents/pattern_detector.ts";
import { CANDLES_WINDOW } from "../../agents/step_sequencer.ts";
import { agentConfig, AgentRun, startConfig } from "./fixtures/agent_run.ts";
import { randomWalk } from "./fixtures/candles.ts";

const CANDLES = randomWalk({ seed: 31, count: 3000 });

function vitals(run: AgentRun): AgentVitalsAnswer {
  return run.agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
}

function chart(run: AgentRun, afterSeq = -1, limit = 600): AgentChart {
  return run.agent.inspect({ type: "chart", afterSeq, limit }) as AgentChart;
}

Deno.test("PatternDetector subscribes and attaches where it left off", () => {
  const start = (startSeq: number) =>
    patternDetector.start({
      actorId: "a",
      config: startConfig({ startSeq }),
      snapshot: null,
    });
  assert.deepEqual(start(0).linkOpened("feed", null), [
    {
      to: "link",
      link: "feed",
      message: { type: "subscribe", fromSeq: 0, windowCandles: CANDLES_WINDOW },
    },
  ]);
  assert.deepEqual(start(0).linkOpened("desk", null), [
    { to: "link", link: "desk", message: { type: "attached", decidedSeq: -1 } },
  ]);
  assert.deepEqual(start(500).linkOpened("feed", null), [
    {
      to: "link",
      link: "feed",
      message: {
        type: "subscribe",
        fromSeq: 500,
        windowCandles: CANDLES_WINDOW,
      },
    },
  ]);
  assert.deepEqual(start(0).linkOpened("elsewhere", null), []);
});

Deno.test("PatternDetector sends exactly one decision per candle and trades", () => {
  const run = new AgentRun();
  run.feed(CANDLES);
  assert.deepEqual(run.decided, CANDLES.map((candle) => candle.seq));
  assert.ok(run.desk.fills > 5, `${run.desk.fills} fills`);
  assert.ok(run.desk.closes > 5);
  assert.equal(
    new Set(run.desk.intents.map((i) => i.intentId)).size,
    run.desk.intents.length,
  );
});

Deno.test("PatternDetector tells its feed what it consumed, before the window is used up", () => {
  const run = new AgentRun();
  run.feed(CANDLES.slice(0, 1000));
  const consumed = run.outputs.flatMap((output) =>
    output.to === "link" && output.link === "feed"
      ? [(output.message as { seq: number }).seq]
      : []
  );
  assert.ok(consumed.length > 1);
  let last = -1;
  for (const seq of consumed) {
    assert.ok(seq > last && seq - last <= CANDLES_WINDOW / 2);
    last = seq;
  }
});

Deno.test("PatternDetector plans prices that protect every entry", () => {
  const run = new AgentRun();
  run.feed(CANDLES);
  for (const intent of run.desk.intents) {
    const sign = intent.side === "buy" ? 1 : -1;
    assert.equal(intent.entry.type, "limit");
    const entry = intent.entry.type === "limit" ? intent.entry.price : NaN;
    assert.ok(sign * (entry - intent.stopPrice) > 0);
    assert.ok(sign * (intent.targetPrice! - entry) > 0);
    assert.equal(intent.riskPct, 0.25);
    assert.ok(intent.expireAfterSeq! > intent.seq);
    assert.ok(intent.reasons.length > 0);
  }
});

Deno.test("PatternDetector goes on from snapshots bit for bit", () => {
  const straight = new AgentRun();
  straight.feed(CANDLES);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const rng = createRng(seed);
      const run = new AgentRun();
      for (let from = 0; from < CANDLES.length;) {
        const to = from + 1 + Math.floor(rng.next() * 400);
        run.feed(CANDLES.slice(from, to));
        run.restart();
        from = to;
      }
      assert.deepEqual(run.outputs, straight.outputs);
      assert.deepEqual(run.agent.snapshot(), straight.agent.snapshot());
      assert.deepEqual(chart(run), chart(straight));
      assert.deepEqual(vitals(run), vitals(straight));
    }),
    { numRuns: 8 },
  );
});

Deno.test("PatternDetector decides the same when the feed runs ahead of the desk", () => {
  const straight = new AgentRun();
  straight.feed(CANDLES);
  const ahead = new AgentRun();
  for (let from = 0; from < CANDLES.length; from += 100) {
    const part = CANDLES.slice(from, from + 100);
    ahead.agent.receive("feed", { type: "candles", ...packCandles(part) });
    for (const candle of part) ahead.sendStep(ahead.desk.step(candle));
  }
  assert.deepEqual(ahead.outputs, straight.outputs);
});

Deno.test("PatternDetector reports at most once per candle and never without news", () => {
  const run = new AgentRun();
  run.feed(CANDLES);
  let reportsSinceDecision = 1;
  for (const output of run.outputs) {
    reportsSinceDecision = output.to === "link" ? 0 : reportsSinceDecision + 1;
    assert.ok(reportsSinceDecision <= 1);
  }
  assert.ok(run.reports.every((report) => report.logs.length > 0));
  const levels = new Set(
    run.logs.map((line) => `${line.level}/${line.category}`),
  );
  assert.deepEqual([...levels].sort(), [
    "debug/market",
    "info/decision",
    "trade/trade",
  ]);
});

Deno.test("PatternDetector opens nothing and tells nothing before tradeFromSeq", () => {
  const run = new AgentRun(startConfig({ tradeFromSeq: 1500 }));
  run.feed(CANDLES.slice(0, 1500));
  assert.equal(run.desk.intents.length, 0);
  assert.equal(run.reports.length, 0);
  assert.equal(run.decided.length, 1500);
  run.feed(CANDLES.slice(1500));
  assert.ok(run.desk.intents.length > 0);
  assert.ok(run.desk.intents.every((intent) => intent.seq >= 1500));
});

Deno.test("PatternDetector withdraws its entry when paused and opens nothing until resumed", () => {
  const run = new AgentRun();
  let at = 0;
  while (run.desk.resting === null) run.feed([CANDLES[at++]!]);
  assert.deepEqual(run.agent.pause(), []);
  const before = run.desk.intents.length;
  run.feed(CANDLES.slice(at, at + 500));
  assert.equal(run.desk.resting, null);
  assert.equal(run.desk.intents.length, before);
  run.agent.resume();
  run.feed(CANDLES.slice(at + 500));
  assert.ok(run.desk.intents.length > before);
});

Deno.test("PatternDetector leaves a position alone while paused", () => {
  const run = new AgentRun();
  let at = 0;
  while (run.desk.position === null) run.feed([CANDLES[at++]!]);
  run.agent.pause();
  run.feed(CANDLES.slice(at, at + 1));
  const actions = run.outputs.flatMap((output) =>
    output.to === "link"
      ? [
        ...((output.message as { actions?: { kind: string }[] }).actions ?? []),
      ]
      : []
  );
  assert.ok(actions.every((action) => action.kind !== "close"));
});

Deno.test("PatternDetector opens nothing while trading is reduced or halted", () => {
  for (const tradingState of ["reducing", "halted"] as const) {
    const run = new AgentRun();
    run.desk.tradingState = tradingState;
    run.feed(CANDLES.slice(0, 1500));
    assert.equal(run.desk.intents.length, 0);
  }
});

Deno.test("PatternDetector with signalsOnly decides without actions and tells its signals", () => {
  const config = agentConfig({ signalsOnly: true });
  const run = new AgentRun(startConfig({ config }));
  run.feed(CANDLES);
  assert.equal(run.decided.length, CANDLES.length);
  assert.equal(run.desk.intents.length, 0);
  const signals = run.logs.filter((line) => line.category === "decision");
  assert.ok(signals.length > 0);
  assert.ok(signals.every((line) => line.message.startsWith("Signal only: ")));
  assert.match(vitals(run).lastDecision!, /^Signal only: /);
  assert.deepEqual(chart(run).decisions, []);
});

Deno.test("PatternDetector keeps what became of its decisions", () => {
  const run = new AgentRun();
  run.feed(CANDLES.slice(0, 200));
  run.desk.denied.add("none");
  run.feed(CANDLES.slice(200));
  const { decisions } = chart(run);
  assert.ok(decisions.length > 5 && decisions.length <= 100);
  const outcomes = new Set(decisions.map((decision) => decision.outcome));
  assert.ok(outcomes.has("filled") && outcomes.has("canceled"));
  for (const decision of decisions) {
    assert.equal(decision.at, CANDLES[decision.seq]!.openAt);
    if (decision.outcome === "canceled") assert.ok(decision.detail);
  }
});

Deno.test("PatternDetector tells a denial once and drops the setup", () => {
  const probe = new AgentRun();
  probe.feed(CANDLES);
  const first = probe.desk.intents[0]!;
  const run = new AgentRun();
  run.desk.denied.add(first.intentId);
  run.feed(CANDLES);
  const denials = run.logs.filter((line) => line.category === "risk");
  assert.deepEqual(denials.map((line) => [line.level, line.message]), [
    ["warning", "Order denied: The margin is 11000, the free capital 10000"],
  ]);
  const decision = chart(run, -1, 1);
  assert.equal(decision.candles.length, 1);
});

Deno.test("PatternDetector tells a desk that it attaches to anew its last decision again", () => {
  const run = new AgentRun();
  run.feed(CANDLES.slice(0, 50));
  // The message may have been under way when the desk or the link ended.
  const attached = [
    { to: "link", link: "desk", message: { type: "attached", decidedSeq: 48 } },
    {
      to: "link",
      link: "desk",
      message: { type: "decided", seq: 49, actions: [] },
    },
  ];
  assert.deepEqual(run.agent.linkOpened("desk", null), attached);
  const again = patternDetector.start({
    actorId: "a",
    config: startConfig({ startSeq: 0 }),
    snapshot: structuredClone(run.agent.snapshot()),
  });
  assert.deepEqual(again.linkOpened("desk", null), attached);
});
