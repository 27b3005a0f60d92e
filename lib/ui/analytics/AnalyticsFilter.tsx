import { Field } from "../Field.tsx";
import type { AnalyticsForm } from "./analytics_form.ts";

/** An agent or a team to choose. */
export interface Choosable {
  id: string;
  name: string;
}

/** What trades are shown: a form that asks the server. */
export function AnalyticsFilter(
  { form, agents, teams, currencies }: {
    form: AnalyticsForm;
    agents: readonly Choosable[];
    teams: readonly Choosable[];
    currencies: readonly string[];
  },
) {
  const { errors } = form;
  return (
    <form
      class="card analytics-filter"
      method="get"
      role="search"
      aria-label="Choose trades"
      data-testid="analytics-filter"
    >
      <Field name="mode" label="Money">
        <select class="select" name="mode">
          <option value="paper" selected={form.mode === "paper"}>
            Paper: simulated
          </option>
          <option value="live" selected={form.mode === "live"}>
            Live: real money
          </option>
        </select>
      </Field>
      <Field name="from" label="Closed from" error={errors["from"] ?? null}>
        <input class="input" type="date" name="from" value={form.from} />
      </Field>
      <Field name="to" label="Closed until" error={errors["to"] ?? null}>
        <input class="input" type="date" name="to" value={form.to} />
      </Field>
      {currencies.length > 1 && (
        <Field
          name="currency"
          label="Currency"
          error={errors["currency"] ?? null}
        >
          <select class="select" name="currency">
            {currencies.map((currency) => (
              <option
                key={currency}
                value={currency}
                selected={currency === form.currency}
              >
                {currency}
              </option>
            ))}
          </select>
        </Field>
      )}
      <details class="analytics-agents" open={form.agents.length > 0}>
        <summary>
          {form.agents.length === 0
            ? "All agents"
            : `${form.agents.length} chosen`}
        </summary>
        <fieldset>
          <legend class="sr-only">Agents and teams; none for all</legend>
          {teams.map((team) => (
            <Choice
              key={team.id}
              {...team}
              name={`Team ${team.name}`}
              form={form}
            />
          ))}
          {agents.map((agent) => (
            <Choice key={agent.id} {...agent} form={form} />
          ))}
        </fieldset>
      </details>
      <button type="submit" class="btn btn-primary">Show</button>
    </form>
  );
}

function Choice(
  { id, name, form }: Choosable & { form: AnalyticsForm },
) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        name="agents"
        value={id}
        checked={form.agents.includes(id)}
      />
      <span>{name}</span>
    </label>
  );
}
