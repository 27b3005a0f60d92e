import type { Behavior } from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentType } from "../lib/contracts/agent_config.ts";
import { assert } from "../lib/core/assert.ts";
import { decisionEngine } from "./decision_engine.ts";
import { executor } from "./executor.ts";
import { patternDetector } from "./pattern_detector.ts";

/** What runs an agent of each type that trades; a type without one cannot be run. The risk manager has a worker of its own. */
const BEHAVIORS: Readonly<Partial<Record<AgentType, Behavior>>> = {
  pattern_detector: patternDetector as Behavior,
  decision_engine: decisionEngine as Behavior,
  executor: executor as Behavior,
};

/** The behaviour of an agent type, or null where there is none. */
export function behaviorOf(
  type: AgentType,
): Behavior<AgentWorkerConfig> | null {
  return BEHAVIORS[type] as Behavior<AgentWorkerConfig> | undefined ?? null;
}

/** The behaviour of a name, as recordings and snapshots have it; null where there is none. */
export function behaviorNamed(name: string): Behavior | null {
  return Object.values(BEHAVIORS).find((known) => known.name === name) ?? null;
}

/**
 * The behaviour that a worker's start configuration asks for.
 *
 * @throws {DefectError} If no behaviour runs its type.
 */
export function behaviorToStart(config: unknown): Behavior<AgentWorkerConfig> {
  const { type } = (config as AgentWorkerConfig).config;
  const behavior = behaviorOf(type);
  assert(behavior !== null, `No behaviour runs an agent of type "${type}"`);
  return behavior;
}
