import { whyUntestable } from "../../contracts/testable.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { Banner } from "../Feedback.tsx";
import { Field } from "../Field.tsx";
import { TextInput } from "../spawn/inputs.tsx";
import type { RunSession } from "./run_session.ts";
import { agentRefusal, type TestableAgent } from "./run_start.ts";

/** Where the configuration of a run comes from: a template, an agent, a member of a team, an earlier run. */
export function RunSource(
  { session, templates, agents }: {
    session: RunSession;
    templates: readonly AgentTemplate[];
    agents: readonly TestableAgent[];
  },
) {
  const source = session.source.value;
  const hasTeams = agents.some(({ team }) => team !== null);
  return (
    <div class="run-fields">
      <Field
        name="run-source"
        label="Configuration"
        {...(hasTeams ? { help: TEAM_HELP } : {})}
        after={
          <button
            type="submit"
            name="action"
            value="source"
            class="btn btn-default needs-no-script"
          >
            Use
          </button>
        }
      >
        <select
          class="select"
          name="source"
          value={source}
          data-testid="field-source"
          onChange={(event) => void session.choose(event.currentTarget.value)}
        >
          {source.startsWith("run:") && (
            <option value={source}>The earlier run</option>
          )}
          <optgroup label="Templates">
            {templates.map(({ name, title, config: { type } }) => (
              <option
                key={name}
                value={`template:${name}`}
                disabled={whyUntestable(type) !== null}
              >
                {whyUntestable(type) === null
                  ? title
                  : `${title} (${AGENT_TYPE_WORDS[type].short}: not by itself)`}
              </option>
            ))}
          </optgroup>
          {groupsOf(agents).map(([label, members]) => (
            <optgroup key={label} label={label}>
              {members.map((agent) => (
                <AgentOption key={agent.id} agent={agent} />
              ))}
            </optgroup>
          ))}
        </select>
      </Field>
      {session.notes.value.map((note) => (
        <Banner key={note} tone="info" testId="run-note">{note}</Banner>
      ))}
      <TextInput form={session.configForm} pointer="/name" label="Label" />
    </div>
  );
}

const TEAM_HELP =
  "A team cannot be tested as a whole: a backtest runs one agent at its desk, and a team trades by signals that " +
  "come while its agents run. Test the members that decide by themselves one by one.";

function AgentOption({ agent }: { agent: TestableAgent }) {
  const refusal = agentRefusal(agent);
  return (
    <option value={`agent:${agent.id}`} disabled={refusal !== null}>
      {refusal === null ? agent.name : `${agent.name} (${refusal})`}
    </option>
  );
}

/** Agents of their own first, then each team. */
function groupsOf(
  agents: readonly TestableAgent[],
): readonly (readonly [string, readonly TestableAgent[]])[] {
  const groups = Map.groupBy(agents, ({ team }) => team);
  return [...groups].sort(([a], [b]) => (a ?? "").localeCompare(b ?? ""))
    .map(([team, members]) =>
      [
        team === null ? "Agents" : `Team ${team}, one by one`,
        members,
      ] as const
    );
}
