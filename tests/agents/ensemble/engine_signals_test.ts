import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineSignals } from "../../../agents/ensemble/engine_signals.ts";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import type { AgentVitalsAnswer } from "../../../agents/queries.ts";
import { LINKS } from "../../../lib/contracts/links.ts";
import type {
  EnterSignal,
  Signal,
  SignalsTold,
} from "../../../lib/contracts/signal.ts";
import { randomWalk } from "../fixtures/candles.ts";
import {
  engineConfig,
  EngineRun,
  engineStart,
  SCRIPTED_WINDOW,
} from "../fixtures/engine_run.ts";
import { enterSignal } from "../signals/fixtures.ts";

const CANDLES = randomWalk({ seed: 31, count: WARM_UP_CANDLES + 200 });
const FIRST = WARM_UP_CANDLES - 1 + SCRIPTED_WINDOW - 1;
const SOURCE = LINKS.sourceOf("agt_source");
const LISTENER = LINKS.listenerOf("agt_listener");

/** An engine with a listener, over all candles; answers with what the listener was told. */
function tellAll(restartAt: ReadonlySet<number> = new Set()): {
  run: EngineRun;
  told: Signal[];
} {
  const run = new EngineRun(engineStart(engineConfig({ signalsOnly: true })));
  const told: Signal[] = [];
  let heardSeq = -1;
  const listen = () => {
    run.agent.linkOpened(LISTENER, null);
    const fromSeq = heardSeq + 1;
    hear(run.agent.receive(LISTENER, {
      type: "listen",
      fromSeq,
      windowCandles: 10_000,
    }));
  };
  const hear = (outputs: typeof run.outputs | readonly unknown[]) => {
    for (const output of outputs as typeof run.outputs) {
      if (output.to !== "link" || output.link !== LISTENER) continue;
      const message = output.message as SignalsTold;
      assert.equal(message.fromSeq, heardSeq + 1);
      heardSeq = message.toSeq;
      told.push(...message.signals);
    }
  };
  listen();
  for (const candle of CANDLES) {
    const from = run.outputs.length;
    run.feed([candle]);
    hear(run.outputs.slice(from));
    if (!restartAt.has(candle.seq)) continue;
    run.restart();
    listen();
  }
  assert.equal(heardSeq, CANDLES.at(-1)!.seq);
  return { run, told };
}

/** An engine that listens, with the signals that its source tells of each candle. */
function judgeAll(
  signalsOf: (seq: number) => EnterSignal[],
  { restartAt = new Set() }: { restartAt?: ReadonlySet<number> } = {},
): EngineRun {
  const config = engineConfig({ sources: ["agt_source"] });
  const run = new EngineRun(engineStart(config));
  run.take(run.agent.linkOpened(SOURCE, null));
  for (const candle of CANDLES) {
    const { seq } = candle;
    run.take(run.agent.receive(SOURCE, {
      type: "signals",
      fromSeq: seq,
      toSeq: seq,
      signals: signalsOf(seq),
    }));
    run.feed([candle]);
    if (!restartAt.has(seq)) continue;
    run.restart();
    run.take(run.agent.linkOpened(SOURCE, null));
  }
  return run;
}

/** A signal to one side with a plan around a close. */
function planned(side: EnterSignal["side"], seq: number): EnterSignal {
  const sign = side === "buy" ? 1 : -1;
  const { close } = CANDLES[seq]!;
  return enterSignal({
    seq,
    side,
    price: close,
    stopPrice: close * (1 - 0.02 * sign),
    targetPrice: close * (1 + 0.05 * sign),
  });
}

Deno.test("DecisionEngine that only reports tells its listeners each entry that it decides, and its end before the other side", () => {
  const { run, told } = tellAll();
  const decided = run.view.decisions.filter(({ outcome }) =>
    outcome === "signal"
  );
  assert(decided.length > 20, `${decided.length} signals`);
  const enters = told.filter((signal) => signal.kind === "enter");
  const remembered = enters.filter(({ seq }) =>
    seq >= run.view.decisions[0]!.seq
  );
  assert.deepEqual(
    remembered.map(({ seq, side, confidence }) => [seq, side, confidence]),
    decided.map(({ seq, bias, confidence }) => [
      seq,
      bias === 1 ? "buy" : "sell",
      confidence,
    ]),
  );
  let side: string | null = null;
  for (const signal of told) {
    assert(signal.seq >= FIRST);
    assert.equal(signal.price, CANDLES[signal.seq]!.close);
    if (signal.kind === "exit") {
      assert.equal(signal.side, side, "an exit ends the side that was told");
      side = null;
    } else {
      assert(side === null || side === signal.side);
      side = signal.side;
    }
  }
  assert(told.some(({ kind }) => kind === "exit"));
  assert.deepEqual(run.desk.intents, [], "what is told is not traded, too");
});

