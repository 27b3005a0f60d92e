/**
 * The fleet table with the agents of a team beneath their team. Pure.
 *
 * @module
 */
import type { TeamPlace } from "../../contracts/team.ts";
import { type TeamState, teamStateOf } from "../../contracts/team_state.ts";
import type { StateWord } from "../words.ts";
import type { FleetAgent } from "./fleet_agent.ts";

/** How the state of a team is shown. */
export const TEAM_STATE_WORDS: Readonly<Record<TeamState, StateWord>> = {
  running: {
    word: "Running",
    glyph: "dot",
    tone: "ok",
    meaning: "All of its agents run",
  },
  paused: {
    word: "Paused",
    glyph: "pause",
    tone: "info",
    meaning: "All of its agents are paused",
  },
  stopped: {
    word: "Stopped",
    glyph: "ring",
    tone: "muted",
    meaning: "None of its agents runs",
  },
  changing: {
    word: "Changing…",
    glyph: "half",
    tone: "info",
    meaning: "Its agents are on the way to what is wanted",
  },
  incomplete: {
    word: "Incomplete",
    glyph: "warn",
    tone: "warn",
    meaning:
      "It cannot work as it was built: an agent was deleted, is given up, or rests while others work",
  },
};

/** A team as the table shows it. */
export interface TeamGroup {
  id: string;
  name: string;
  size: number;
  state: TeamState;
  /** All of its agents, shown or not, in the order of their roles' making. */
  agents: readonly FleetAgent[];
}

/** The team of an id from all agents, or null where none of them belongs to it. */
export function teamGroup(
  teamId: string,
  all: readonly FleetAgent[],
): TeamGroup | null {
  const agents = all.filter(({ team, desired }) =>
    team?.id === teamId && desired !== "retired"
  ).sort((a, b) => a.id < b.id ? -1 : 1);
  const place: TeamPlace | undefined = agents[0]?.team;
  if (place === undefined) return null;
  const { id, name, size } = place;
  return { id, name, size, state: teamStateOf(agents, size), agents };
}

/**
 * Ids of rows in order: each team's id before its first shown agent, and all of
 * its shown agents after that, in the order that the table is sorted by.
 */
export function withTeams(agents: readonly FleetAgent[]): readonly string[] {
  const teamOf = ({ team, desired }: FleetAgent) =>
    desired === "retired" ? undefined : team?.id;
  const mates = new Map<string, string[]>();
  for (const agent of agents) {
    const team = teamOf(agent);
    if (team === undefined) continue;
    const known = mates.get(team);
    if (known === undefined) mates.set(team, [agent.id]);
    else known.push(agent.id);
  }
  return agents.flatMap((agent) => {
    const team = teamOf(agent);
    if (team === undefined) return [agent.id];
    const ids = mates.get(team) ?? [];
    mates.delete(team);
    return ids.length === 0 ? [] : [team, ...ids];
  });
}

/** Whether the id of a row is a team's. */
export function isTeamId(id: string): boolean {
  return id.startsWith("team_");
}

/** The filter text that shows one team. */
export function teamFilter(name: string): string {
  return `team:"${name}"`;
}
