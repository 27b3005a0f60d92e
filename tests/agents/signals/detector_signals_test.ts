import assert from "node:assert/strict";
import type { Output } from "../../../actors/behavior.ts";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
import type { Signal, SignalsTold } from "../../../lib/contracts/signal.ts";
import { agentConfig, AgentRun, startConfig } from "../fixtures/agent_run.ts";
import { randomWalk } from "../fixtures/candles.ts";

const CANDLES = randomWalk({ seed: 31, count: 1_500 });

const STRATEGIES = {
  breakout: { enabled: true, volumeRatio: 0 },
  meanReversion: { enabled: true },
} as const;

function detectorRun(
  fields: Partial<AgentConfigInput> = {},
  tradeFromSeq = 0,
): AgentRun {
  return new AgentRun(startConfig({
    config: agentConfig({
      signalsOnly: true,
      strategies: STRATEGIES,
      ...fields,
    }),
    tradeFromSeq,
  }));
}

/** What a listener is told that asks for everything. */
function heard(run: AgentRun, windowCandles = 1_000_000): Signal[] {
  const outputs = run.agent.receive("listener:l1", {
    type: "listen",
    fromSeq: 0,
    windowCandles,
  });
  return signalsOf(outputs);
}

function signalsOf(outputs: readonly Output[]): Signal[] {
  return outputs.flatMap((output) =>
    output.to === "link" && output.link.startsWith("listener:")
      ? [...(output.message as SignalsTold).signals]
      : []
  );
}

Deno.test("PatternDetector that only reports signals its setups, each with prices that protect", () => {
  const run = detectorRun();
  run.feed(CANDLES);
  const signals = heard(run);
  assert.ok(signals.length > 10, `${signals.length}`);
  assert.equal(
    new Set(signals.map((each) => each.signalId)).size,
    signals.length,
  );
  const kinds = new Set<string>();
  for (const signal of signals) {
    assert.ok(signal.kind === "enter");
    const { side, entry, stopPrice, targetPrice, price, seq } = signal;
    const sign = side === "buy" ? 1 : -1;
    const at = entry.type === "limit" ? entry.price : price;
    assert.ok(sign * (at - stopPrice) > 0);
    assert.ok(sign * (targetPrice! - at) > 0);
    assert.equal(price, CANDLES[seq]!.close);
    assert.ok(signal.expireAfterSeq! > seq);
    assert.ok(signal.reasons.length > 0);
    kinds.add(entry.type);
  }
  assert.deepEqual([...kinds].sort(), ["limit", "market"]);
  assert.equal(run.desk.intents.length, 0);
});

Deno.test("PatternDetector that trades, warms up or is paused signals nothing, and two legs neither", () => {
  const trading = detectorRun({ signalsOnly: false });
  const warming = detectorRun({}, CANDLES.length);
  const paused = detectorRun();
  paused.agent.pause();
  for (const run of [trading, warming, paused]) {
    run.feed(CANDLES);
    assert.deepEqual(heard(run), []);
  }
});

Deno.test("PatternDetector tells a listener candle by candle, before its decision, and goes on from a snapshot", () => {
  const straight = detectorRun();
  straight.feed(CANDLES);
  const run = detectorRun();
  const told: Signal[] = [];
  let fromSeq = 0;
  for (const until of [400, 900, CANDLES.length]) {
    told.push(...signalsOf(run.agent.receive("listener:l1", {
      type: "listen",
      fromSeq,
      windowCandles: 10_000,
    })));
    const before = run.outputs.length;
    run.feed(CANDLES.slice(fromSeq, until));
    const outputs = run.outputs.slice(before);
    told.push(...signalsOf(outputs));
    const links = outputs.flatMap((output) =>
      output.to === "link" && output.link !== "feed" ? [output.link] : []
    );
    assert.deepEqual(links.slice(0, 2), ["listener:l1", "desk"]);
    fromSeq = until;
    run.restart();
  }
  assert.deepEqual(told, heard(straight));
});

Deno.test("PatternDetector without signals or listeners has none in its snapshot", () => {
  const run = detectorRun({ signalsOnly: false });
  run.feed(CANDLES.slice(0, 300));
  assert.equal("signals" in run.agent.snapshot(), false);
});