Deno.test("DecisionEngine tells the same signals whenever it restarts", () => {
  const straight = tellAll().told;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: CANDLES.length - 1 }), {
        maxLength: 4,
      }),
      (seqs) => assert.deepEqual(tellAll(new Set(seqs)).told, straight),
    ),
    { numRuns: 6 },
  );
});

Deno.test("DecisionEngine with a source enters what it signals and the models agree with, by the signal's plan", () => {
  const run = judgeAll((seq) =>
    seq % 3 === 0 ? [planned(seq % 2 === 0 ? "buy" : "sell", seq)] : []
  );
  assert(run.desk.intents.length > 5, `${run.desk.intents.length} intents`);
  for (const { seq, side, stopPrice, strategy, reasons } of run.desk.intents) {
    assert.equal(seq % 3, 0);
    const signal = planned(seq % 2 === 0 ? "buy" : "sell", seq);
    assert.equal(side, signal.side);
    assert.equal(stopPrice, signal.stopPrice);
    assert.equal(strategy, "breakout");
    assert.equal(reasons[0], "A test");
    assert.match(reasons[1]!, /^Models expect a (rise|fall) with/);
  }
  const skipped = run.view.decisions.map(({ skippedBecause }) =>
    skippedBecause
  );
  assert(skipped.includes("No source signals an entry"));
  assert(skipped.includes("The models expect the other side of the signal"));
});

Deno.test("DecisionEngine with a silent source enters nothing", () => {
  assert.deepEqual(judgeAll(() => []).desk.intents, []);
});

Deno.test("DecisionEngine judges the same signals alike whenever it restarts", () => {
  const signalsOf = (seq: number) => [
    planned(seq % 2 === 0 ? "buy" : "sell", seq),
  ];
  const straight = judgeAll(signalsOf).desk.intents;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: CANDLES.length - 1 }), {
        maxLength: 4,
      }),
      (seqs) =>
        assert.deepEqual(
          judgeAll(signalsOf, { restartAt: new Set(seqs) }).desk.intents,
          straight,
        ),
    ),
    { numRuns: 6 },
  );
});

Deno.test("DecisionEngine in lockstep waits for its source and says so", () => {
  const run = new EngineRun(
    engineStart(engineConfig({ sources: ["agt_source"] })),
  );
  run.take(run.agent.linkOpened(SOURCE, null));
  run.feed(CANDLES.slice(0, 1));
  assert.deepEqual(run.decided, []);
  const vitals = run.agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
  assert.deepEqual(vitals.waitsFor, ["agt_source"]);
  run.take(run.agent.receive(SOURCE, {
    type: "signals",
    fromSeq: 0,
    toSeq: 0,
    signals: [],
  }));
  assert.deepEqual(run.decided.map(({ seq }) => seq), [0]);
});

Deno.test("DecisionEngine on live prices waits for a source only while it is there", () => {
  const config = engineConfig({
    sources: ["agt_source"],
    feed: { kind: "exchange", exchange: "binance", market: "spot" },
  });
  const run = new EngineRun(engineStart(config));
  run.take(run.agent.linkOpened(SOURCE, null));
  run.feed(CANDLES.slice(0, 1));
  assert.deepEqual(run.decided, []);
  run.take(run.agent.linkClosed!(SOURCE));
  assert.deepEqual(run.decided.map(({ seq }) => seq), [0]);
  run.feed(CANDLES.slice(1, 3));
  assert.deepEqual(run.decided.map(({ seq }) => seq), [0, 1, 2]);
});

Deno.test("EngineSignals hands over an end that comes late, and no entry that does", () => {
  const init = engineStart(engineConfig({
    sources: ["agt_source"],
    feed: { kind: "exchange", exchange: "binance", market: "spot" },
  }));
  const signals = new EngineSignals(
    { init, isPaused: false },
    { decidedSeq: 4, snapshot: null },
  );
  signals.linkOpened(SOURCE);
  const { entry: _entry, stopPrice: _stop, targetPrice: _target, ...told } =
    enterSignal({ seq: 5 });
  const exit: Signal = { ...told, kind: "exit", signalId: "5.1" };
  signals.receive(SOURCE, {
    type: "signals",
    fromSeq: 5,
    toSeq: 6,
    signals: [enterSignal({ seq: 5 }), exit, enterSignal({ seq: 6 })],
  });
  const { enters, exits } = signals.take(6);
  assert.deepEqual(enters?.map(({ signalId }) => signalId), ["6.0"]);
  assert.deepEqual(exits.map(({ signalId }) => signalId), ["5.1"]);
});
