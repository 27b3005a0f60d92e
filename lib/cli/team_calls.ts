import type {
  TeamControlRequest,
  TeamControlResponse,
  TeamTemplate,
  TeamValidationResponse,
  TeamView,
} from "../contracts/team.ts";
import type { Line } from "./api_sender.ts";

/** Calls about teams. */
export interface TeamCalls {
  teamTemplates(): Promise<readonly TeamTemplate[]>;
  teams(): Promise<readonly TeamView[]>;
  team(id: string): Promise<TeamView>;
  validateTeam(request: unknown): Promise<TeamValidationResponse>;
  spawnTeam(request: unknown): Promise<TeamView>;
  controlTeam(
    id: string,
    request: TeamControlRequest,
  ): Promise<TeamControlResponse>;
  removeTeam(id: string): Promise<void>;
}

/** Makes the calls over a client's requests. */
export function teamCalls({ read, send, command }: Line): TeamCalls {
  const itemsAt = async <T>(path: string) =>
    (await read<{ items: readonly T[] }>("GET", path)).items;
  return {
    teamTemplates: () => itemsAt("/teams/templates"),
    teams: () => itemsAt("/teams"),
    team: (id) => read("GET", `/teams/${id}`),
    validateTeam: (request) =>
      read("POST", "/teams/validate", { body: request }),
    spawnTeam: (request) => command("/teams/spawn", request),
    controlTeam: (id, request) => command(`/teams/${id}/control`, request),
    removeTeam: async (id) => void await send("DELETE", `/teams/${id}`),
  };
}
