/**
 * The model behind the spawn dialog: what was typed, as text by JSON pointer,
 * and what follows from it. Pure; the dialog only draws it. The same zod schema
 * as on the server turns the text into a configuration or into errors.
 *
 * @module
 */
import type { ConfigWarning } from "../contracts/agent.ts";
import type { AgentTemplate } from "../contracts/template.ts";
import { agentConfigSchema } from "../contracts/agent_config.ts";
import type { FieldError } from "../core/errors.ts";
import {
  CONFIRM_POINTER,
  findLiveFormErrors,
  isLiveForm,
} from "./spawn/live_rules.ts";
import {
  blankValues,
  configPointer,
  type FormValue,
  templateValues,
  toConfigInput,
} from "./spawn/config_values.ts";

export { configPointer, type FormValue, toConfigInput };

/** Steps of the dialog, in order. */
export const STEPS = [
  "template",
  "basics",
  "risk",
  "strategies",
  "safety",
  "review",
] as const;
export type Step = (typeof STEPS)[number];

/** Titles of the steps. */
export const STEP_TITLES: Readonly<Record<Step, string>> = {
  template: "Template",
  basics: "Basics",
  risk: "Risk",
  strategies: "Strategies",
  safety: "Safety",
  review: "Review",
};

/** Everything the dialog remembers; plain data, so that it can be kept as a draft. */
export interface SpawnForm {
  template: string | null;
  values: Readonly<Record<string, FormValue>>;
  /** Values that a template or the presets gave; what differs is an edit. */
  base: Readonly<Record<string, FormValue>>;
  /** Fields that were left once, or that a step has asked for: their errors show. */
  touched: readonly string[];
  step: Step;
  acknowledged: boolean;
  /** What the server said about the last attempt, until the field is changed. */
  serverErrors: readonly FieldError[];
}

/** What can happen to the form. */
export type SpawnAction =
  | { type: "edit"; pointer: string; value: FormValue }
  | { type: "leave"; pointer: string }
  | { type: "template"; template: AgentTemplate | null }
  | { type: "go"; step: Step }
  | { type: "reveal"; pointers: readonly string[] }
  | { type: "acknowledge"; value: boolean }
  | { type: "refused"; errors: readonly FieldError[] };

/** A fresh form. */
export function createForm(template: AgentTemplate | null): SpawnForm {
  const base = template === null ? blankValues() : templateValues(template);
  return {
    template: template?.name ?? null,
    values: base,
    base,
    touched: [],
    step: "template",
    acknowledged: false,
    serverErrors: [],
  };
}

/** The next form after something happened. Pure. */
export function reduce(form: SpawnForm, action: SpawnAction): SpawnForm {
  switch (action.type) {
    case "edit":
      return {
        ...form,
        values: { ...form.values, ...valuesOf(action) },
        acknowledged: action.pointer === CONFIRM_POINTER && form.acknowledged,
        serverErrors: form.serverErrors.filter(({ pointer }) =>
          configPointer(pointer) !== action.pointer
        ),
      };
    case "leave":
      return { ...form, touched: union(form.touched, [action.pointer]) };
    case "template": {
      const base = action.template === null
        ? blankValues()
        : templateValues(action.template);
      const values = { ...base, ...ownValues(form.values) };
      return {
        ...form,
        template: action.template?.name ?? null,
        values,
        base,
        acknowledged: false,
        serverErrors: [],
      };
    }
    case "go":
      return { ...form, step: action.step };
    case "reveal":
      return { ...form, touched: union(form.touched, action.pointers) };
    case "acknowledge":
      return { ...form, acknowledged: action.value };
    case "refused": {
      const pointers = action.errors.map(({ pointer }) =>
        configPointer(pointer)
      );
      const first = pointers[0];
      return {
        ...form,
        serverErrors: action.errors,
        touched: union(form.touched, pointers),
        step: first === undefined ? form.step : stepOf(first),
      };
    }
  }
}

/** Real money is traded at an exchange only, so the choice of live is one of its market, too. */
function valuesOf(
  { pointer, value }: Extract<SpawnAction, { type: "edit" }>,
): Record<string, FormValue> {
  return pointer === "/mode" && value === "live"
    ? { [pointer]: value, "/feed/kind": "exchange" }
    : { [pointer]: value };
}

