import assert from "node:assert/strict";
import type { Behavior, BehaviorInstance } from "../../../actors/behavior.ts";
import type { ActorRuntime } from "../../../actors/program.ts";
import { behaviorProgram } from "../../../actors/cell/behavior_program.ts";
import {
  recordBehavior,
  type RecordedTurn,
  repeatInput,
} from "../../../actors/recorded_behavior.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { executor } from "../../../agents/executor.ts";
import { toBatch } from "../../lib/desk/batch.ts";
import { candle } from "../../lib/desk/support.ts";
import { enterSignal } from "../signals/fixtures.ts";
import { executorConfig } from "./executor_run.ts";

Deno.test("A recorded executor repeats bit for bit, with stamps, closed links and snapshots", async () => {
  const turns: RecordedTurn[] = [];
  const sent: { link: string; message: unknown }[] = [];
  const recorded = recordBehavior(
    executor,
    (turn) => turns.push(structuredClone(turn)),
  );
  let nowMs = 1_000;
  const runtime: ActorRuntime = {
    actorId: "agt_1",
    epoch: 1,
    config: executorConfig(),
    snapshot: null,
    clock: { ...createSimulatedClock(), preciseMs: () => nowMs += 0.25 },
    send: (link, message) => void sent.push({ link, message }),
    credits: () => 64,
    report: () => {},
  };
  const handlers = await behaviorProgram(recorded).start(runtime);
  for (const link of ["feed", "desk", "source:s1"]) {
    handlers.linkOpened!(link, null);
  }
  for (let seq = 0; seq < 6; seq++) {
    void handlers.receive("feed", toBatch([candle(seq, { close: 100 })]));
    void handlers.receive("desk", {
      type: "stepped",
      seq,
      events: [],
      equity: "10000",
      hasPosition: false,
      tradingState: "active",
    });
    void handlers.receive("source:s1", {
      type: "signals",
      fromSeq: seq,
      toSeq: seq,
      signals: seq === 2 ? [enterSignal({ seq })] : [],
      sentAtMs: nowMs,
    });
    handlers.snapshot!();
  }
  handlers.linkClosed!("source:s1");
  handlers.linkOpened!("source:s1", null);
  const decided = sent.find(({ message }) =>
    JSON.stringify(message).includes("submit")
  );
  assert.ok((decided!.message as { sentAtMs: number }).sentAtMs > 1_000);
  assert.deepEqual(
    new Set(turns.map(({ input }) => input.type)),
    new Set(["start", "link", "message", "snapshot", "closed"]),
  );
  let instance: BehaviorInstance<unknown, unknown> | null = null;
  for (const { input, outputs } of turns) {
    const repeated: ReturnType<typeof repeatInput<unknown, unknown>> =
      repeatInput(executor as Behavior, instance, input);
    instance = repeated.instance;
    assert.deepEqual(repeated.outputs, outputs);
  }
});
