import type { ComponentChildren } from "preact";
import { OBJECTIVES } from "../../contracts/backtest.ts";
import { costsConfigSchema } from "../../contracts/costs.ts";
import { Field } from "../Field.tsx";
import {
  type FormBinding,
  SelectInput,
  TextInput,
  TickInput,
} from "../spawn/inputs.tsx";
import { ParameterInputs } from "../spawn/ParameterInputs.tsx";
import { parameterFields } from "../spawn/schema_fields.ts";
import { keysOf } from "../words.ts";
import { OBJECTIVE_WORDS, STUDY_WORDS } from "./backtest_words.ts";

const STUDIES = keysOf(STUDY_WORDS).map((value) => ({
  value,
  label: STUDY_WORDS[value],
}));
const OBJECTIVE_OPTIONS = OBJECTIVES.map((value) => ({
  value,
  label: OBJECTIVE_WORDS[value],
}));

/** A part that is folded away until it is wanted. */
export function Part(
  { title, open = false, children }: {
    title: string;
    open?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <details class="disclosure run-part" open={open}>
      <summary>{title}</summary>
      <div class="run-fields">{children}</div>
    </details>
  );
}

/** What is done with the candles. */
export function StudyFields({ form }: { form: FormBinding }) {
  const kind = form.values["/study/kind"];
  return (
    <fieldset class="run-fields">
      <legend>Study</legend>
      <SelectInput
        form={form}
        pointer="/study/kind"
        label="Kind"
        options={STUDIES}
        help={kind === "single"
          ? "One run with the configuration as it is"
          : kind === "sweep"
          ? "One run for every combination; the best one is shown in full. The best of many is partly luck"
          : "Each fold trades the best set of its training part on the part after it, which it has not seen"}
      />
      {kind !== "single" && <GridField form={form} />}
      {kind !== "single" && (
        <SelectInput
          form={form}
          pointer="/study/objective"
          label="Better means more"
          options={OBJECTIVE_OPTIONS}
        />
      )}
      {kind === "walk_forward" && (
        <div class="run-pair">
          <TextInput form={form} pointer="/study/folds" label="Folds" />
          <TextInput
            form={form}
            pointer="/study/trainPct"
            label="Training part, %"
          />
        </div>
      )}
    </fieldset>
  );
}

function GridField({ form }: { form: FormBinding }) {
  const pointer = "/study/grid";
  return (
    <Field
      name="grid"
      label="Values to try"
      help="One setting a line, by its path: strategies.fvg.minGapAtr = 0.3, 0.5, 0.8"
      error={form.errors[pointer] ?? null}
    >
      <textarea
        class="input run-grid input-mono"
        rows={4}
        spellcheck={false}
        value={String(form.values[pointer] ?? "")}
        placeholder="strategies.fvg.minGapAtr = 0.3, 0.5, 0.8"
        name={pointer}
        data-testid="field-grid"
        onInput={(event) =>
          form.dispatch({
            type: "edit",
            pointer,
            value: event.currentTarget.value,
          })}
        onBlur={() => form.dispatch({ type: "leave", pointer })}
      />
    </Field>
  );
}

/** Reruns that tell how much a result means. */
export function CheckFields({ form }: { form: FormBinding }) {
  return (
    <>
      <TickInput
        form={form}
        pointer="/lookAheadCheck"
        label="Look-ahead check"
        help="Runs again on shorter data; the trades must be the same"
      />
      <TextInput
        form={form}
        pointer="/monteCarloRuns"
        label="Monte Carlo draws"
        help="The same trades in other orders; 0 leaves it out"
      />
      <TextInput
        form={form}
        pointer="/randomEntryRuns"
        label="Random-entry runs"
        help="Entries by chance with the same stops, to compare with; 0 leaves it out"
      />
    </>
  );
}

const COSTS = parameterFields(costsConfigSchema);

/** What trading costs in the simulated fills. */
export function CostFields({ form }: { form: FormBinding }) {
  return <ParameterInputs form={form} pointer="/costs" fields={COSTS} />;
}
