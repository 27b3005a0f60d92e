import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { TeamAction } from "../../contracts/team.ts";
import { ModeBadge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { offlineReason } from "../client/live.ts";
import { plural } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { OnDemand } from "../OnDemand.tsx";
import { type PanelUser, refusalOf } from "../roles.ts";
import { ACTION_WORDS, whyNot } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { FleetStore } from "./store.ts";
import {
  TEAM_STATE_WORDS,
  teamFilter,
  type TeamGroup,
  teamGroup,
} from "./team_rows.ts";

const ACTIONS: readonly TeamAction[] = ["start", "pause", "resume", "stop"];

/** Head of a team in the fleet table: what it is as a whole, and commands to all of it. */
export function TeamRow(
  { id, cells, place, measure, store, commands }: {
    id: string;
    /** How many cells a row has. */
    cells: number;
    /** Place among all rows, the head's included, from 1. A signal: it is written without painting the row. */
    place: Signal<number>;
    measure: (element: HTMLElement) => () => void;
    store: FleetStore;
    commands: Commands;
  },
) {
  const asksToDelete = useSignal(false);
  const ref = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(
    () => ref.current === null ? undefined : measure(ref.current),
    [],
  );
  const team = teamGroup(id, store.all());
  if (team === null) return null;
  const isLive = team.agents.some(({ mode }) => mode === "live");
  return (
    <tr
      ref={ref}
      class="row-team"
      aria-rowindex={place}
      data-row-id={id}
      data-testid={`team-row-${team.name}`}
      data-team-id={id}
    >
      <th scope="rowgroup" colSpan={cells}>
        <div class="team-head">
          <TeamStateChip team={team} />
          <a
            class="team-name"
            href={`/?q=${encodeURIComponent(teamFilter(team.name))}`}
          >
            {team.name}
          </a>
          <span class="muted">
            Team of {plural(team.size, "agent")}
            {team.agents.length < team.size &&
              `, ${team.size - team.agents.length} deleted`}
          </span>
          {isLive && <ModeBadge mode="live" />}
          <div
            class="row-actions"
            role="group"
            aria-label="Commands to the team"
          >
            {ACTIONS.map((action) => (
              <TeamButton
                key={action}
                team={team}
                action={action}
                commands={commands}
              />
            ))}
            <Button
              small
              disabledReason={offlineReason() ??
                deletionRefusal(team, commands.user)}
              data-testid="team-delete"
              onClick={() => asksToDelete.value = true}
            >
              Delete…
            </Button>
          </div>
        </div>
        <OnDemand
          wanted={asksToDelete.value}
          load={async () => (await import("./TeamDeletion.tsx")).TeamDeletion}
          props={{ team, asks: asksToDelete }}
          onFailed={() => asksToDelete.value = false}
        />
      </th>
    </tr>
  );
}

function TeamButton(
  { team, action, commands }: {
    team: TeamGroup;
    action: TeamAction;
    commands: Commands;
  },
) {
  const { label, glyph, meaning, confirms } = ACTION_WORDS[action];
  const reasons = team.agents.map((agent) =>
    whyNot(agent, action, commands.user)
  );
  // One agent that can is enough: the others are left as they are.
  const refusal = reasons.every((reason) => reason !== null)
    ? reasons[0] ?? null
    : null;
  return (
    <Button
      small
      hint={`${label} the team: ${meaning.toLowerCase()}`}
      aria-label={`${label} team ${team.name}${confirms ? "…" : ""}`}
      disabledReason={offlineReason() ?? refusal}
      busy={commands.busy.value.has(team.id)}
      data-testid={`team-${action}`}
      onClick={() => commands.askTeam(action, team)}
    >
      <Glyph name={glyph} />
      <span>{label}{confirms ? "…" : ""}</span>
    </Button>
  );
}

/** All of it or nothing: one agent that may not go keeps the team. */
function deletionRefusal(
  { agents }: TeamGroup,
  user: PanelUser,
): string | null {
  return agents.map((agent) => refusalOf(user, "agents.delete", agent))
    .find((reason) => reason !== null) ?? null;
}

function TeamStateChip({ team }: { team: TeamGroup }) {
  const { word, glyph, tone, meaning } = TEAM_STATE_WORDS[team.state];
  return (
    <span
      class={`state tone-${tone}`}
      data-testid="team-state"
      data-state={team.state}
      title={meaning}
    >
      <Glyph name={glyph} />
      {word}
    </span>
  );
}
