import type { BacktestView } from "../../contracts/backtest.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { Button } from "../Button.tsx";
import { Card } from "../Card.tsx";
import { FormError } from "../FormError.tsx";
import { Field } from "../Field.tsx";
import { formatCount, formatPercent } from "../format.ts";

/** What was typed into the form. */
export interface ExportFields {
  /** `template:NAME`, `agent:ID` or `team:ID`. */
  source: string;
  name: string;
  author: string;
  backtests: readonly string[];
}

/** What can be shared. */
export interface Shareable {
  id: string;
  name: string;
}

/** Signs a template, an agent or a team, and gives the file. */
export function ExportForm(
  { templates, agents, teams, runs, fields, error, refusal }: {
    templates: readonly AgentTemplate[];
    agents: readonly Shareable[];
    teams: readonly Shareable[];
    /** Backtests that are done. */
    runs: readonly BacktestView[];
    fields: ExportFields;
    error: string | null;
    refusal: string | null;
  },
) {
  const option = (value: string, label: string) => (
    <option key={value} value={value} selected={value === fields.source}>
      {label}
    </option>
  );
  return (
    <Card title="Share" id="share">
      <p class="library-lead">
        A signed file with the configuration and, if you like, backtests of it.
        Keys, accounts and ids of agents stay here, and what is shared is always
        one on paper; limits go along as a proposal.
      </p>
      {error !== null && <FormError message={error} />}
      <form method="post" class="library-form" data-testid="bundle-export">
        <Field name="source" label="What">
          <select class="select" name="source">
            <optgroup label="Templates">
              {templates.map(({ name, title }) =>
                option(`template:${name}`, title)
              )}
            </optgroup>
            {agents.length > 0 && (
              <optgroup label="Agents">
                {agents.map(({ id, name }) => option(`agent:${id}`, name))}
              </optgroup>
            )}
            {teams.length > 0 && (
              <optgroup label="Teams">
                {teams.map(({ id, name }) => option(`team:${id}`, name))}
              </optgroup>
            )}
          </select>
        </Field>
        <Field
          name="name"
          label="Name of the template elsewhere"
          help="Lower-case letters, digits and dashes"
        >
          <input
            class="input"
            name="name"
            value={fields.name}
            required
            maxLength={40}
            autocomplete="off"
          />
        </Field>
        <Field
          name="author"
          label="Your name as its author"
          help="Everybody who gets the file sees it"
        >
          <input
            class="input"
            name="author"
            value={fields.author}
            required
            maxLength={60}
            autocomplete="nickname"
          />
        </Field>
        <Runs runs={runs} chosen={fields.backtests} />
        <Button
          type="submit"
          kind="primary"
          name="action"
          value="export"
          disabledReason={refusal}
        >
          Sign and download
        </Button>
      </form>
    </Card>
  );
}

function Runs(
  { runs, chosen }: {
    runs: readonly BacktestView[];
    chosen: readonly string[];
  },
) {
  return (
    <fieldset class="library-runs">
      <legend>Backtests of exactly this configuration</legend>
      {runs.length === 0 && (
        <p class="muted">
          No backtest is done yet: <a href="/backtests">run one</a>{" "}
          to share figures.
        </p>
      )}
      {runs.map(({ id, label, summary }) => (
        <label key={id} class="tick">
          <input
            type="checkbox"
            name={`run-${id}`}
            value="yes"
            checked={chosen.includes(id)}
          />
          <span>
            {label}: {formatCount(summary?.trades ?? null)} trades,{" "}
            {formatPercent(summary?.returnPct ?? null, { signed: true })}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
