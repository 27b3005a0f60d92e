import { TEAM_TEMPLATES } from "../../../agents/mod.ts";
import type { FleetContext } from "../context.ts";
import type { KnownFiles } from "../library.ts";
import type { Caller } from "../port.ts";
import { controlTeam, removeTeam } from "./control_team.ts";
import type { Teams } from "./port.ts";
import { placeOf, spawnTeam } from "./spawn_team.ts";
import { checkTeam } from "./team_checks.ts";
import { planTeam } from "./team_plan.ts";
import { listTeams, requireMembers, toTeamView } from "./team_view.ts";

/** The teams of a fleet. */
export function createTeams(
  context: FleetContext,
  listFiles: () => Promise<KnownFiles>,
): Teams {
  const withFiles = async (caller: Caller) => ({
    caller,
    ...await listFiles(),
  });
  return {
    templates: () => TEAM_TEMPLATES,
    list: () => listTeams(context.agents),
    get: (id) => toTeamView(requireMembers(context.agents, id)),
    validate: async (request, caller) => {
      const plan = planTeam(request, () => context.ids("agt"));
      return checkTeam(context, plan, {
        ...await withFiles(caller),
        team: placeOf(context, plan),
      });
    },
    spawn: async (request, caller) =>
      await spawnTeam(context, request, await withFiles(caller)),
    control: (id, request, caller) =>
      controlTeam(context, id, { request, caller }),
    remove: (id, caller) => removeTeam(context, id, caller),
  };
}
