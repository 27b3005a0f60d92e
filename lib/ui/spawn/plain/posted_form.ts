/**
 * The spawn form as it is posted without script: the same model as the
 * dialog's, read from the fields of one long form. Pure.
 *
 * @module
 */
import type { AgentTemplate } from "../../../contracts/template.ts";
import type { FieldError } from "../../../core/errors.ts";
import {
  configPointer,
  createForm,
  type FieldErrors,
  type FormValue,
  type SpawnForm,
} from "../../spawn_form.ts";
import { CONFIRM_POINTER } from "../live_rules.ts";

/** Reads a sent field by name; null where it was not sent. */
export type SentField = (name: string) => string | null;

/** Fields that are sent by a name of their own: choices of one among several. */
const CHOICES: Readonly<Record<string, string>> = {
  "/type": "type",
  "/feed/kind": "feed",
};

/** What live trading needs is asked for in the dialog: this form spawns on paper only. */
const NEVER_SENT: readonly string[] = [
  "/mode",
  "/exchangeKeyId",
  CONFIRM_POINTER,
];

/** The form of a template as somebody has filled it in; what was not sent stays as the template has it. */
export function postedForm(
  sent: SentField,
  template: AgentTemplate | null,
): SpawnForm {
  const form = plainForm(template);
  const values: Record<string, FormValue> = { ...form.values };
  for (const [pointer, preset] of Object.entries(form.values)) {
    const text = sent(CHOICES[pointer] ?? pointer);
    if (text === null || NEVER_SENT.includes(pointer)) continue;
    values[pointer] = typeof preset === "boolean" ? text === "on" : text;
  }
  return { ...form, values, acknowledged: sent("acknowledge") === "on" };
}

/** The form before anything was filled in. */
export function plainForm(template: AgentTemplate | null): SpawnForm {
  const form = createForm(template);
  const values = { ...form.values, "/mode": "paper", "/exchangeKeyId": "" };
  return { ...form, values, base: values };
}

/** The first complaint about each field, by the pointer that the form knows it by. */
export function errorsByField(errors: readonly FieldError[]): FieldErrors {
  const byField: Record<string, string> = {};
  for (const { pointer, detail } of errors) {
    byField[configPointer(pointer)] ??= detail;
  }
  return byField;
}

/** What a field is called in a sentence, by its pointer: `/risk/maxDrawdownPct` is "Max drawdown". */
export function fieldTitle(pointer: string): string {
  const key = pointer.split("/").at(-1) ?? "";
  const words = key.replace(/Pct$/, "").replace(/[A-Z]/g, " $&").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
