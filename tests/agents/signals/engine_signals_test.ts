import assert from "node:assert/strict";
import fc from "fast-check";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import type { AgentVitalsAnswer } from "../../../agents/queries.ts";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
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

const CANDLES = randomWalk({ seed: 31, count: WARM_UP_CANDLES + 200 });
const LAST = CANDLES.length - 1;

/** First candle that the models can be asked about. */
const FIRST = WARM_UP_CANDLES - 1 + SCRIPTED_WINDOW - 1;

const SOURCE = LINKS.sourceOf("agt_source");
const LISTENER = LINKS.listenerOf("agt_listener");

function start(config: Partial<AgentConfigInput>): EngineRun {
  return new EngineRun(engineStart(engineConfig(config)));
}

/** What a source would enter on candles. */
function wish(seq: number, side: "buy" | "sell"): EnterSignal {
  return {
    signalId: `${seq}.0`,
    seq,
    at: seq,
    price: 100,
    strategy: "orderBlock",
    confidence: null,
    reasons: [],
    kind: "enter",
    side,
    entry: { type: "market" },
    stopPrice: side === "buy" ? 90 : 110,
    targetPrice: null,
    expireAfterSeq: seq,
  };
}

function tellAll(run: EngineRun, signals: readonly Signal[]): void {
  const message: SignalsTold = {
    type: "signals",
    fromSeq: 0,
    toSeq: LAST,
    signals,
  };
  run.take(run.agent.receive(SOURCE, message));
}

/** A run with a source that wants one side on the candles where `isWanted`. */
function heard(
  side: "buy" | "sell",
  isWanted: (seq: number) => boolean,
): EngineRun {
  const run = start({ sources: ["agt_source"] });
  run.take(run.agent.linkOpened(SOURCE, null));
  const seqs = CANDLES.map(({ seq }) => seq).filter(isWanted);
  tellAll(run, seqs.map((seq) => wish(seq, side)));
  run.feed(CANDLES);
  return run;
}

function toldBy(run: EngineRun): readonly Signal[] {
  return run.outputs.flatMap((output) =>
    output.to === "link" && output.link === LISTENER
      ? (output.message as SignalsTold).signals
      : []
  );
}

function listen(run: EngineRun, fromSeq: number): void {
  run.take(run.agent.linkOpened(LISTENER, null));
  run.take(run.agent.receive(LISTENER, {
    type: "listen",
    fromSeq,
    windowCandles: CANDLES.length,
  }));
}

Deno.test("a decision engine with sources enters only where one of them wants the same side", () => {
  const alone = start({});
  alone.feed(CANDLES);
  const sides = new Set(alone.desk.intents.map(({ side }) => side));
  assert.deepEqual([...sides].toSorted(), ["buy", "sell"]);
  const run = heard("buy", (seq) => seq % 3 === 0);
  assert.ok(run.desk.intents.length > 0);
  for (const { side, seq } of run.desk.intents) {
    assert.equal(side, "buy");
    assert.equal(seq % 3, 0, "a wish that has expired counts no more");
  }
  const skipped = run.view.decisions.filter(({ outcome }) =>
    outcome === "skipped"
  );
  assert.ok(
    skipped.some(({ skippedBecause }) =>
      skippedBecause === "No source would sell now"
    ),
  );
});

Deno.test("in lockstep a decision engine waits for its sources, says for whom, and then decides the same", () => {
  const expected = heard("sell", () => true);
  const run = start({ sources: ["agt_source"] });
  run.take(run.agent.linkOpened(SOURCE, null));
  run.sendCandle(CANDLES[0]!);
  run.take(run.agent.receive("desk", run.desk.step(CANDLES[0]!)));
  assert.equal(run.decided.length, 0);
  const vitals = run.agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
  assert.deepEqual(vitals.waitsFor, ["agt_source"]);
  tellAll(run, CANDLES.map(({ seq }) => wish(seq, "sell")));
  run.feed(CANDLES.slice(1));
  assert.deepEqual(run.decided, expected.decided);
});

Deno.test("a decision engine that only reports tells its entries with the barriers of its models, and the end of the other side", () => {
  const run = start({ signalsOnly: true });
  listen(run, 0);
  run.feed(CANDLES);
  assert.equal(run.desk.intents.length, 0);
  const told = toldBy(run);
  const enters = told.filter((signal) => signal.kind === "enter");
  assert.ok(enters.length > 10);
  for (const [place, signal] of told.entries()) {
    assert.ok(signal.seq >= FIRST);
    const before = told[place - 1];
    if (signal.kind === "exit") {
      assert.equal(signal.side, before?.side);
      continue;
    }
    const close = CANDLES[signal.seq]!.close;
    const ratio = (signal.targetPrice! - close) / (close - signal.stopPrice);
    assert.ok(Math.abs(ratio - 2) < 1e-9);
    assert.ok(signal.confidence! >= 0.4 && signal.confidence! <= 1);
    if (before?.kind === "enter") assert.equal(before.side, signal.side);
  }
});

Deno.test("signals of a decision engine are the same, each once, wherever it is started again", () => {
  const straight = start({ signalsOnly: true });
  listen(straight, 0);
  straight.feed(CANDLES);
  const expected = toldBy(straight);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: LAST - 1 }), (cut) => {
      const run = start({ signalsOnly: true });
      listen(run, 0);
      run.feed(CANDLES.slice(0, cut));
      run.restart();
      listen(run, cut);
      run.feed(CANDLES.slice(cut));
      assert.deepEqual(toldBy(run), expected);
    }),
    { numRuns: 8, examples: [[FIRST], [FIRST + 40]] },
  );
});
