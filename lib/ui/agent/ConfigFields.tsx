import type { ComponentChildren } from "preact";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { AgentType } from "../../contracts/agent_config.ts";
import { guardConfigSchema } from "../../contracts/guard_config.ts";
import { SOURCES_POINTER } from "../spawn/config_values.ts";
import { type FormBinding, TextInput, TickInput } from "../spawn/inputs.tsx";
import { ParameterInputs } from "../spawn/ParameterInputs.tsx";
import { RiskStep } from "../spawn/RiskStep.tsx";
import { SafetyStep } from "../spawn/SafetyStep.tsx";
import { parameterFields } from "../spawn/schema_fields.ts";
import { StrategiesStep } from "../spawn/StrategiesStep.tsx";
import { GuardRules } from "./GuardRules.tsx";

const GUARD = parameterFields(guardConfigSchema);

/** Fields of the form that an agent keeps for its life. The server refuses more; the JSON has them all. */
export const FIXED_FIELDS: ReadonlySet<string> = new Set([
  "/risk/initialCapital",
  "/seed",
]);

/** The fields of a configuration that people edit, in the groups of the spawn dialog. */
export function ConfigFields(
  { form, type }: { form: FormBinding; type: AgentType },
) {
  const listens = type === "executor" || type === "decision_engine";
  return (
    <div class="config-fields">
      <TextInput form={form} pointer="/name" label="Agent name" />
      {listens && (
        <TextInput
          form={form}
          pointer={SOURCES_POINTER}
          label="Listens to"
          help="Agents that report signals only, by name or id, separated by commas"
        />
      )}
      {hasAccount(type)
        ? (
          <>
            <Group title="Risk limits" open>
              <RiskStep form={form} />
            </Group>
            <Group title={type === "executor" ? "Execution" : "Strategies"}>
              <StrategiesStep form={form} />
            </Group>
            <Group title="Safety">
              <SafetyStep form={form} />
            </Group>
          </>
        )
        : (
          <>
            <Group title="Rules" open>
              <GuardRules form={form} />
            </Group>
            <Group title="Measuring">
              <ParameterInputs form={form} pointer="/guard" fields={GUARD} />
              <TickInput
                form={form}
                pointer="/record"
                label="Record the session"
              />
            </Group>
          </>
        )}
    </div>
  );
}

function Group(
  { title, open = false, children }: {
    title: string;
    open?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <details class="config-group" open={open}>
      <summary>{title}</summary>
      <div class="config-group-body">{children}</div>
    </details>
  );
}
