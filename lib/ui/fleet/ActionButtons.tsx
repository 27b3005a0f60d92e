import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { Button } from "../Button.tsx";
import { Glyph } from "../Glyph.tsx";
import { offlineReason } from "../client/live.ts";
import { ACTION_WORDS, mainAction, whyNot } from "./actions.ts";
import type { Commands } from "./commands.ts";

/** One command of one agent as a button; a disabled one says why. */
export function ActionButton(
  { agent, action, commands, withLabel = false }: {
    agent: AgentView;
    action: ControlAction;
    commands: Commands;
    withLabel?: boolean;
  },
) {
  const { label, glyph, meaning, confirms } = ACTION_WORDS[action];
  const ellipsis = confirms ? "…" : "";
  return (
    <Button
      class={withLabel ? "" : "btn-icon"}
      small={!withLabel}
      aria-label={`${label} ${agent.name}${ellipsis}`}
      hint={`${label}: ${meaning.toLowerCase()}`}
      disabledReason={offlineReason() ?? whyNot(agent, action, commands.user)}
      busy={commands.busy.value.has(agent.id)}
      data-testid={`action-${action}`}
      onClick={() => commands.ask(action, [agent])}
    >
      <Glyph name={glyph} />
      {withLabel && <span>{label}{ellipsis}</span>}
    </Button>
  );
}

/** The commands of a fleet row: what comes next, and stop. */
export function RowActions(
  { agent, commands }: { agent: AgentView; commands: Commands },
) {
  return (
    <>
      <ActionButton
        agent={agent}
        action={mainAction(agent)}
        commands={commands}
      />
      <ActionButton agent={agent} action="stop" commands={commands} />
    </>
  );
}
