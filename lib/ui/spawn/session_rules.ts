import type { AgentTemplate } from "../../contracts/template.ts";
import {
  type AgentConfig,
  agentNameSchema,
} from "../../contracts/agent_config.ts";
import { flatten } from "./config_values.ts";
import {
  createForm,
  errorsOfStep,
  type FieldErrors,
  type SpawnForm,
  type Step,
  STEPS,
} from "../spawn_form.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";

/** The one that was asked for, else the first that this version can run. */
export function firstTemplate(
  { templates, template }: {
    templates: readonly AgentTemplate[];
    template: string | null;
  },
): AgentTemplate | null {
  return templates.find(({ name }) => name === template) ??
    templates.find(({ type }) => AGENT_TYPE_WORDS[type].unavailable === null) ??
    null;
}

/** The form of a configuration that was tested: paper, on the simulated market, at the step that names it. */
export function formOfConfig(
  config: AgentConfig | undefined,
): SpawnForm | null {
  if (config === undefined) return null;
  const { name: _, ...rest } = config;
  const values = {
    ...createForm(null).values,
    ...flatten({ ...rest, mode: "paper", feed: { kind: "simulated" } }),
  };
  return { ...createForm(null), values, base: values, step: "basics" };
}

/** The estimate must not wait for a name, which is checked here anyway. */
export function withName(
  config: Record<string, unknown>,
): Record<string, unknown> {
  return agentNameSchema.safeParse(config["name"]).success
    ? config
    : { ...config, name: "not named yet" };
}

/** Which steps a person may see as done. */
export function stepStatus(
  step: Step,
  form: Pick<SpawnForm, "step">,
  shown: FieldErrors,
): "current" | "wrong" | "done" | "open" {
  if (step === form.step) return "current";
  if (errorsOfStep(shown, step).length > 0) return "wrong";
  return STEPS.indexOf(step) < STEPS.indexOf(form.step) ? "done" : "open";
}

/** Whether the name in the form is one that the server has found free. */
export function isNameFree(
  { checkedName, form, errors }: {
    checkedName: string | null;
    form: Pick<SpawnForm, "values">;
    errors: FieldErrors;
  },
): boolean {
  const name = String(form.values["/name"] ?? "");
  return name === checkedName && errors["/name"] === undefined &&
    agentNameSchema.safeParse(name).success;
}
