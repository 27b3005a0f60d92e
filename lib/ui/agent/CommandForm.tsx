import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { AgentModeBadge } from "../Badge.tsx";
import { Field } from "../Field.tsx";
import { ACTION_WORDS } from "../fleet/actions.ts";
import { FormError } from "../FormError.tsx";
import { plural } from "../format.ts";
import { StateChip } from "../StateChip.tsx";

/** What the form shows. */
export interface CommandFormProps {
  agent: AgentView;
  action: ControlAction;
  reason: string;
  positions: "close" | "keep";
  /** Why it cannot be done now, or null. */
  refusal: string | null;
  /** Why the last attempt was refused, or null. */
  error: string | null;
}

/** Asks before a command, with what hangs on it; a plain form. */
export function CommandForm(
  { agent, action, reason, positions, refusal, error }: CommandFormProps,
) {
  const { label, meaning } = ACTION_WORDS[action];
  const { account } = agent;
  const back = `/agents/${agent.id}`;
  return (
    <form method="post" class="card command-form" data-testid="command-form">
      <h1>{label} {agent.name}?</h1>
      <p class="command-what">
        <AgentModeBadge agent={agent} /> <StateChip agent={agent} />
      </p>
      <p>
        {meaning}. {account === null
          ? "The agent's account is not known."
          : `Now: ${
            plural(account.position === null ? 0 : 1, "open position")
          }, ${plural(account.openOrders.length, "open order")}.`}
      </p>
      <FormError message={error ?? undefined} />
      {refusal !== null && error === null && (
        <p class="tone-warn" role="status">{refusal}</p>
      )}
      <input type="hidden" name="action" value={action} />
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
        <a class="btn" href={back}>Cancel</a>
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
