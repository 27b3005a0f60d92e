import { AppError } from "../../core/errors.ts";
import type { TeamMemberView, TeamView } from "../../contracts/team.ts";
import { teamStateOf } from "../../contracts/team_state.ts";
import { ownerOf } from "../view.ts";
import type { AgentRegistry } from "../registry.ts";
import type { AgentEntry } from "../registry.ts";

/** Agents of a team that are not being deleted, in the order of their making. */
export function membersOf(
  agents: AgentRegistry,
  teamId: string,
): readonly AgentEntry[] {
  return agents.all().filter(({ record }) =>
    record.team?.id === teamId && record.desired !== "retired"
  );
}

/**
 * The same, of a team that exists.
 *
 * @throws {AppError} TEAM_NOT_FOUND
 */
export function requireMembers(
  agents: AgentRegistry,
  teamId: string,
): readonly AgentEntry[] {
  const members = membersOf(agents, teamId);
  if (members.length > 0) return members;
  throw new AppError(
    "TEAM_NOT_FOUND",
    `There is no team "${teamId}"; list the teams to see the ids that exist`,
    { status: 404 },
  );
}

/** Every team, oldest first. */
export function listTeams(agents: AgentRegistry): readonly TeamView[] {
  const byTeam = Map.groupBy(
    agents.all().filter(({ record }) =>
      record.team !== undefined && record.desired !== "retired"
    ),
    ({ record }) => record.team!.id,
  );
  return [...byTeam.values()].map(toTeamView);
}

/** A team from its agents, of which there is at least one. */
export function toTeamView(members: readonly AgentEntry[]): TeamView {
  const { team, templateName, createdAt } = members[0]!.record;
  const { id, name, size } = team!;
  const views = members.map(toMemberView);
  return {
    id,
    owner: ownerOf(members[0]!.record),
    name,
    state: teamStateOf(views, size),
    size,
    mode: views.some(({ mode }) => mode === "live") ? "live" : "paper",
    templateName,
    createdAt,
    members: views,
  };
}

function toMemberView({ record, observed }: AgentEntry): TeamMemberView {
  const { id, config, team, desired } = record;
  return {
    id,
    name: config.name,
    role: team!.role,
    type: config.type,
    mode: config.mode,
    desired,
    observed: observed.state,
  };
}
