import type { ComponentChildren } from "preact";
import { decisionConfigSchema } from "../../contracts/decision_config.ts";
import { executionConfigSchema } from "../../contracts/execution_config.ts";
import {
  breakoutStrategySchema,
  detectorConfigSchema,
  fvgStrategySchema,
  liquiditySweepStrategySchema,
  meanReversionStrategySchema,
  orderBlockStrategySchema,
  pairsStrategySchema,
  sizingConfigSchema,
  type StrategyKey,
} from "../../contracts/strategies.ts";
import { STRATEGY_WORDS } from "../strategy_words.ts";
import { type FormBinding, TickInput } from "./inputs.tsx";
import { ParameterInputs } from "./ParameterInputs.tsx";
import { type ParameterField, parameterFields } from "./schema_fields.ts";

const FIELDS: Readonly<Record<StrategyKey, readonly ParameterField[]>> = {
  orderBlock: parameterFields(orderBlockStrategySchema),
  fvg: parameterFields(fvgStrategySchema),
  liquiditySweep: parameterFields(liquiditySweepStrategySchema),
  breakout: parameterFields(breakoutStrategySchema),
  meanReversion: parameterFields(meanReversionStrategySchema),
  pairs: parameterFields(pairsStrategySchema),
};

const EXECUTION = parameterFields(executionConfigSchema);
const SIZING = parameterFields(sizingConfigSchema);
const DETECTOR = parameterFields(detectorConfigSchema);
const DECISION = parameterFields(decisionConfigSchema);

/** Fourth step: what is traded, and how the patterns are found. */
export function StrategiesStep({ form }: { form: FormBinding }) {
  if (form.values["/type"] === "executor") return <ExecutionStep form={form} />;
  const isByModels = form.values["/type"] === "decision_engine";
  return (
    <>
      {isByModels && (
        <section class="strategy strategy-on">
          <h3>Votes of models</h3>
          <ParameterInputs form={form} pointer="/decision" fields={DECISION} />
        </section>
      )}
      {!isByModels && STRATEGY_WORDS.map(({ key, title, text }) => {
        const pointer = `/strategies/${key}`;
        const isOn = form.values[`${pointer}/enabled`] === true;
        return (
          <section key={key} class={isOn ? "strategy strategy-on" : "strategy"}>
            <TickInput
              form={form}
              pointer={`${pointer}/enabled`}
              label={title}
              help={text}
            />
            {isOn && (
              <Disclosure title="Parameters">
                <ParameterInputs
                  form={form}
                  pointer={pointer}
                  fields={FIELDS[key]}
                />
              </Disclosure>
            )}
          </section>
        );
      })}
      <section class="strategy">
        <TickInput
          form={form}
          pointer="/signalsOnly"
          label="Signals only"
          help="Report patterns and decisions; place no orders"
        />
      </section>
      <Disclosure title="Position sizing">
        <ParameterInputs form={form} pointer="/sizing" fields={SIZING} />
      </Disclosure>
      <Disclosure title="Pattern detector">
        <ParameterInputs form={form} pointer="/detector" fields={DETECTOR} />
      </Disclosure>
    </>
  );
}

/** The same for an executor: how it trades what it hears. */
function ExecutionStep({ form }: { form: FormBinding }) {
  return (
    <>
      <p class="muted">
        An executor has no strategies of its own: it trades the signals of the
        agents it listens to, always with their stop and target.
      </p>
      <ParameterInputs form={form} pointer="/execution" fields={EXECUTION} />
    </>
  );
}

function Disclosure(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <details class="disclosure">
      <summary>{title}</summary>
      {children}
    </details>
  );
}
