import type { ControlAction } from "../../contracts/agent.ts";
import { Button } from "../Button.tsx";
import { plural } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { offlineReason } from "../client/live.ts";
import { refusalOf } from "../roles.ts";
import { ACTION_WORDS } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { FleetAgent } from "./fleet_agent.ts";
import { planBatch, skipNote } from "./skips.ts";
import type { TableState } from "./table_state.ts";

const BATCH_ACTIONS: readonly ControlAction[] = [
  "start",
  "pause",
  "resume",
  "stop",
];

/** Commands for the selected agents, drawn or not; says before what each one would skip. */
export function BatchBar(
  { table, commands, onEdit }: {
    table: TableState;
    commands: Commands;
    onEdit: (agents: readonly FleetAgent[]) => void;
  },
) {
  const agents = table.selectedAgents;
  if (agents.length === 0) return null;
  const live = agents.filter(({ mode }) => mode === "live").length;
  const paper = agents.length - live;
  const modes = [
    live > 0 ? `${live} live` : "",
    paper > 0 ? `${paper} paper` : "",
  ];
  const progress = commands.progress.value;
  return (
    <div
      class="batch"
      role="region"
      aria-label="Selected agents"
      data-testid="batch-bar"
    >
      <p role="status">
        <strong>{plural(agents.length, "agent")} selected</strong>{" "}
        <span class="muted">{modes.filter(Boolean).join(", ")}</span>
        {progress !== null && (
          <span class="muted">
            , {progress.sent} of {progress.total} sent
          </span>
        )}
      </p>
      <div class="batch-actions">
        {BATCH_ACTIONS.map((action) => (
          <BatchButton
            key={action}
            action={action}
            agents={agents}
            commands={commands}
          />
        ))}
        <Button
          hint="Changes risk limits of the selected agents, each against the version that you see"
          disabledReason={offlineReason() ?? editRefusal(agents, commands)}
          data-testid="batch-edit"
          onClick={() => onEdit(agents)}
        >
          Edit config…
        </Button>
        <Button kind="quiet" onClick={() => table.clearSelection()}>
          Clear (Esc)
        </Button>
      </div>
    </div>
  );
}

function BatchButton(
  { action, agents, commands }: {
    action: ControlAction;
    agents: readonly FleetAgent[];
    commands: Commands;
  },
) {
  const { label, glyph, meaning, confirms } = ACTION_WORDS[action];
  const { able, skips } = planBatch(action, agents, commands.user);
  const note = skipNote(skips);
  return (
    <Button
      hint={note === null ? meaning : `${meaning}; ${note}`}
      disabledReason={offlineReason() ??
        (able.length === 0 ? `No selected agent can: ${note}` : null)}
      busy={commands.progress.value !== null}
      data-testid={`batch-${action}`}
      onClick={() => commands.ask(action, agents)}
    >
      <Glyph name={glyph} />
      {label}
      {confirms || skips.length > 0 ? "…" : ""}
      {able.length > 0 && able.length < agents.length && (
        <span class="muted">{able.length}</span>
      )}
    </Button>
  );
}

/** Why the limits of a selection cannot be edited together, or null. */
function editRefusal(
  agents: readonly FleetAgent[],
  { user }: Commands,
): string | null {
  if (new Set(agents.map(({ type }) => type)).size > 1) {
    return "Select agents of one type to edit them together";
  }
  const refusals = agents.map((agent) =>
    refusalOf(user, "agents.configure", agent)
  );
  return refusals.every((refusal) => refusal !== null)
    ? refusals[0] ?? null
    : null;
}
