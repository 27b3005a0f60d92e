import assert from "node:assert/strict";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
import type { ModelInfo } from "../../../lib/contracts/inference.ts";
import {
  findModelErrors,
  findModelWarnings,
} from "../../../lib/fleet/model_validation.ts";
import { agentConfig } from "../../agents/fixtures/agent_run.ts";
import { DETECTOR } from "../../agents/fixtures/run_detectors.ts";

function model(
  name: string,
  description: Partial<NonNullable<ModelInfo["description"]>> = {},
): ModelInfo {
  return {
    name,
    origin: "own",
    problems: [],
    loaded: null,
    description: {
      title: name,
      kind: "custom",
      timeframes: ["1m"],
      windowCandles: 32,
      horizonCandles: 48,
      features: 45,
      detector: DETECTOR,
      licence: "MIT",
      beatsBaselines: true,
      verdict: "It beat all of them.",
      ...description,
    },
  };
}

const KNOWN: readonly ModelInfo[] = [
  model("good"),
  model("hourly", { timeframes: ["1h", "4h"] }),
  model("weak", { beatsBaselines: false, verdict: "No edge was shown." }),
  model("untried", { beatsBaselines: null, verdict: "Nobody tried." }),
  model("wide", { detector: { ...DETECTOR, swingLength: 9 } }),
  {
    ...model("broken"),
    problems: ["model.json is not JSON"],
    description: null,
  },
];

function engine(decision: AgentConfigInput["decision"]) {
  return agentConfig({ type: "decision_engine", decision });
}

Deno.test("findModelErrors() names unknown and broken models, and what is known", () => {
  assert.deepEqual(findModelErrors(engine({ models: ["good"] }), KNOWN), []);
  assert.deepEqual(
    findModelErrors(engine({ models: ["oracle", "broken"] }), KNOWN),
    [
      {
        pointer: "/decision/models/0",
        code: "MODEL_UNKNOWN",
        detail:
          'There is no model "oracle"; choose from good, hourly, weak, untried, wide, broken',
      },
      {
        pointer: "/decision/models/1",
        code: "MODEL_BROKEN",
        detail: 'The model "broken" cannot be used: model.json is not JSON',
      },
    ],
  );
  assert.match(
    findModelErrors(engine({ models: ["oracle"] }), [])[0]!.detail,
    /nor any other; add one with "deno task ml add"$/,
  );
});

Deno.test("findModelErrors() refuses votes that cannot come, and other detectors than the training's", () => {
  const errors = findModelErrors(
    engine({ models: ["good", "wide"], minVotes: 3 }),
    KNOWN,
  );
  assert.deepEqual(errors, [
    {
      pointer: "/decision/minVotes",
      code: "VOTES_IMPOSSIBLE",
      detail:
        "3 votes are asked for, but 2 models are named; lower it or name more",
    },
    {
      pointer: "/detector/swingLength",
      code: "MODEL_DETECTOR",
      detail:
        'The agent has swingLength 5, but the model "wide" was trained with 9; set it so, or name other models',
    },
  ]);
});

Deno.test("findModelWarnings() tells verdicts and timeframes", () => {
  const warnings = findModelWarnings(
    engine({ models: ["good", "hourly", "weak", "untried"] }),
    KNOWN,
  );
  assert.deepEqual(warnings.map(({ pointer, code }) => `${pointer} ${code}`), [
    "/timeframe MODEL_TIMEFRAME",
    "/decision/models/2 MODEL_UNPROVEN",
    "/decision/models/3 MODEL_UNPROVEN",
  ]);
  assert.equal(
    warnings[1]!.detail,
    'The model "weak" did not beat its baselines out of sample: No edge was shown.',
  );
});

Deno.test("findModelErrors() and findModelWarnings() are of decision engines alone", () => {
  const config = agentConfig({ decision: { models: ["oracle"] } });
  assert.deepEqual(findModelErrors(config, KNOWN), []);
  assert.deepEqual(findModelWarnings(config, KNOWN), []);
});
