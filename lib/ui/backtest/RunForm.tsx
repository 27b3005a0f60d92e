import type { AgentTemplate } from "../../contracts/template.ts";
import type { CandleFile } from "../../contracts/feed.ts";
import { Button } from "../Button.tsx";
import { Banner } from "../Feedback.tsx";
import { Field } from "../Field.tsx";
import {
  type FormBinding,
  NumberInput,
  SelectInput,
  TextInput,
} from "../spawn/inputs.tsx";
import { RiskStep } from "../spawn/RiskStep.tsx";
import { StrategiesStep } from "../spawn/StrategiesStep.tsx";
import { keysOf, TIMEFRAME_WORDS } from "../words.ts";
import { CheckFields, CostFields, Part, StudyFields } from "./RunFormParts.tsx";
import { type FormToken, FormTokenField } from "./FormToken.tsx";
import { RunSource } from "./RunSource.tsx";
import type { RunSession } from "./run_session.ts";
import type { TestableAgent } from "./run_start.ts";

const TIMEFRAMES = keysOf(TIMEFRAME_WORDS).map((value) => ({
  value,
  label: TIMEFRAME_WORDS[value],
}));
/** What the form needs besides its session. */
export interface RunFormProps {
  session: RunSession;
  token: FormToken;
  templates: readonly AgentTemplate[];
  agents: readonly TestableAgent[];
  files: readonly CandleFile[];
  /** Why no run can be started, or null. */
  refusal: string | null;
}

/** Everything that a run is made from, on one page. */
export function RunForm(props: RunFormProps) {
  const { session, refusal } = props;
  const config = session.configForm;
  return (
    <form
      class="run-form card"
      method="post"
      action="/backtests"
      noValidate
      aria-label="New backtest"
      data-testid="backtest-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!session.sending.value && refusal === null) void session.submit();
      }}
    >
      <FormTokenField token={props.token} />
      <h2>New backtest</h2>
      <RunSource {...props} />
      <DataFields {...props} />
      <Part title="Costs: fees, slippage, latency" open>
        <CostFields form={config} />
      </Part>
      <StudyFields form={session.runForm} />
      <Part title="Strategies and detector">
        <StrategiesStep form={config} />
      </Part>
      <Part title="Capital and risk limits">
        <RiskStep form={config} />
      </Part>
      <Part title="Checks on the result">
        <CheckFields form={session.runForm} />
      </Part>
      <div class="run-submit">
        {session.problem.value !== null && (
          <Banner tone="danger" testId="run-problem">
            {session.problem.value}
          </Banner>
        )}
        <Button
          type="submit"
          name="action"
          value="check"
          class="needs-no-script"
        >
          Check and update the fields
        </Button>
        <Button
          type="submit"
          name="action"
          value="run"
          kind="primary"
          class="btn-wide"
          busy={session.sending.value}
          disabledReason={refusal}
          data-testid="backtest-run"
        >
          Run backtest
        </Button>
      </div>
      <p class="field-help">
        Simulated fills with fees. Past results say nothing about the future.
      </p>
    </form>
  );
}

function DataFields({ session, files }: RunFormProps) {
  const form = session.runForm;
  const isFile = form.values["/data/kind"] === "file";
  return (
    <fieldset class="run-fields">
      <legend>Candles</legend>
      <SelectInput
        form={form}
        pointer="/data/kind"
        label="Source"
        options={[
          { value: "simulated", label: "Simulated market" },
          {
            value: "file",
            label: files.length === 0
              ? "Candle file (the folder is empty)"
              : "Candle file",
            disabled: files.length === 0,
          },
        ]}
      />
      {isFile && <FileFields session={session} files={files} />}
      <div class="run-pair">
        <TextInput
          form={session.configForm}
          pointer="/symbol"
          label="Market"
          suggestions={["BTC/USDT", "ETH/USDT", "SOL/USDT"]}
        />
        <SelectInput
          form={session.configForm}
          pointer="/timeframe"
          label="Timeframe"
          options={TIMEFRAMES}
        />
      </div>
      {!isFile && (
        <NumberInput
          form={form}
          pointer="/data/candles"
          label="Candles"
          unit=""
          min={100}
          max={1_000_000}
          step={100}
          log
        />
      )}
      <div class="run-pair">
        {!isFile && (
          <TextInput
            form={form}
            pointer="/data/dataSeed"
            label="Market seed"
          />
        )}
        <TextInput
          form={session.configForm}
          pointer="/seed"
          label="Venue seed"
        />
      </div>
    </fieldset>
  );
}

function FileFields(
  { session, files }: Pick<RunFormProps, "session" | "files">,
) {
  const form = session.runForm;
  const names = files.map(({ file }) => ({ value: file, label: file }));
  return (
    <>
      <SelectInput
        form={{
          ...form,
          dispatch: (action) =>
            action.type === "edit"
              ? session.chooseFile(String(action.value))
              : form.dispatch(action),
        }}
        pointer="/data/file"
        label="File"
        options={[{ value: "", label: "Choose a file" }, ...names]}
      />
      {session.config.value["/strategies/pairs/enabled"] === true && (
        <SelectInput
          form={form}
          pointer="/data/hedgeFile"
          label="File of the second market, for pairs"
          options={[{ value: "", label: "Choose a file" }, ...names]}
        />
      )}
      <div class="run-pair">
        <DayInput form={form} pointer="/data/from" label="From" />
        <DayInput form={form} pointer="/data/to" label="To (included)" />
      </div>
    </>
  );
}

function DayInput(
  { form, pointer, label }: {
    form: FormBinding;
    pointer: string;
    label: string;
  },
) {
  const name = pointer.slice(1).replace("/", "-");
  return (
    <Field name={name} label={label} error={form.errors[pointer] ?? null}>
      <input
        class="input"
        type="date"
        name={pointer}
        value={String(form.values[pointer] ?? "")}
        data-testid={`field-${name}`}
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
