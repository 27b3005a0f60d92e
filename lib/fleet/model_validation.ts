/**
 * What a decision engine needs of its models beyond its schema.
 *
 * @module
 */
import type { ConfigWarning } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { ModelInfo } from "../contracts/inference.ts";
import type { DetectorConfig } from "../contracts/strategies.ts";
import { needsInference } from "./inference.ts";

/** Why a decision engine could not ask its models. */
export function findModelErrors(
  config: AgentConfig,
  known: readonly ModelInfo[],
): ConfigWarning[] {
  if (!needsInference(config)) return [];
  const { models, minVotes } = config.decision;
  const errors = models.flatMap((name, index) => {
    const pointer = `/decision/models/${index}`;
    const model = known.find((each) => each.name === name);
    if (model === undefined) {
      return [{ pointer, code: "MODEL_UNKNOWN", detail: unknown(name, known) }];
    }
    const { description, problems } = model;
    if (problems.length > 0 || description === null) {
      const detail = `The model "${name}" cannot be used: ${
        problems.join("; ")
      }`;
      return [{ pointer, code: "MODEL_BROKEN", detail }];
    }
    return [];
  });
  if (minVotes > models.length) {
    errors.push({
      pointer: "/decision/minVotes",
      code: "VOTES_IMPOSSIBLE",
      detail:
        `${minVotes} votes are asked for, but ${models.length} models are named; lower it or name more`,
    });
  }
  return [...errors, ...detectorErrors(config, known)];
}

/** What a person should know of the models that were chosen. */
export function findModelWarnings(
  config: AgentConfig,
  known: readonly ModelInfo[],
): ConfigWarning[] {
  if (!needsInference(config)) return [];
  return config.decision.models.flatMap((name, index) => {
    const pointer = `/decision/models/${index}`;
    const description = known.find((each) => each.name === name)?.description;
    if (!description) return [];
    const warnings: ConfigWarning[] = [];
    const { beatsBaselines, timeframes, verdict } = description;
    if (!timeframes.includes(config.timeframe)) {
      warnings.push({
        pointer: "/timeframe",
        code: "MODEL_TIMEFRAME",
        detail: `The model "${name}" was trained on candles of ${
          timeframes.join(", ")
        }, not of ${config.timeframe}; what it says of others is not known to mean anything`,
      });
    }
    if (beatsBaselines !== true) {
      warnings.push({
        pointer,
        code: "MODEL_UNPROVEN",
        detail: `The model "${name}" ${
          beatsBaselines === false
            ? "did not beat its baselines out of sample"
            : "was never compared with baselines"
        }: ${verdict}`,
      });
    }
    return warnings;
  });
}

function unknown(name: string, known: readonly ModelInfo[]): string {
  return known.length === 0
    ? `There is no model "${name}", nor any other; add one with "deno task ml add"`
    : `There is no model "${name}"; choose from ${
      known.map((each) => each.name).join(", ")
    }`;
}

/** A model has no vote where other detectors find its features; each setting is named once. */
function detectorErrors(
  { decision, detector }: AgentConfig,
  known: readonly ModelInfo[],
): ConfigWarning[] {
  const keys = Object.keys(detector) as (keyof DetectorConfig)[];
  return keys.flatMap((key) => {
    const differing = known.filter(({ name, description }) =>
      decision.models.includes(name) && description !== null &&
      description.detector[key] !== detector[key]
    );
    if (differing.length === 0) return [];
    return [{
      pointer: `/detector/${key}`,
      code: "MODEL_DETECTOR",
      detail: `The agent has ${key} ${detector[key]}, but ${
        differing.map(({ name, description }) =>
          `the model "${name}" was trained with ${description!.detector[key]}`
        ).join(" and ")
      }; set it so, or name other models`,
    }];
  });
}
