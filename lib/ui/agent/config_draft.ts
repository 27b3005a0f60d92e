/**
 * A configuration while it is edited: as fields and as JSON, both of the same
 * draft. Pure.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../contracts/agent_config.ts";
import { type JsonChange, jsonDiff } from "../../core/json_diff.ts";
import { pointerLines, withPointer } from "../../core/json_pointer.ts";
import { findJsonFault, type JsonFault } from "../../core/json_position.ts";
import {
  configPointer,
  flatten,
  type FormValue,
  toInput,
} from "../spawn/config_values.ts";

/** The configuration that was seen when editing began, with its version. */
export interface ConfigBase {
  configVersion: number;
  config: AgentConfig;
}

/** What is edited. */
export interface ConfigDraft {
  base: ConfigBase;
  /** The draft as JSON; a field may hold what is no valid value. */
  value: unknown;
  /** Fields as they were typed: "1.0" on the way to "1.05". */
  texts: Readonly<Record<string, FormValue>>;
  /** The JSON as it was typed. */
  json: string;
  /** Where `json` is no JSON; then `value` is what it was before. */
  fault: JsonFault | null;
}

/** A field or a part that is wrong, with its line in the JSON text. */
export interface DraftError {
  pointer: string;
  /** From 1; null where the text has no such place. */
  line: number | null;
  detail: string;
}

/** A draft that changes nothing yet, or begins with another configuration. */
export function startDraft(
  base: ConfigBase,
  value: unknown = base.config,
): ConfigDraft {
  return { base, value, texts: {}, json: toText(value), fault: null };
}

/** The draft after a field was edited. */
export function editField(
  draft: ConfigDraft,
  pointer: string,
  typed: FormValue,
): ConfigDraft {
  const value = withPointer(draft.value, pointer, toInput(pointer, typed));
  return {
    ...draft,
    value,
    texts: { ...draft.texts, [pointer]: typed },
    json: toText(value),
    fault: null,
  };
}

/** The draft after its JSON was edited. */
export function editJson(draft: ConfigDraft, json: string): ConfigDraft {
  const fault = findJsonFault(json);
  if (fault !== null) return { ...draft, json, fault };
  return { ...draft, value: JSON.parse(json), texts: {}, json, fault };
}

/** What the fields show. */
export function fieldValues(
  { value, texts }: Pick<ConfigDraft, "value" | "texts">,
): Readonly<Record<string, FormValue>> {
  const isObject = typeof value === "object" && value !== null;
  return { ...(isObject ? flatten(value) : {}), ...texts };
}

/** The configuration that the draft stands for, or everything that is wrong with it. */
export function checkDraft(
  { value, json, fault }: ConfigDraft,
): { config: AgentConfig } | { errors: readonly DraftError[] } {
  if (fault !== null) {
    const { line, column, message } = fault;
    return {
      errors: [{
        pointer: "",
        line,
        detail: `This is no JSON at column ${column}: ${message}`,
      }],
    };
  }
  const result = agentConfigSchema.safeParse(value);
  if (result.success) return { config: result.data };
  return {
    errors: placed(
      result.error.issues.map(({ path, message }) => ({
        pointer: path.map((name) => `/${String(name)}`).join(""),
        detail: message,
      })),
      json,
    ),
  };
}

/** Errors with their lines in a JSON text. What is missing is placed at what it is missing from. */
export function placed(
  errors: readonly { pointer: string; detail: string }[],
  json: string,
): DraftError[] {
  const lines = pointerLines(json);
  return errors.map(({ pointer, detail }) => {
    const own = pointer.startsWith("/config/") ? pointer.slice(7) : pointer;
    return { pointer: own, detail, line: lineOf(lines, own) };
  });
}

function lineOf(
  lines: ReadonlyMap<string, number>,
  pointer: string,
): number | null {
  for (let place = pointer;; place = place.slice(0, place.lastIndexOf("/"))) {
    const line = lines.get(place);
    if (line !== undefined) return line;
    if (!place.includes("/")) return null;
  }
}

/** Errors by field, the first of each. */
export function errorsByField(
  errors: readonly DraftError[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { pointer, detail } of errors) {
    found[configPointer(pointer)] ??= detail;
  }
  return found;
}

/** Fields that differ from what was seen, whether valid or not. */
export function draftChanges({ base, value }: ConfigDraft): JsonChange[] {
  return jsonDiff(base.config, value);
}

function toText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
