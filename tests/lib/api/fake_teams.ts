import type { AgentDetail } from "../../../lib/contracts/agent.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type {
  TeamAction,
  TeamRequest,
  TeamTemplate,
  TeamValidationResponse,
  TeamView,
} from "../../../lib/contracts/team.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { planTeam } from "../../../lib/fleet/teams/team_plan.ts";
import type { Teams } from "../../../lib/fleet/teams/port.ts";
import type { FleetCall } from "./fake_fleet.ts";
import { ESTIMATE, sampleConfig } from "./samples.ts";

export const UNKNOWN_TEAM = `team_${"0".repeat(26)}`;

/** A team in memory, with what becomes of it when it is asked for often. */
export interface FakeTeams extends Teams {
  teams: Map<string, TeamView>;
  /** Set to make the next command throw. */
  failure: Error | null;
  add(changes?: Partial<TeamView>): TeamView;
}

export const TEAM_TEMPLATE: TeamTemplate = {
  name: "two-detectors",
  title: "Two detectors",
  purpose: "Watches one market twice",
  whenItWorks: "In tests",
  risk: "None",
  members: ["first", "second"].map((role) => {
    const { name: _, ...config } = sampleConfig();
    return { role, title: role, config };
  }),
};

const STATE_AFTER = {
  start: "running",
  resume: "running",
  pause: "paused",
  stop: "stopped",
} as const satisfies Record<TeamAction, string>;

/** Makes teams that keep the port's promises. */
export function createFakeTeams({ ids, calls, add }: {
  ids: (prefix: string) => string;
  calls: FleetCall[];
  add: (agent: Partial<AgentDetail>) => AgentDetail;
}): FakeTeams {
  const teams = new Map<string, TeamView>();
  const find = (id: string): TeamView => {
    const team = teams.get(id);
    if (team !== undefined) return team;
    throw new AppError("TEAM_NOT_FOUND", `There is no team "${id}"`);
  };
  const fake: FakeTeams = {
    teams,
    failure: null,
    add(changes = {}) {
      const id = ids("team");
      const name = changes.name ?? "pair";
      const members = ["first", "second"].map((role) => {
        const place = { id, name, role, size: 2 };
        const agent = add({ name: `${name} ${role}`, team: place });
        const { type, mode, desired, observed } = agent;
        return {
          id: agent.id,
          name: agent.name,
          role,
          type,
          mode,
          desired,
          observed,
        };
      });
      const team: TeamView = {
        id,
        name,
        state: "running",
        size: 2,
        mode: "paper",
        templateName: null,
        createdAt: 0,
        members,
        ...changes,
      };
      teams.set(id, team);
      return team;
    },
    templates: () => [TEAM_TEMPLATE],
    list: () => [...teams.values()],
    get: find,
    validate: (request) => Promise.resolve(validate(request, ids)),
    spawn(request, caller) {
      calls.push({ method: "spawnTeam", id: null, caller, request });
      if (fake.failure !== null) return Promise.reject(fake.failure);
      return Promise.resolve(fake.add({ name: request.name }));
    },
    control(id, request, caller) {
      const team = find(id);
      calls.push({ method: "controlTeam", id, caller, request });
      if (fake.failure !== null) return Promise.reject(fake.failure);
      const observed = STATE_AFTER[request.action];
      const members = team.members.map((member) => ({ ...member, observed }));
      const changed: TeamView = { ...team, state: observed, members };
      teams.set(id, changed);
      return Promise.resolve({
        team: changed,
        results: members.map(({ id, name, role }) => ({
          id,
          name,
          role,
          outcome: "accepted" as const,
          detail: null,
        })),
      });
    },
    remove(id, caller) {
      find(id);
      calls.push({ method: "removeTeam", id, caller, request: null });
      teams.delete(id);
      return Promise.resolve();
    },
  };
  return fake;
}

function validate(
  request: TeamRequest,
  ids: (prefix: string) => string,
): TeamValidationResponse {
  const templates = request.template === TEAM_TEMPLATE.name;
  const { members } = planTeam(
    templates
      ? { ...request, template: undefined, members: [...TEAM_TEMPLATE.members] }
      : request,
    () => ids("agt"),
  );
  const checked = members.map(({ role, title, name, input }) => ({
    role,
    title,
    name,
    config: agentConfigSchema.safeParse(input).data ?? null,
    estimate: ESTIMATE,
  }));
  const errors = checked.flatMap(({ config }, place) =>
    config === null
      ? [{
        pointer: `/members/${place}/risk/leverage`,
        code: "FIELD_INVALID",
        detail: "Enter a whole number from 1 to 100 (times)",
      }]
      : []
  );
  return {
    valid: errors.length === 0,
    errors,
    warnings: [],
    members: checked,
    estimate: ESTIMATE,
    worstDayLoss: "100",
    worstTotalLoss: "200",
  };
}
