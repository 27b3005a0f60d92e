import type { ControlAction } from "../../contracts/agent.ts";
import { Button, type ButtonProps } from "../Button.tsx";
import { Glyph } from "../Glyph.tsx";
import { offlineReason } from "../client/live.ts";
import { ACTION_WORDS, mainAction, whyNot } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { FleetAgent } from "./fleet_agent.ts";

/** One command of one agent as a button; a disabled one says why. */
export function ActionButton(
  { agent, action, commands, withLabel = false, rest = {} }: {
    agent: FleetAgent;
    action: ControlAction;
    commands: Commands;
    withLabel?: boolean;
    /** Further attributes: what the button sends without script, its place in the order of tabs. */
    rest?: Partial<ButtonProps>;
  },
) {
  const { label, glyph, meaning, confirms } = ACTION_WORDS[action];
  const ellipsis = confirms ? "…" : "";
  return (
    <Button
      {...rest}
      class={withLabel ? "" : "btn-icon"}
      small={!withLabel}
      aria-label={`${label} ${agent.name}${ellipsis}`}
      hint={`${label}: ${meaning.toLowerCase()}`}
      disabledReason={offlineReason() ?? commands.barred.value ??
        whyNot(agent, action, commands.user)}
      busy={commands.busy.value.has(agent.id)}
      data-testid={`action-${action}`}
      onClick={(event) => {
        event.preventDefault();
        commands.ask(action, [agent]);
      }}
    >
      <Glyph name={glyph} />
      {withLabel && <span>{label}{ellipsis}</span>}
    </Button>
  );
}

/** The commands of a fleet row: what comes next, and stop. Without script the form asks on a page of its own. */
export function RowActions(
  { agent, commands, inert }: {
    agent: FleetAgent;
    commands: Commands;
    inert: { tabIndex?: number };
  },
) {
  return (
    <form
      class="row-form"
      method="get"
      action={`/agents/${agent.id}/command`}
    >
      <input type="hidden" name="from" value="fleet" />
      {([mainAction(agent), "stop"] as const).map((action) => (
        <ActionButton
          key={action}
          agent={agent}
          action={action}
          commands={commands}
          rest={{ ...inert, type: "submit", name: "action", value: action }}
        />
      ))}
    </form>
  );
}
