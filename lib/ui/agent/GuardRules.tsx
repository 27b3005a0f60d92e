import { GUARD_ACTIONS } from "../../contracts/guard_config.ts";
import {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasureName,
} from "../../contracts/risk.ts";
import type { FormBinding } from "../spawn/inputs.tsx";

/** Numbers of a rule, in order, with their labels. */
const RULE_NUMBERS = [
  { key: "warning", label: "Warning" },
  { key: "limit", label: "Limit" },
  { key: "release", label: "Release" },
] as const;

/** Switches of a rule. */
const RULE_TICKS = [
  { key: "enabled", label: "In force" },
  { key: "latched", label: "Until released" },
  { key: "flatten", label: "Close positions" },
] as const;

/** The rules of a risk manager as a table of inputs. */
export function GuardRules({ form }: { form: FormBinding }) {
  return (
    <div
      class="table-scroll guard-scroll"
      tabIndex={0}
      role="region"
      aria-label="Rules, scrollable"
    >
      <table class="table guard-rules">
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
            <RuleRow key={measure} measure={measure} form={form} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RuleRow(
  { measure, form }: { measure: RiskMeasureName; form: FormBinding },
) {
  const { label, unit } = RISK_MEASURES[measure];
  const at = (key: string) => `/guard/rules/${measure}/${key}`;
  const edit = (key: string, value: string | boolean) =>
    form.dispatch({ type: "edit", pointer: at(key), value });
  const keys = [
    "action",
    ...[...RULE_NUMBERS, ...RULE_TICKS].map((one) => one.key),
  ];
  const isChanged = keys.some((key) => form.changed?.has(at(key)) === true);
  const error = keys.map((key) => form.errors[at(key)]).find(Boolean);
  return (
    <tr>
      <th scope="row">
        {unit === "" ? label : `${label}, ${unit}`}
        {isChanged && <span class="changed">changed</span>}
        {error !== undefined && <p class="field-error">{error}</p>}
      </th>
      {RULE_NUMBERS.map((number) => (
        <td key={number.key} class="cell-num" data-label={number.label}>
          <input
            class="input"
            type="text"
            inputMode="decimal"
            size={6}
            value={String(form.values[at(number.key)] ?? "")}
            aria-label={`${number.label} of ${label}`}
            {...(form.errors[at(number.key)] === undefined
              ? {}
              : { "aria-invalid": "true" as const })}
            data-testid={`field-${measure}-${number.key}`}
            onInput={(event) =>
              edit(number.key, event.currentTarget.value)}
          />
        </td>
      ))}
      <td data-label="Action">
        <select
          class="select"
          value={String(form.values[at("action")] ?? "")}
          aria-label={`Action of ${label}`}
          onChange={(event) => edit("action", event.currentTarget.value)}
        >
          {GUARD_ACTIONS.map((action) => (
            <option key={action} value={action}>{action}</option>
          ))}
        </select>
      </td>
      {RULE_TICKS.map((tick) => (
        <td key={tick.key} data-label={tick.label}>
          <input
            type="checkbox"
            checked={form.values[at(tick.key)] === true}
            aria-label={`${tick.label}: ${label}`}
            data-testid={`field-${measure}-${tick.key}`}
            onChange={(event) => edit(tick.key, event.currentTarget.checked)}
          />
        </td>
      ))}
    </tr>
  );
}
