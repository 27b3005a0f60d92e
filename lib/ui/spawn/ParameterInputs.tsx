import { EXECUTION_WORDS } from "../execution_words.ts";
import { SIZING_WORDS } from "../strategy_words.ts";
import {
  type FormBinding,
  NumberInput,
  SelectInput,
  TextInput,
  TickInput,
} from "./inputs.tsx";
import type { ParameterField } from "./schema_fields.ts";

const CHOICE_LABELS: Readonly<Record<string, string>> = {
  edge: "Near edge of the zone",
  middle: "Middle of the zone",
  next_open: "Next open",
  internal_choch: "After internal structure has turned",
  donchian: "Channel of the last candles",
  swing: "Last swing",
  target: "Fixed target",
  trail: "Trailing stop",
  ...SIZING_WORDS,
  ...EXECUTION_WORDS,
};

/** The inputs of one group of parameters. */
export function ParameterInputs(
  { form, pointer, fields }: {
    form: FormBinding;
    pointer: string;
    fields: readonly ParameterField[];
  },
) {
  return (
    <div class="parameters">
      {fields.map((field) => (
        <ParameterInput
          key={field.key}
          form={form}
          pointer={`${pointer}/${field.key}`}
          field={field}
        />
      ))}
    </div>
  );
}

function ParameterInput(
  { form, pointer, field }: {
    form: FormBinding;
    pointer: string;
    field: ParameterField;
  },
) {
  const { label, help } = field;
  switch (field.kind) {
    case "number":
      return (
        <NumberInput
          form={form}
          pointer={pointer}
          label={label}
          unit={field.unit}
          min={field.min}
          max={field.max}
          step={field.step}
          help={`${help} (${field.min} to ${field.max})`}
        />
      );
    case "choice":
      return (
        <SelectInput
          form={form}
          pointer={pointer}
          label={label}
          help={help}
          options={field.options.map((value) => ({
            value,
            label: CHOICE_LABELS[value] ?? value,
          }))}
        />
      );
    case "tick":
      return (
        <TickInput form={form} pointer={pointer} label={label} help={help} />
      );
    case "text":
      return (
        <TextInput form={form} pointer={pointer} label={label} help={help} />
      );
  }
}
