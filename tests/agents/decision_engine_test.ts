import assert from "node:assert/strict";
import fc from "fast-check";
import { WARM_UP_CANDLES } from "../../agents/decision/limits.ts";
import type { AgentVitalsAnswer } from "../../agents/queries.ts";
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { LINKS } from "../../lib/contracts/links.ts";
import { createRng } from "../../lib/core/rng.ts";
import { randomWalk } from "./fixtures/candles.ts";
import {
  engineConfig,
  EngineRun,
  engineStart,
  SCRIPTED,
  SCRIPTED_WINDOW,
} from "./fixtures/engine_run.ts";
import { featureRows } from "./fixtures/feature_rows.ts";

const CANDLES = randomWalk({ seed: 31, count: WARM_UP_CANDLES + 300 });

/** First candle that the models can be asked about. */
const FIRST = WARM_UP_CANDLES - 1 + SCRIPTED_WINDOW - 1;

function runWhole(config: Partial<AgentConfigInput> = {}): EngineRun {
  const run = new EngineRun(engineStart(engineConfig(config)));
  run.feed(CANDLES);
  return run;
}

Deno.test("DecisionEngine decides every candle once, enters and exits by the votes", () => {
  const run = runWhole();
  assert.deepEqual(
    run.decided.map(({ seq }) => seq),
    CANDLES.map((c) => c.seq),
  );
  assert(run.desk.fills > 10, `${run.desk.fills} fills`);
  const exits = run.desk.exits.map((reason) => reason.replace(/\d+/, "N"));
  assert(exits.includes("The models turned down with N %"));
  assert(exits.includes("Held for N candles"));
  for (const intent of run.desk.intents) {
    const sign = intent.side === "buy" ? 1 : -1;
    const close = CANDLES[intent.seq]!.close;
    assert.equal(intent.entry.type, "market");
    assert(sign * (close - intent.stopPrice) > 0);
    // Presets of the fixture: target 6 ATR, stop 3 ATR.
    const ratio = (intent.targetPrice! - close) / (close - intent.stopPrice);
    assert(Math.abs(ratio - 2) < 1e-9);
    assert.equal(intent.riskPct, 0.25);
    assert.match(
      intent.reasons[0]!,
      /^Models expect a (rise|fall) with \d+ %: alpha \d+ %, beta \d+ %, gamma \d+ %$/,
    );
    assert.match(intent.reasons.at(-1)!, /^Most unusual inputs: \w+ [−+]\d/);
  }
});

Deno.test("DecisionEngine asks with the rows of the export, bit for bit, and only when its window is full", () => {
  const run = runWhole();
  const { first, bits } = featureRows(CANDLES);
  assert.equal(run.worker.requests[0]!.seq, FIRST);
  assert.equal(run.worker.requests.length, CANDLES.length - FIRST);
  for (const { seq, rows } of run.worker.requests) {
    const width = rows.length / SCRIPTED_WINDOW;
    const end = (seq - first + 1) * width;
    assert.deepEqual(
      new Uint32Array(rows.buffer, rows.byteOffset, rows.length),
      bits.slice(end - rows.length, end),
    );
  }
});

Deno.test("DecisionEngine decides the past alike whatever the future holds", () => {
  const straight = runWhole();
  fc.assert(
    fc.property(
      fc.integer({ min: FIRST, max: CANDLES.length - 1 }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      (cut, factor) => {
        const run = new EngineRun();
        run.feed(CANDLES.map((candle) =>
          candle.seq <= cut ? candle : {
            ...candle,
            open: candle.open * factor,
            high: candle.high * factor,
            low: candle.low * factor,
            close: candle.close * factor,
            volume: candle.volume * factor,
          }
        ));
        assert.deepEqual(
          run.decided.slice(0, cut + 1),
          straight.decided.slice(0, cut + 1),
        );
        assert.deepEqual(
          run.worker.requests.filter(({ seq }) => seq <= cut),
          straight.worker.requests.filter(({ seq }) => seq <= cut),
        );
      },
    ),
    { numRuns: 10 },
  );
});

Deno.test("DecisionEngine goes on from a snapshot of any moment with equal decisions", () => {
  const straight = runWhole();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const rng = createRng(seed);
      const run = new EngineRun();
      for (const candle of CANDLES) {
        const moment = rng.next() < 0.05 ? Math.floor(rng.next() * 3) : -1;
        if (moment === 0) run.restart();
        run.sendCandle(candle);
        if (moment === 1) {
          run.restart();
          run.sendCandle(candle);
        }
        run.isHeld = moment === 2;
        const step = run.desk.step(candle);
        run.take(run.agent.receive("desk", step));
        if (moment === 2) {
          // Votes are asked for and not here: the candle is asked about again.
          run.isHeld = false;
          if (run.decided.at(-1)?.seq !== candle.seq) {
            run.restart();
            run.sendCandle(candle);
            run.take(run.agent.receive("desk", step));
          }
        }
      }
      assert.deepEqual(run.decided, straight.decided);
      assert.deepEqual(run.agent.snapshot(), straight.agent.snapshot());
      assert.deepEqual(run.view, straight.view);
    }),
    { numRuns: 8 },
  );
});

Deno.test("DecisionEngine waits for its models and for their votes, however long they take", () => {
  const straight = runWhole();
  const run = new EngineRun();
  run.isHeld = true;
  run.openWorker(2);
  for (const candle of CANDLES) {
    run.isHeld = true;
    run.sendCandle(candle);
    run.take(run.agent.receive("desk", run.desk.step(candle)));
    assert(run.decided.at(-1)?.seq !== candle.seq || candle.seq < FIRST);
    run.release();
    assert.equal(run.decided.at(-1)!.seq, candle.seq);
  }
  assert.deepEqual(run.decided, straight.decided);
});

