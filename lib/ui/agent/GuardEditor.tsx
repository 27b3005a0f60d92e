import { type Signal, useSignal } from "@preact/signals";
import type { AgentDetail } from "../../contracts/agent.ts";
import {
  GUARD_ACTIONS,
  type GuardAction,
} from "../../contracts/guard_config.ts";
import {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasureName,
} from "../../contracts/risk.ts";
import { ApiProblem, explain } from "../client/api_client.ts";
import { ConfigForm, type SaveEffects, useConfigSaver } from "./ConfigForm.tsx";
import {
  applyRules,
  guardTexts,
  RULE_NUMBERS,
  RULE_TICKS,
  type RuleTexts,
} from "./guard_edit.ts";

/** What the editor needs. */
export interface GuardEditorProps {
  agent: AgentDetail;
  onClose: () => void;
  onSaved: () => void;
}

type Texts = Readonly<Record<RiskMeasureName, RuleTexts>>;

const EFFECTS: SaveEffects = {
  applied: "The new rules hold from now on; what is latched stays",
  needs_restart: "Restart the risk manager for the new rules to hold",
  stored: "The new rules hold from the next start",
};

/** Edits the rules of a risk manager against the version that was seen. */
export function GuardEditor({ agent, onClose, onSaved }: GuardEditorProps) {
  const base = useSignal(agent);
  const texts = useSignal<Texts>(guardTexts(agent.config));
  const failures = useSignal<readonly string[]>([]);
  const saver = useConfigSaver({
    effects: EFFECTS,
    onSaved,
    onRefused: (error) => void (failures.value = failuresOf(error)),
  });
  const save = () => {
    const result = applyRules(base.value.config, texts.value);
    failures.value = "errors" in result ? result.errors : [];
    if (!("errors" in result)) {
      void saver.save({ onto: base.value, config: result.config });
    }
  };
  return (
    <ConfigForm
      name="guard-editor"
      failure={failures.value.length > 0 ? failures.value.join(". ") : null}
      saver={saver}
      onSubmit={save}
      onClose={onClose}
    >
      <RuleInputs texts={texts} />
    </ConfigForm>
  );
}

function RuleInputs({ texts }: { texts: Signal<Texts> }) {
  return (
    <table class="table">
      <caption class="sr-only">Rules</caption>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          {RULE_NUMBERS.map(({ key, label }) => (
            <th key={key} scope="col" class="cell-num">{label}</th>
          ))}
          <th scope="col">Action</th>
          {RULE_TICKS.map(({ key, label }) => (
            <th key={key} scope="col">{label}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {RISK_MEASURE_NAMES.map((measure) => (
          <RuleRow
            key={measure}
            measure={measure}
            rule={texts.value[measure]}
            onEdit={(change) =>
              texts.value = {
                ...texts.value,
                [measure]: { ...texts.value[measure], ...change },
              }}
          />
        ))}
      </tbody>
    </table>
  );
}

function RuleRow(
  { measure, rule, onEdit }: {
    measure: RiskMeasureName;
    rule: RuleTexts;
    onEdit: (change: Partial<RuleTexts>) => void;
  },
) {
  const { label, unit } = RISK_MEASURES[measure];
  return (
    <tr>
      <th scope="row">{unit === "" ? label : `${label}, ${unit}`}</th>
      {RULE_NUMBERS.map((number) => (
        <td key={number.key} class="cell-num">
          <input
            class="input"
            type="text"
            inputMode="decimal"
            size={6}
            value={rule[number.key]}
            aria-label={`${number.label} of ${label}`}
            data-testid={`field-${measure}-${number.key}`}
            onInput={(event) =>
              onEdit({ [number.key]: event.currentTarget.value })}
          />
        </td>
      ))}
      <td>
        <select
          class="input"
          value={rule.action}
          aria-label={`Action of ${label}`}
          onChange={(event) =>
            onEdit({ action: event.currentTarget.value as GuardAction })}
        >
          {GUARD_ACTIONS.map((action) => (
            <option key={action} value={action}>{action}</option>
          ))}
        </select>
      </td>
      {RULE_TICKS.map((tick) => (
        <td key={tick.key}>
          <input
            type="checkbox"
            checked={rule[tick.key]}
            aria-label={`${tick.label}: ${label}`}
            data-testid={`field-${measure}-${tick.key}`}
            onChange={(event) =>
              onEdit({ [tick.key]: event.currentTarget.checked })}
          />
        </td>
      ))}
    </tr>
  );
}

function failuresOf(error: unknown): string[] {
  const errors = error instanceof ApiProblem ? error.problem.errors : undefined;
  return errors === undefined || errors.length === 0
    ? [explain(error)]
    : errors.map(({ detail }) => detail);
}
