import type { ComponentChildren } from "preact";
import {
  detectorConfigSchema,
  fvgStrategySchema,
  orderBlockStrategySchema,
} from "../../contracts/strategies.ts";
import { Glyph } from "../Glyph.tsx";
import {
  type FormBinding,
  NumberInput,
  SelectInput,
  TickInput,
} from "./inputs.tsx";
import { type ParameterField, parameterFields } from "./schema_fields.ts";

const OFFERED = [
  {
    key: "orderBlock",
    title: "Order Block Trading",
    text:
      "Limit entry at the retest of an order block in the direction of structure",
    fields: parameterFields(orderBlockStrategySchema),
  },
  {
    key: "fvg",
    title: "FVG Trading",
    text:
      "Limit entry at the return into a fair value gap in the direction of structure",
    fields: parameterFields(fvgStrategySchema),
  },
] as const;

const NOT_OFFERED = [
  {
    title: "Liquidity Sweep",
    reason:
      "The detector draws sweeps; no tested strategy trades them in this version",
  },
  {
    title: "Breakout Trading",
    reason:
      "The detector draws BOS and CHoCH; no tested strategy trades them in this version",
  },
  { title: "Mean Reversion", reason: "Not in this version" },
] as const;

const DETECTOR = parameterFields(detectorConfigSchema);

/** Fourth step: what is traded, and how the patterns are found. */
export function StrategiesStep({ form }: { form: FormBinding }) {
  return (
    <>
      {OFFERED.map(({ key, title, text, fields }) => {
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
                  fields={fields}
                />
              </Disclosure>
            )}
          </section>
        );
      })}
      {NOT_OFFERED.map(({ title, reason }) => (
        <section key={title} class="strategy strategy-off">
          <div class="tick">
            <input type="checkbox" id={`off-${title}`} disabled />
            <label for={`off-${title}`}>{title}</label>
            <p class="field-help">
              <Glyph name="cross" /> {reason}
            </p>
          </div>
        </section>
      ))}
      <section class="strategy">
        <TickInput
          form={form}
          pointer="/signalsOnly"
          label="Signals only"
          help="Report patterns and decisions; place no orders"
        />
      </section>
      <Disclosure title="Pattern detector">
        <ParameterInputs form={form} pointer="/detector" fields={DETECTOR} />
      </Disclosure>
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

const CHOICE_LABELS: Readonly<Record<string, string>> = {
  edge: "Near edge of the zone",
  middle: "Middle of the zone",
};

function ParameterInputs(
  { form, pointer, fields }: {
    form: FormBinding;
    pointer: string;
    fields: readonly ParameterField[];
  },
) {
  return (
    <div class="parameters">
      {fields.map((field) =>
        field.kind === "number"
          ? (
            <NumberInput
              key={field.key}
              form={form}
              pointer={`${pointer}/${field.key}`}
              label={field.label}
              unit={field.unit}
              min={field.min}
              max={field.max}
              step={field.step}
              help={`${field.help} (${field.min} to ${field.max})`}
            />
          )
          : (
            <SelectInput
              key={field.key}
              form={form}
              pointer={`${pointer}/${field.key}`}
              label={field.label}
              help={field.help}
              options={field.options.map((value) => ({
                value,
                label: CHOICE_LABELS[value] ?? value,
              }))}
            />
          )
      )}
    </div>
  );
}
