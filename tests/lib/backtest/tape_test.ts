import assert from "node:assert/strict";
import type { AgentBehavior } from "../../../lib/backtest/engine.ts";
import { runBacktest } from "../../../lib/backtest/engine.ts";
import { observed } from "../../../lib/backtest/service/observed.ts";
import { recordTape } from "../../../lib/backtest/service/tape.ts";
import { behavior, fixture, testConfig } from "./setup.ts";

Deno.test("Tape gives the chart that the agent itself had at any candle, whatever snapshot it starts from", async () => {
  const candles = await fixture();
  const config = testConfig();
  const tape = await recordTape({ candles, config, behavior });
  const query = { type: "chart", afterSeq: -1, limit: 300 };
  const looked = [0, 57, 199, 200, 201, 1_024, 1_999, 2_999];
  const seen = new Map<number, unknown>();
  const watching: AgentBehavior = observed(behavior, ({ stepped, agent }) => {
    const { seq } = stepped;
    if (!looked.includes(seq)) return;
    const question = { ...query, afterSeq: Math.max(-1, seq - 300) };
    seen.set(seq, structuredClone(agent.inspect(question)));
  });
  await runBacktest({ candles, config, behavior: watching });
  for (const seq of [...looked, ...looked.toReversed()]) {
    assert.deepEqual(tape.lookAt(seq).chart, seen.get(seq), `candle ${seq}`);
  }
});

Deno.test("Tape tells of each candle what came in, what was decided and what the desk answered", async () => {
  const candles = await fixture();
  const tape = await recordTape({ candles, config: testConfig(), behavior });
  const steps = tape.eventsBetween(-1, tape.total - 1, Infinity);
  assert.ok(steps.length > 100);
  for (const step of steps) {
    const asked = step.decided.filter(({ kind }) => kind === "submit");
    // Every order that was asked for is answered, unless the run ends before.
    if (step.seq < tape.total - 1 && asked.length > 0) {
      assert.ok(step.answered.length >= asked.length, `candle ${step.seq}`);
    }
    assert.ok(step.told.length + step.decided.length > 0);
  }
  const trades = tape.tradesUpTo(tape.total - 1, Infinity);
  const half = tape.tradesUpTo(1_499, Infinity);
  assert.ok(half.length > 0 && half.length < trades.length);
  assert.ok(half.every(({ exitSeq }) => exitSeq <= 1_499));
  const { nextSeq, previousSeq } = tape.neighbours(steps[3]!.seq);
  assert.deepEqual([previousSeq, nextSeq], [steps[2]!.seq, steps[4]!.seq]);
});
