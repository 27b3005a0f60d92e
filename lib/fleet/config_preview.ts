/**
 * What a change of a configuration would come to, before it is made. When a
 * field holds is asked of the code that will apply it: the agent's own
 * comparison, and what the desk is given.
 *
 * @module
 */
import { isUp } from "../../actors/mod.ts";
import { configEffect } from "../../agents/mod.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type {
  ChangeEffect,
  ConfigPreview,
  PreviewedChange,
} from "../contracts/config_preview.ts";
import { type JsonChange, jsonDiff } from "../core/json_diff.ts";
import { readPointer, withPointer } from "../core/json_pointer.ts";
import { accountConfig } from "./accounts.ts";
import { agentWorkerConfig } from "./agent_spec.ts";
import { type CommandOptions, validateFor } from "./commands/checks.ts";
import { findFixedFields } from "./commands/configure.ts";
import type { FleetContext } from "./context.ts";
import type { AgentEntry } from "./registry.ts";

/** The agent sizes its entries by it before the desk does, so the desk alone cannot raise it. */
const SIZED_BY_AGENT = "/risk/riskPerTradePct";

/** Compares a configuration with the stored one and checks it. Changes nothing. */
export function previewConfig(
  context: FleetContext,
  entry: AgentEntry,
  { input, ...options }: CommandOptions & { input: unknown },
): ConfigPreview {
  const { record } = entry;
  const checked = validateFor(context, input, {
    ...options,
    changedId: record.id,
  });
  const next = checked.config;
  const fixed = next === null ? [] : findFixedFields(record, next);
  const errors = [...checked.errors, ...fixed];
  return {
    configVersion: record.configVersion,
    valid: errors.length === 0,
    errors,
    warnings: checked.warnings,
    changes: next === null ? [] : changesTo(context, entry, next),
  };
}

function changesTo(
  context: FleetContext,
  entry: AgentEntry,
  next: AgentConfig,
): PreviewedChange[] {
  const { config } = entry.record;
  const effectOf = effectsOf(context, entry, next);
  return jsonDiff(config, next).map((change) => ({
    ...change,
    effect: effectOf(change),
  }));
}

/** When each change holds if all of them are saved together. */
function effectsOf(
  context: FleetContext,
  entry: AgentEntry,
  next: AgentConfig,
): (change: JsonChange) => ChangeEffect {
  const { id, config } = entry.record;
  const status = context.supervisor.status(id);
  const takesIt = status !== null && isUp(status.state);
  const atOnce = isAppliedAtOnce(context, entry, next);
  return ({ pointer }) => {
    const value = readPointer(next, pointer);
    const alone = withPointer(config, pointer, value) as AgentConfig;
    if (findFixedFields(entry.record, alone).length > 0) return "fixed";
    if (!takesIt) return "next_start";
    if (atOnce) return "now";
    // One field that needs a restart keeps the agent from taking any of them; the desk does not wait.
    const isOfDesk = pointer !== SIZED_BY_AGENT &&
      jsonDiff(deskOf(context, entry, config), deskOf(context, entry, alone))
          .length > 0;
    return isOfDesk ? "now" : "restart";
  };
}

function isAppliedAtOnce(
  context: FleetContext,
  entry: AgentEntry,
  next: AgentConfig,
): boolean {
  const known = agentWorkerConfig(context, entry);
  // A change that still waits for a restart is compared with as well.
  const current = { ...known, config: entry.workerConfig ?? known.config };
  return configEffect(current, { ...known, config: next }) === "applied";
}

function deskOf(
  context: FleetContext,
  { record }: AgentEntry,
  config: AgentConfig,
) {
  return accountConfig(context, { record: { ...record, config } });
}
