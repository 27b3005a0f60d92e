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

/** Keys that a backtest sets itself, with where they come from. */
const FIXED_KEYS: ReadonlyMap<string, string> = new Map([
  ["feed", "the candles come from --candles"],
  ["mode", "a backtest is always simulated"],
  ["type", "the template decides the agent type"],
]);

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
    const problem = assign(config, assignment);
    if (problem !== null) problems.push(problem);
  }
  const checked = agentConfigSchema.safeParse(config);
  if (!checked.success) {
    for (const issue of checked.error.issues) {
      const key = issue.path.join(".");
      const value = JSON.stringify(read(config, issue.path));
      problems.push(`--set ${key}: ${value} is not valid; ${issue.message}`);
    }
  }
  return checked.success && problems.length === 0
    ? { ok: true, config: checked.data }
    : { ok: false, problems };
}

type Group = Record<string, unknown>;

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null;
}

/** Sets one value in place; returns what is wrong with it, or null. */
function assign(config: AgentConfig, assignment: string): string | null {
  const equals = assignment.indexOf("=");
  if (equals <= 0) {
    return `--set ${
      JSON.stringify(assignment)
    } has no value; write key=value, for instance risk.leverage=5`;
  }
  const key = assignment.slice(0, equals).trim();
  const text = assignment.slice(equals + 1).trim();
  const path = key.split(".");
  const fixed = FIXED_KEYS.get(path[0]!);
  if (fixed !== undefined) {
    return `--set ${key}: cannot be set here, because ${fixed}`;
  }
  let group: Group = config as unknown as Group;
  for (const [depth, name] of path.entries()) {
    if (!Object.hasOwn(group, name)) {
      return unknownKey(key, { group, path, depth });
    }
    const value = group[name];
    const isLast = depth === path.length - 1;
    if (isLast && isGroup(value)) {
      return `--set ${key}: is a group; set one of ${keysOf(value, `${key}.`)}`;
    }
    if (isLast) group[name] = convert(text, value);
    else if (isGroup(value)) group = value;
    else {
      return `--set ${key}: ${
        path.slice(0, depth + 1).join(".")
      } is a value and has no keys; leave out the rest`;
    }
  }
  return null;
}

function unknownKey(
  key: string,
  { group, path, depth }: { group: Group; path: string[]; depth: number },
): string {
  const prefix = path.slice(0, depth).map((name) => `${name}.`).join("");
  return `--set ${key}: there is no such key; choose from ${
    keysOf(group, prefix)
  }`;
}

function keysOf(group: Group, prefix: string): string {
  return Object.keys(group)
    .filter((name) => prefix !== "" || !FIXED_KEYS.has(name))
    .map((name) => prefix + name).join(", ");
}

/** Reads a text as the type that the key has now; what does not fit stays a text for the schema to refuse. */
function convert(text: string, current: unknown): unknown {
  if (typeof current === "number") {
    const value = Number(text);
    return text === "" || !Number.isFinite(value) ? text : value;
  }
  if (typeof current === "boolean" && (text === "true" || text === "false")) {
    return text === "true";
  }
  return text;
}

function read(config: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => isGroup(value) ? value[String(name)] : undefined,
    config,
  );
}
