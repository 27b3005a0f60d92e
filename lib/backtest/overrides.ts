/**
 * `--set key=value`: changes of a configuration by dotted paths. Every wrong
 * one becomes a sentence of its own; all are collected, so that a person mends
 * them in one go.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
} from "../contracts/agent_config.ts";
import { assignByPath, type Group, refusedValue } from "../core/assign_path.ts";

const OPTIONS = {
  /** Keys that a backtest sets itself, with where they come from. */
  fixed: new Map([
    ["feed", "the candles come from --candles"],
    ["mode", "a backtest is always simulated"],
    ["type", "the template decides the agent type"],
  ]),
  example: "risk.leverage=5",
};

/** A configuration with its changes, or everything that is wrong with them. */
export type OverrideResult =
  | { ok: true; config: AgentConfig }
  | { ok: false; problems: readonly string[] };

/** Applies `key=value` texts to a valid configuration and checks the whole. */
export function applyOverrides(
  base: AgentConfig,
  assignments: readonly string[],
): OverrideResult {
  const config = structuredClone(base);
  const problems: string[] = [];
  for (const assignment of assignments) {
    const group = config as unknown as Group;
    const problem = assignByPath(group, assignment, OPTIONS);
    if (problem !== null) problems.push(problem);
  }
  const checked = agentConfigSchema.safeParse(config);
  for (const issue of checked.error?.issues ?? []) {
    problems.push(refusedValue(config, issue));
  }
  return checked.success && problems.length === 0
    ? { ok: true, config: checked.data }
    : { ok: false, problems };
}
