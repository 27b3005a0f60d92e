import { useSignal } from "@preact/signals";
import type { ControlAction } from "../../contracts/agent.ts";
import type { TeamAction } from "../../contracts/team.ts";
import { Button } from "../Button.tsx";
import { offlineReason } from "../client/live.ts";
import { ModeBadge } from "../Badge.tsx";
import { Dialog } from "../Dialog.tsx";
import { Field } from "../Field.tsx";
import { plural } from "../format.ts";
import { ACTION_WORDS } from "./actions.ts";
import type { Commands, PendingCommand } from "./commands.ts";
import { ExposureNote } from "./ExposureNote.tsx";
import type { FleetAgent } from "./fleet_agent.ts";
import { type BatchPlan, planBatch } from "./skips.ts";
import { SkipList } from "./SkipList.tsx";

/** Asks before a command that cannot be taken back, with its figures. */
export function ConfirmDialog({ commands }: { commands: Commands }) {
  const pending = commands.pending.value;
  const close = () => commands.pending.value = null;
  return (
    <Dialog
      label={pending === null
        ? "Confirm"
        : `${ACTION_WORDS[pending.action].label} agents`}
      open={pending !== null}
      onClose={close}
      testId="confirm-dialog"
    >
      {pending !== null && (
        <ConfirmForm
          pending={pending}
          plan={pending.team === undefined
            ? planBatch(pending.action, pending.agents, commands.user)
            : { able: pending.agents, skips: [] }}
          commands={commands}
          onDone={close}
        />
      )}
    </Dialog>
  );
}

function ConfirmForm(
  { pending, plan, commands, onDone }: {
    pending: PendingCommand;
    /** Which of the agents take the command, and why others do not. */
    plan: BatchPlan;
    commands: Commands;
    onDone: () => void;
  },
) {
  const reason = useSignal("");
  const positions = useSignal<"close" | "keep">("close");
  const { action } = pending;
  const { label, meaning, confirms } = ACTION_WORDS[action];
  const agents = plan.able;
  const first = agents[0];
  const hasLive = agents.some(({ mode }) => mode === "live");
  const what = pending.team !== undefined
    ? `the team ${pending.team.name}`
    : agents.length === 1 && first !== undefined
    ? first.name
    : plural(agents.length, "agent");
  return (
    <form
      class="dialog-body"
      method="dialog"
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
        send(commands, pending, {
          reason: reason.value.trim(),
          positions: positions.value,
        });
      }}
    >
      <h2>{label} {what}?</h2>
      <p>
        {meaning}. <ExposureNote agents={agents} />
      </p>
      {plan.skips.length > 0 && <SkipList skips={plan.skips} />}
      {hasLive && (
        <p>
          <ModeBadge mode="live" /> {liveNote(agents)}
        </p>
      )}
      {(action === "stop" || action === "kill") && (
        <fieldset class="choices">
          <legend>Open positions</legend>
          {(["close", "keep"] as const).map((choice) => (
            <label key={choice} class="choice">
              <input
                type="radio"
                name="positions"
                value={choice}
                checked={positions.value === choice}
                data-testid={`positions-${choice}`}
                onChange={() =>
                  positions.value = choice}
              />
              {choice === "close"
                ? hasLive
                  ? "Close at the market, live agents with real orders"
                  : "Close at the last market price"
                : "Keep, with stop and target in place"}
            </label>
          ))}
        </fieldset>
      )}
      <Field
        name="confirm-reason"
        label="Reason"
        unit="optional"
        help="Kept with the agent's history"
      >
        <input
          class="input"
          maxLength={200}
          value={reason.value}
          data-testid="confirm-reason"
          onInput={(event) => reason.value = event.currentTarget.value}
        />
      </Field>
      <div class="dialog-actions">
        <Button onClick={onDone}>Cancel</Button>
        <Button
          type="submit"
          disabledReason={offlineReason() ?? commands.barred.value}
          kind={action === "rearm" || !confirms ? "primary" : "danger"}
          data-testid="confirm-submit"
          autofocus
        >
          {label} {pending.team !== undefined
            ? "team"
            : agents.length === 1
            ? "agent"
            : plural(agents.length, "agent")}
        </Button>
      </div>
    </form>
  );
}

/** A team is commanded as one, agents each by itself. */
function send(
  commands: Commands,
  { action, agents, team }: PendingCommand,
  choice: { reason: string; positions: "close" | "keep" },
): void {
  if (team === undefined) void commands.run({ action, ...choice }, agents);
  else if (isTeamAction(action)) {
    void commands.runTeam({ action, ...choice }, team);
  }
}

function isTeamAction(action: ControlAction): action is TeamAction {
  return action === "start" || action === "pause" || action === "resume" ||
    action === "stop";
}

function liveNote(agents: readonly FleetAgent[]): string {
  const live = agents.filter(({ mode }) => mode === "live").length;
  return agents.length === 1
    ? "This agent trades real money."
    : `${plural(live, "agent")} of these ${
      live === 1 ? "trades" : "trade"
    } real money.`;
}
