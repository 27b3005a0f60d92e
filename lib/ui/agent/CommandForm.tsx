import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { AgentModeBadge } from "../Badge.tsx";
import { Field } from "../Field.tsx";
import { ACTION_WORDS } from "../fleet/actions.ts";
import { ExposureNote } from "../fleet/ExposureNote.tsx";
import { FormError } from "../FormError.tsx";
import { StateChip } from "../StateChip.tsx";

/** What the form shows. */
export interface CommandFormProps {
  agent: AgentView;
  action: ControlAction;
  reason: string;
  positions: "close" | "keep";
  /** Where it was asked for, and where it leads back to. */
  from: "fleet" | "agent";
  /** Why it cannot be done now, or null. */
  refusal: string | null;
  /** Why the last attempt was refused, or null. */
  error: string | null;
}

/** The page that a command was asked for on. */
export function backTo(id: string, from: CommandFormProps["from"]): string {
  return from === "fleet" ? "/" : `/agents/${encodeURIComponent(id)}`;
}

/** Asks before a command, with what hangs on it; a plain form. */
export function CommandForm(
  { agent, action, reason, positions, from, refusal, error }: CommandFormProps,
) {
  const { label, meaning } = ACTION_WORDS[action];
  return (
    <form method="post" class="card command-form" data-testid="command-form">
      <h1>{label} {agent.name}?</h1>
      <p class="command-what">
        <AgentModeBadge agent={agent} /> <StateChip agent={agent} />
      </p>
      <p>
        {meaning}. <ExposureNote agents={[agent]} />
      </p>
      <FormError message={error ?? undefined} />
      {refusal !== null && error === null && (
        <p class="tone-warn" role="status">{refusal}</p>
      )}
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="from" value={from} />
      {(action === "stop" || action === "kill") && (
        <fieldset class="choices">
          <legend>Open positions</legend>
          {(["close", "keep"] as const).map((choice) => (
            <label key={choice} class="choice">
              <input
                type="radio"
                name="positions"
                value={choice}
                checked={positions === choice}
              />
              {choice === "close"
                ? agent.mode === "live"
                  ? "Close at the market, with real orders"
                  : "Close at the last market price"
                : "Keep, with stop and target in place"}
            </label>
          ))}
        </fieldset>
      )}
      <Field
        name="reason"
        label="Reason"
        unit="optional"
        help="Kept with the agent's history"
      >
        <input
          class="input"
          name="reason"
          maxLength={200}
          value={reason}
          data-testid="field-reason"
        />
      </Field>
      <div class="dialog-actions">
        <a class="btn" href={backTo(agent.id, from)}>Cancel</a>
        <button
          type="submit"
          class={action === "stop" || action === "kill"
            ? "btn btn-danger"
            : "btn btn-primary"}
          disabled={refusal !== null}
          data-testid="command-submit"
        >
          {label} agent
        </button>
      </div>
    </form>
  );
}
