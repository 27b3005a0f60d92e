import assert from "node:assert/strict";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import {
  INFERENCE_SLOW_MS,
  MODEL_FAILURES_MAX,
} from "../../../agents/ensemble/limits.ts";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
import type { ModelVote } from "../../../lib/contracts/inference.ts";
import { randomWalk } from "../fixtures/candles.ts";
import {
  engineConfig,
  EngineRun,
  engineStart,
  SCRIPTED_WINDOW,
  scriptedFacts,
  ScriptedWorker,
} from "../fixtures/engine_run.ts";

const CANDLES = randomWalk({ seed: 31, count: WARM_UP_CANDLES + 150 });
const FIRST = WARM_UP_CANDLES - 1 + SCRIPTED_WINDOW - 1;

function runWith(
  change: (vote: ModelVote, seq: number) => ModelVote | null,
  config: Partial<AgentConfigInput> = {},
): EngineRun {
  const worker = new ScriptedWorker();
  worker.change = change;
  const run = new EngineRun(engineStart(engineConfig(config)), worker);
  run.feed(CANDLES);
  return run;
}

/** Breaks the votes of one model from the first one on. */
function breaking(change: (vote: ModelVote) => ModelVote | null) {
  return (vote: ModelVote) => vote.model === "beta" ? change(vote) : vote;
}

function reasonsOf(run: EngineRun): string[] {
  return run.view.decisions.map(({ abstention }) => abstention?.reason ?? "");
}

const BROKEN: readonly {
  name: string;
  change(vote: ModelVote): ModelVote | null;
  failure: string;
}[] = [
  {
    name: "answers NaN",
    change: (vote) => ({
      ...vote,
      probabilities: { down: NaN, flat: 0.5, up: 0.5 },
    }),
    failure: "gave no probabilities",
  },
  {
    name: "answers numbers that do not sum to 1",
    change: (vote) => ({
      ...vote,
      probabilities: { down: 0.5, flat: 0.5, up: 0.5 },
    }),
    failure: "gave no probabilities",
  },
  {
    name: "answers with a negative number",
    change: (vote) => ({
      ...vote,
      probabilities: { down: -0.5, flat: 0.5, up: 1 },
    }),
    failure: "gave no probabilities",
  },
  {
    name: "fails in the worker",
    change: (vote) => ({
      ...vote,
      probabilities: null,
      failure: "could not be run: no memory",
    }),
    failure: "could not be run: no memory",
  },
  {
    name: "does not answer",
    change: () => null,
    failure: "gave no answer",
  },
];

for (const { name, change, failure } of BROKEN) {
  Deno.test(`DecisionEngine never trades on a model that ${name}`, () => {
    const run = runWith(breaking(change));
    assert.deepEqual(run.desk.intents, []);
    const decisions = run.view.decisions;
    assert(
      decisions.every(({ abstention }) => abstention?.code === "votes_missing"),
    );
    assert.deepEqual(run.view.models.map(({ state }) => state), [
      "ready",
      "degraded",
      "ready",
    ]);
    assert.equal(
      run.logs.find(({ level }) => level === "warning")?.message,
      `Model beta has no vote until it is loaded anew: it gave ${MODEL_FAILURES_MAX} failures in a row; the last one ${failure}`,
    );
  });
}

Deno.test("DecisionEngine trades without a broken model where enough others vote", () => {
  const run = runWith(breaking(BROKEN[0]!.change), {
    decision: { minVotes: 2 },
  });
  assert(run.desk.intents.length > 5);
  for (const { reasons } of run.desk.intents) {
    assert(!reasons[0]!.includes("beta"), reasons[0]);
  }
});

