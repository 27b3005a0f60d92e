import type {
  TeamControlRequest,
  TeamControlResponse,
  TeamTemplate,
  TeamValidationResponse,
  TeamView,
} from "../../contracts/team.ts";
import type { Call } from "./api_client.ts";

/** Calls of the panel about teams. */
export function teamCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
  newKey: () => string,
) {
  const teamPath = (id: string) => `/api/teams/${encodeURIComponent(id)}`;
  return {
    teamTemplates: () =>
      call<{ items: readonly TeamTemplate[] }>("/api/teams/templates"),
    validateTeam: (request: unknown) =>
      call<TeamValidationResponse>("/api/teams/validate", {
        method: "POST",
        body: request,
      }),
    /** `key` must stay the same when the same spawn is tried again. */
    spawnTeam: (request: unknown, key: string) =>
      call<TeamView>("/api/teams/spawn", {
        method: "POST",
        body: request,
        headers: { "Idempotency-Key": key },
      }),
    controlTeam: (id: string, request: TeamControlRequest) =>
      call<TeamControlResponse>(`${teamPath(id)}/control`, {
        method: "POST",
        body: request,
        headers: { "Idempotency-Key": newKey() },
      }),
    removeTeam: (id: string) => call<null>(teamPath(id), { method: "DELETE" }),
  };
}
