import type { ControlAction } from "../../contracts/agent.ts";
import { Button } from "../Button.tsx";
import { plural } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { offlineReason } from "../client/live.ts";
import { ACTION_WORDS } from "./actions.ts";
import { type Commands, skipNote } from "./commands.ts";
import type { TableState } from "./table_state.ts";

const BATCH_ACTIONS: readonly ControlAction[] = [
  "start",
  "pause",
  "resume",
  "stop",
];

/** Commands for the selected agents; says before what each one would skip. */
export function BatchBar(
  { table, commands }: { table: TableState; commands: Commands },
) {
  const agents = table.selectedAgents;
  if (agents.length === 0) return null;
  const live = agents.filter(({ mode }) => mode === "live").length;
  const paper = agents.length - live;
  const modes = [
    live > 0 ? `${live} live` : "",
    paper > 0 ? `${paper} paper` : "",
  ];
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
      </p>
      <div class="batch-actions">
        {BATCH_ACTIONS.map((action) => {
          const { label, glyph, meaning, confirms } = ACTION_WORDS[action];
          const note = skipNote(action, agents, commands.user);
          const able = agents.filter((agent) =>
            skipNote(action, [agent], commands.user) === null
          );
          return (
            <Button
              key={action}
              hint={note === null ? meaning : `${meaning}; ${note}`}
              disabledReason={offlineReason() ??
                (able.length === 0 ? `No selected agent can: ${note}` : null)}
              data-testid={`batch-${action}`}
              onClick={() => commands.ask(action, able)}
            >
              <Glyph name={glyph} />
              {label}
              {confirms ? "…" : ""}
              {able.length > 0 && able.length < agents.length && (
                <span class="muted">{able.length}</span>
              )}
            </Button>
          );
        })}
        <Button kind="quiet" onClick={() => table.clearSelection()}>
          Clear (Esc)
        </Button>
      </div>
    </div>
  );
}