Deno.test("DecisionEngine counts failures in a row only, and gives a model its vote back when it is loaded anew", () => {
  // Two failures, then a vote, again and again.
  const flaky = runWith((vote, seq) =>
    vote.model === "beta" && seq % MODEL_FAILURES_MAX !== 0
      ? BROKEN[0]!.change(vote)
      : vote
  );
  assert.deepEqual(flaky.view.models.map(({ state }) => state), [
    "ready",
    "ready",
    "ready",
  ]);
  const worker = new ScriptedWorker();
  worker.change = breaking(BROKEN[0]!.change);
  const run = new EngineRun(engineStart(), worker);
  run.feed(CANDLES.slice(0, FIRST + MODEL_FAILURES_MAX));
  assert.equal(run.view.models[1]!.state, "degraded");
  worker.change = (vote) => vote;
  // The engine alone starts anew: the worker's model is the broken one.
  run.restart();
  assert.equal(run.view.models[1]!.state, "degraded");
  run.openWorker(2);
  assert.equal(run.view.models[1]!.state, "ready");
  run.feed(CANDLES.slice(FIRST + MODEL_FAILURES_MAX));
  assert(run.desk.intents.length > 0);
});

Deno.test("DecisionEngine takes no vote of a model that is too slow where prices are live, and any elsewhere", () => {
  const slow = breaking((vote) => ({
    ...vote,
    computeMs: INFERENCE_SLOW_MS + 1,
  }));
  const live = runWith(slow, {
    feed: { kind: "exchange", exchange: "binance" },
  });
  assert.deepEqual(live.desk.intents, []);
  assert(
    reasonsOf(live).includes(
      "2 of 3 models vote, 3 are needed; beta: took 51 ms, at most 50 are allowed",
    ),
  );
  assert.deepEqual(
    runWith(slow).decided,
    runWith((vote) => vote).decided,
  );
});

Deno.test("DecisionEngine abstains without a model, and says why", () => {
  const worker = new ScriptedWorker();
  worker.failure = () => "The file is missing";
  const run = new EngineRun(engineStart(), worker);
  run.feed(CANDLES);
  assert.deepEqual(run.desk.intents, []);
  assert.equal(worker.requests.length, 0);
  assert.equal(
    reasonsOf(run).at(-1),
    "0 of 3 models vote, 3 are needed; alpha: The file is missing; beta: The file is missing; gamma: The file is missing",
  );
});

Deno.test("DecisionEngine takes no model that was trained with other detectors", () => {
  const worker = new ScriptedWorker();
  worker.facts = (name) => {
    const facts = scriptedFacts(name);
    return name === "gamma"
      ? { ...facts, detector: { ...facts.detector, swingLength: 9 } }
      : facts;
  };
  const run = new EngineRun(engineStart(), worker);
  run.feed(CANDLES);
  assert.deepEqual(run.desk.intents, []);
  assert.equal(
    run.view.models[2]!.reason,
    "it was trained with detector settings swingLength 9; the agent has swingLength 5",
  );
});

Deno.test("DecisionEngine gives a model its vote back where another file has taken its place, and not where the same is ready again", () => {
  const worker = new ScriptedWorker();
  worker.change = breaking(BROKEN[0]!.change);
  const run = new EngineRun(engineStart(), worker);
  run.feed(CANDLES.slice(0, FIRST + MODEL_FAILURES_MAX));
  run.openWorker(1);
  assert.equal(run.view.models[1]!.state, "degraded");
  worker.facts = (name) => scriptedFacts(name, { onnxSha256: "1".repeat(64) });
  run.restart();
  assert.equal(run.view.models[1]!.state, "ready");
});

Deno.test("DecisionEngine gives a model its vote back after a restart of the server, whose first worker has the number of the last server's", () => {
  const worker = new ScriptedWorker();
  const run = new EngineRun(engineStart(), worker);
  const open = (workerEpoch: number) =>
    run.take(run.agent.linkOpened("inference", { peerEpoch: 1, workerEpoch }));
  open(1_000_001);
  worker.change = breaking(BROKEN[0]!.change);
  run.feed(CANDLES.slice(0, FIRST + MODEL_FAILURES_MAX));
  open(1_000_001);
  assert.equal(run.view.models[1]!.state, "degraded");
  open(2_000_001);
  assert.equal(run.view.models[1]!.state, "ready");
});