/** What a person chose that no template has: the name, and for live trading where and with which key. */
function ownValues(values: SpawnForm["values"]): Record<string, FormValue> {
  const own = ["/name", "/mode", "/exchangeKeyId"];
  const live = ["/feed/kind", "/feed/exchange", "/feed/market"];
  const kept = isLiveForm(values) ? [...own, ...live] : ["/name"];
  return Object.fromEntries(
    kept.map((pointer) => [pointer, values[pointer] ?? ""]),
  );
}

function union(
  known: readonly string[],
  more: readonly string[],
): readonly string[] {
  return [...new Set([...known, ...more])];
}

/** Errors by JSON pointer, the first one of each field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Checks the form as the server will. `names` are the names that are taken. */
export function validateForm(
  form: SpawnForm,
  names: readonly string[],
): FieldErrors {
  const errors: Record<string, string> = {};
  const result = agentConfigSchema.safeParse(toConfigInput(form.values));
  for (const issue of result.error?.issues ?? []) {
    errors[configPointer(`/${issue.path.join("/")}`)] ??= issue.message;
  }
  const name = String(form.values["/name"] ?? "").trim();
  if (names.some((taken) => taken.toLowerCase() === name.toLowerCase())) {
    errors["/name"] ??= `"${name}" is taken; choose another name`;
  }
  for (
    const [pointer, detail] of Object.entries(findLiveFormErrors(form.values))
  ) {
    errors[pointer] ??= detail;
  }
  for (const { pointer, detail } of form.serverErrors) {
    errors[configPointer(pointer)] ??= detail;
  }
  return errors;
}

/** The errors that may be shown: those of fields that a person has left. */
export function shownErrors(form: SpawnForm, errors: FieldErrors): FieldErrors {
  return Object.fromEntries(
    Object.entries(errors).filter(([pointer]) =>
      form.touched.includes(pointer)
    ),
  );
}

/** The step on which a field is. */
export function stepOf(pointer: string): Step {
  const [, group = "", key = ""] = pointer.split("/");
  if (group === "" || `/${group}` === CONFIRM_POINTER) return "review";
  if (group === "risk") return "risk";
  if (
    group === "strategies" || group === "sizing" || group === "detector" ||
    group === "signalsOnly" || group === "decision" || group === "execution"
  ) return "strategies";
  if (group === "safety" || group === "seed" || group === "record") {
    return "safety";
  }
  return key === "" || group === "feed" ? "basics" : "review";
}

/** Errors of one step; the review has those that no other step shows. */
export function errorsOfStep(
  errors: FieldErrors,
  step: Step,
): [pointer: string, detail: string][] {
  return Object.entries(errors).filter(([pointer]) => stepOf(pointer) === step);
}

/** Warnings as a set with an identity: other warnings need another tick. */
export function warningsKey(warnings: readonly ConfigWarning[]): string {
  return warnings.map(({ pointer, code }) => `${pointer}:${code}`).sort().join(
    "|",
  );
}

/** Whether something would be lost by closing. */
export function isDirty(form: SpawnForm): boolean {
  return Object.entries(form.values).some(([pointer, value]) =>
    form.base[pointer] !== value
  );
}

/** The short name of a field, for ids and tests: `/risk/leverage` is `leverage`. */
export function fieldName(pointer: string): string {
  const parts = configPointer(pointer).split("/").filter(Boolean);
  return parts[0] === "strategies"
    ? parts.slice(1).join("-")
    : parts.slice(-1).join("") || "form";
}

/** Reads a draft; anything that is none gives null. */
export function readDraft(text: string | null): SpawnForm | null {
  if (text === null) return null;
  try {
    const draft = JSON.parse(text) as Partial<SpawnForm>;
    if (
      typeof draft.values !== "object" || !STEPS.includes(draft.step as Step)
    ) return null;
    const blank = createForm(null);
    return {
      ...blank,
      ...draft,
      // A draft of an older build knows no newer settings.
      // The name that confirms real money is typed each time.
      values: { ...blank.values, ...draft.values, [CONFIRM_POINTER]: "" },
      serverErrors: [],
      acknowledged: false,
    };
  } catch {
    return null;
  }
}
