/** Inputs of the spawn dialog, all bound to one field of the form by its JSON pointer. */
import type { ComponentChildren } from "preact";
import { Field } from "../Field.tsx";
import {
  type FieldErrors,
  fieldName,
  type FormValue,
  type SpawnAction,
} from "../spawn_form.ts";

/** What every input needs of the dialog. */
export interface FormBinding {
  values: Readonly<Record<string, FormValue>>;
  /** Errors that may be shown. */
  errors: FieldErrors;
  /** Warnings of the server by pointer. */
  warnings: Readonly<Record<string, string>>;
  dispatch: (action: SpawnAction) => void;
  /** Where an existing configuration is edited: fields that differ from what is stored. */
  changed?: ReadonlySet<string>;
  /** The same: fields that cannot be changed any more, and are left out. */
  fixed?: ReadonlySet<string>;
  /** A form that is posted: what only works with script is left out. */
  isPlain?: true;
  /** A form that works with script and is posted without: a tick that is off is sent, too. */
  isPosted?: true;
}

interface InputProps {
  form: FormBinding;
  pointer: string;
  label: ComponentChildren;
  help?: ComponentChildren;
}

function textOf(form: FormBinding, pointer: string): string {
  return String(form.values[pointer] ?? "");
}

function fieldProps({ form, pointer, label, help }: InputProps) {
  return {
    name: fieldName(pointer),
    label: labelOf({ form, pointer, label }),
    ...(help === undefined ? {} : { help }),
    error: form.errors[pointer] ?? null,
    warning: form.warnings[pointer] ?? null,
  };
}

/** The label, and that the field was changed. */
function labelOf({ form, pointer, label }: InputProps): ComponentChildren {
  if (form.changed?.has(pointer) !== true) return label;
  return (
    <>
      {label} <span class="changed">changed</span>
    </>
  );
}

function handlers({ form, pointer }: InputProps) {
  const { dispatch } = form;
  return {
    onInput: (event: { currentTarget: { value: string } }) =>
      dispatch({ type: "edit", pointer, value: event.currentTarget.value }),
    onBlur: () => dispatch({ type: "leave", pointer }),
    "data-testid": `field-${fieldName(pointer)}`,
    name: pointer,
  };
}

/** A line of text, with suggestions where there are some. */
export function TextInput(
  props: InputProps & { suggestions?: readonly string[]; hint?: string },
) {
  const { form, pointer, suggestions, hint } = props;
  if (form.fixed?.has(pointer)) return null;
  const listId = `${fieldName(pointer)}-list`;
  return (
    <>
      <Field {...fieldProps(props)}>
        <input
          class="input"
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={textOf(form, pointer)}
          {...(hint === undefined ? {} : { placeholder: hint })}
          {...(suggestions === undefined ? {} : { list: listId })}
          {...handlers(props)}
        />
      </Field>
      {suggestions !== undefined && (
        <datalist id={listId}>
          {suggestions.map((value) => <option key={value} value={value} />)}
        </datalist>
      )}
    </>
  );
}

/** A choice of few. */
export function SelectInput(
  props: InputProps & {
    options: readonly { value: string; label: string; disabled?: boolean }[];
  },
) {
  const { form, pointer, options } = props;
  const { onInput, ...rest } = handlers(props);
  return (
    <Field {...fieldProps(props)}>
      <select
        class="select"
        value={textOf(form, pointer)}
        onChange={onInput}
        {...rest}
      >
        {options.map(({ value, label, disabled = false }) => (
          <option key={value} value={value} disabled={disabled}>{label}</option>
        ))}
      </select>
    </Field>
  );
}

/** A number by slider and by typing; both set the same value. */
export function NumberInput(
  props: InputProps & {
    unit: string;
    min: number;
    max: number;
    step: number;
    log?: boolean;
  },
) {
  const { form, pointer, unit, min, max, step, log = false } = props;
  const { dispatch } = form;
  if (form.fixed?.has(pointer)) return null;
  const text = textOf(form, pointer);
  const name = fieldName(pointer);
  const position = toPosition(Number(text), { min, max, log });
  return (
    <Field
      {...fieldProps(props)}
      unit={unit}
      aside={form.isPlain !== true && (
        <input
          ref={(element) =>
            element?.style.setProperty(
              "--fill",
              `${position / SLIDER_STEPS * 100}%`,
            )}
          type="range"
          class="slider"
          min="0"
          max={String(SLIDER_STEPS)}
          step="1"
          value={String(position)}
          aria-label={`${
            typeof props.label === "string" ? props.label : name
          }, slider`}
          aria-valuetext={`${text} ${unit}`}
          data-testid={`slider-${name}`}
          onInput={(event) =>
            dispatch({
              type: "edit",
              pointer,
              value: fromPosition(Number(event.currentTarget.value), {
                min,
                max,
                step,
                log,
              }),
            })}
          onBlur={() => dispatch({ type: "leave", pointer })}
        />
      )}
    >
      <input
        class="input input-number"
        type="text"
        inputMode="decimal"
        autocomplete="off"
        value={text}
        {...handlers(props)}
      />
    </Field>
  );
}

/** Positions of a slider; fine enough for every range of the contracts. */
const SLIDER_STEPS = 200;

/** Where a value is on the slider; a value outside the range sticks at its end. */
export function toPosition(
  value: number,
  { min, max, log }: { min: number; max: number; log: boolean },
): number {
  if (!Number.isFinite(value)) return 0;
  const bound = Math.min(max, Math.max(min, value));
  const share = log
    ? Math.log(bound / min) / Math.log(max / min)
    : (bound - min) / (max - min);
  return Math.round(share * SLIDER_STEPS);
}

/** The value at a position, a whole multiple of `step`; on long ranges two digits are enough. */
export function fromPosition(
  position: number,
  { min, max, step, log }: {
    min: number;
    max: number;
    step: number;
    log: boolean;
  },
): string {
  const share = position / SLIDER_STEPS;
  const exact = log ? min * (max / min) ** share : min + share * (max - min);
  const coarse = log
    ? Math.max(step, 10 ** (Math.floor(Math.log10(exact)) - 1))
    : step;
  const value = Math.min(
    max,
    Math.max(min, Math.round(exact / coarse) * coarse),
  );
  const digits = (String(step).split(".")[1] ?? "").length;
  return String(Number(value.toFixed(digits)));
}

/** A tick with its meaning beside it. */
export function TickInput(
  { form, pointer, label, help }: InputProps,
) {
  const name = fieldName(pointer);
  return (
    <div class="tick">
      <input
        type="checkbox"
        id={name}
        name={pointer}
        checked={form.values[pointer] === true}
        data-testid={`field-${name}`}
        {...(help === undefined ? {} : { "aria-describedby": `${name}-help` })}
        onChange={(event) =>
          form.dispatch({
            type: "edit",
            pointer,
            value: event.currentTarget.checked,
          })}
      />
      {/* What is not ticked is not sent: this is read in its place. */}
      {(form.isPlain ?? form.isPosted) === true && (
        <input type="hidden" name={pointer} value="off" />
      )}
      <label for={name}>{labelOf({ form, pointer, label })}</label>
      {help !== undefined && (
        <p class="field-help" id={`${name}-help`}>{help}</p>
      )}
    </div>
  );
}