Deno.test("DecisionEngine asks no model about the history before it may trade", () => {
  const run = new EngineRun(
    engineStart(engineConfig(), { tradeFromSeq: FIRST + 50 }),
  );
  run.feed(CANDLES);
  assert.equal(run.worker.requests[0]!.seq, FIRST + 50);
  assert.equal(run.view.decisions[0]!.seq >= FIRST + 50, true);
});

Deno.test("DecisionEngine tells how long its features warm up", () => {
  const run = new EngineRun();
  run.feed(CANDLES.slice(0, FIRST - 2));
  assert.deepEqual(run.view.decisions.at(-1)!.abstention, {
    code: "warming_up",
    reason: "Features warm up: 3 candles are still to come",
  });
  run.feed(CANDLES.slice(FIRST - 2, FIRST + 1));
  assert.notEqual(run.view.decisions.at(-1)!.abstention?.code, "warming_up");
});

Deno.test("DecisionEngine reports signals only where it is told to, each kind once", () => {
  const run = runWhole({ signalsOnly: true });
  assert.deepEqual(run.desk.intents, []);
  const signals = run.logs.filter(({ message }) =>
    message.startsWith("Signal")
  );
  assert(signals.length > 5);
  assert.match(
    signals[0]!.message,
    /^Signal only: Models favour a (rise|fall) with \d+ %$/,
  );
  const kinds = run.view.decisions.map(({ outcome }) => outcome);
  assert(kinds.includes("signal") && !kinds.includes("entry"));
});

Deno.test("DecisionEngine withdraws a limit entry that the models do not agree with any more", () => {
  const run = runWhole({ decision: { entry: "limit" } });
  assert(
    run.desk.intents.every(({ entry, seq }) =>
      entry.type === "limit" && entry.price === CANDLES[seq]!.close
    ),
  );
  assert(run.desk.fills > 5);
  assert(
    run.desk.cancels.some(({ reason }) =>
      reason === "The models do not agree with it any more"
    ),
  );
});

Deno.test("DecisionEngine enters nothing while it is paused, and still closes what it holds", () => {
  const run = new EngineRun();
  run.feed(CANDLES.slice(0, FIRST + 40));
  run.agent.pause();
  const entered = run.desk.intents.length;
  run.feed(CANDLES.slice(FIRST + 40));
  assert.equal(run.desk.intents.length, entered);
  assert.equal(run.desk.position, null);
});

Deno.test("DecisionEngine takes new thresholds at once, and needs a restart for other models", () => {
  const run = new EngineRun();
  const strict = engineStart(
    engineConfig({ decision: { minConfidence: 0.99 } }),
  );
  assert.equal(run.agent.configure(strict), "applied");
  run.feed(CANDLES);
  assert.deepEqual(run.desk.intents, []);
  const other = engineStart(engineConfig({ decision: { models: ["alpha"] } }));
  assert.equal(run.agent.configure(other), "needs_restart");
});

Deno.test("DecisionEngine goes on with other detector settings by the candles that it kept", () => {
  const run = new EngineRun();
  run.feed(CANDLES.slice(0, FIRST + 20));
  const { config } = engineStart();
  const detector = { ...config.detector, swingLength: 8 };
  run.worker.facts = (name) => ({
    ...new EngineRun().worker.facts(name),
    detector,
  });
  run.start(structuredClone(run.agent.snapshot()), {
    config: engineStart({ ...config, detector }),
  });
  run.feed(CANDLES.slice(FIRST + 20));
  assert.deepEqual(
    run.decided.map(({ seq }) => seq),
    CANDLES.map((c) => c.seq),
  );
  assert.deepEqual(
    run.view.models.map(({ state }) => state),
    SCRIPTED.map(() => "ready"),
  );
});

Deno.test("DecisionEngine shows the state of its models and what is wrong with them", () => {
  const run = new EngineRun();
  assert.deepEqual(run.view.models[0], {
    name: "alpha",
    state: "ready",
    title: "Scripted alpha",
    part: 1,
    waitsFor: null,
    reason: null,
  });
  const vitals = () =>
    run.agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
  assert.equal(vitals().problem, null);
  run.worker.failure = (name) => name === "beta" ? "Its file is broken" : null;
  run.openWorker(2);
  assert.equal(
    vitals().problem,
    "1 of 3 models has no vote: beta: Its file is broken",
  );
  assert.deepEqual(
    run.logs.map(({ level, message }) => `${level} ${message}`).slice(-3),
    [
      "info Scripted alpha is ready",
      "warning Model beta cannot be used: Its file is broken",
      "info Scripted gamma is ready",
    ],
  );
});

Deno.test("DecisionEngine decides nothing while its models wait for the runtime, says what for, and asks again when it is there", () => {
  const run = new EngineRun();
  const { agent } = run;
  agent.linkOpened(LINKS.inference, { peerEpoch: 2 });
  const waitsFor = "fetches the ONNX runtime, 33 MB, once: 4 s so far";
  for (const { name } of run.view.models) {
    agent.receive(LINKS.inference, {
      type: "loading",
      model: name,
      part: 0,
      waitsFor,
    });
  }
  const { problem } = agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
  assert.equal(problem, `it waits for its models: ${waitsFor}`);
  run.feed(CANDLES.slice(0, 1));
  assert.deepEqual(run.decided, []);
  run.take(agent.receive(LINKS.inference, { type: "load_again" }));
  assert.deepEqual(run.decided.map(({ seq }) => seq), [0]);
  assert(run.view.models.every(({ state }) => state === "ready"));
});
