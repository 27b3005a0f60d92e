import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AgentDetail } from "../../contracts/agent.ts";
import { RISK_FIELDS } from "./limit_texts.ts";
import { Button } from "../Button.tsx";
import { api, offlineReason } from "../client/live.ts";
import { Dialog } from "../Dialog.tsx";
import { Banner } from "../Feedback.tsx";
import { Field } from "../Field.tsx";
import { plural, quoteOf } from "../format.ts";
import {
  commonLimit,
  limitErrors,
  type LimitTexts,
  loadDetails,
  NO_LIMITS,
  saveLimits,
} from "./batch_limits.ts";
import type { CommandResult } from "./batch_report.ts";
import type { Commands } from "./commands.ts";
import type { FleetAgent } from "./fleet_agent.ts";

/** What the dialog needs. */
export interface BatchLimitsProps {
  /** Of one type. */
  agents: readonly FleetAgent[];
  commands: Commands;
  onClose: () => void;
}

/** Edits the risk limits of several agents at once; the result is told agent by agent. */
export default function BatchLimits(props: BatchLimitsProps) {
  return (
    <Dialog
      label="Edit risk limits of several agents"
      open
      onClose={props.onClose}
      testId="batch-limits"
    >
      <LimitsForm {...props} />
    </Dialog>
  );
}

function LimitsForm({ agents, commands, onClose }: BatchLimitsProps) {
  const loaded = useSignal<
    { details: AgentDetail[]; failed: CommandResult[] } | null
  >(null);
  const typed = useSignal<LimitTexts>(NO_LIMITS);
  const errors = useSignal<Readonly<Record<string, string>>>({});
  const isSaving = useSignal(false);
  useEffect(() => {
    void loadDetails(agents, api).then((found) => loaded.value = found);
  }, []);
  const details = loaded.value?.details ?? [];
  const failed = loaded.value?.failed ?? [];
  const isEmpty = RISK_FIELDS.every(({ key }) =>
    typed.value[key].trim() === ""
  );
  const submit = async () => {
    errors.value = isEmpty ? {} : limitErrors(details, typed.value);
    if (isEmpty || Object.keys(errors.value).length > 0) return;
    isSaving.value = true;
    await saveAll({ details, typed: typed.value, failed, commands });
    onClose();
  };
  return (
    <form
      class="dialog-body"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>Risk limits of {plural(agents.length, "agent")}</h2>
      <p class="muted">
        An empty field leaves each agent’s own limit. Each is saved against the
        version that is stored now; one that somebody changes meanwhile is left
        alone and told.
      </p>
      {failed.length > 0 && (
        <Banner tone="warn">
          {plural(failed.length, "agent")}{" "}
          could not be read and will be left alone:{" "}
          {failed.map(({ name }) => name).join(", ")}
        </Banner>
      )}
      <LimitFields details={details} typed={typed} errors={errors.value} />
      <div class="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          kind="primary"
          busy={isSaving.value || loaded.value === null}
          disabledReason={offlineReason() ??
            (isEmpty ? "Type at least one limit" : null)}
          data-testid="batch-limits-save"
        >
          Save {plural(details.length, "agent")}
        </Button>
      </div>
    </form>
  );
}

function LimitFields(
  { details, typed, errors }: {
    details: readonly AgentDetail[];
    typed: Signal<LimitTexts>;
    errors: Readonly<Record<string, string>>;
  },
) {
  const units = new Set(details.map(({ symbol }) => quoteOf(symbol)));
  return (
    <>
      {RISK_FIELDS.map(({ key, label, unit }) => (
        <Field
          key={key}
          name={key}
          label={label}
          unit={unit === "" ? [...units].join(", ") : unit}
          error={errors[key] ?? null}
        >
          <input
            class="input"
            type="text"
            inputMode="decimal"
            autocomplete="off"
            placeholder={placeholder(details, key)}
            value={typed.value[key]}
            data-testid={`field-${key}`}
            onInput={(event) =>
              typed.value = {
                ...typed.value,
                [key]: event.currentTarget.value,
              }}
          />
        </Field>
      ))}
    </>
  );
}

function placeholder(
  details: readonly AgentDetail[],
  key: (typeof RISK_FIELDS)[number]["key"],
): string {
  if (details.length === 0) return "";
  const common = commonLimit(details, key);
  return common === null ? "differs" : `${common} now`;
}

/** Saves, asks for a proof where one is wanted, and shows the result of each. */
async function saveAll(
  { details, typed, failed, commands }: {
    details: readonly AgentDetail[];
    typed: LimitTexts;
    failed: readonly CommandResult[];
    commands: Commands;
  },
): Promise<void> {
  const saved = await saveLimits(details, typed, api);
  const waiting = new Set(
    saved.filter(({ needsProof }) => needsProof).map(({ id }) => id),
  );
  if (waiting.size > 0) {
    commands.unproven.value = {
      goOn: "Prove and save",
      run: () =>
        saveAll({
          details: details.filter(({ id }) => waiting.has(id)),
          typed,
          failed: [],
          commands,
        }),
    };
  }
  const results = [
    ...failed,
    ...saved.filter(({ needsProof }) => needsProof !== true),
  ];
  if (results.length > 0) commands.report.value = { done: "saved", results };
}
