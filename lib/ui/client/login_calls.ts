import type {
  ApiTokenCreated,
  ApiTokenRequest,
  ApiTokenView,
} from "../../contracts/api_token.ts";
import type { MeResponse, SessionView } from "../../contracts/auth.ts";
import type { Preferences } from "../../contracts/preference_values.ts";
import { TICKET_PATH } from "../../contracts/live_settings.ts";
import type { TicketResponse } from "../../contracts/stream.ts";
import type { ApiPage, Call } from "./api_client.ts";

/** Calls about logins and API tokens. */
export function loginCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
) {
  return {
    sessions: () => call<ApiPage<SessionView>>("/api/sessions"),
    revokeSession: (id: string) =>
      call<null>(`/api/sessions/${encodeURIComponent(id)}`, {
        method: "DELETE",
      }),
    revokeOtherSessions: () =>
      call<{ revoked: number }>("/api/sessions/revoke-others", {
        method: "POST",
      }),
    apiTokens: () => call<ApiPage<ApiTokenView>>("/api/tokens"),
    createApiToken: (request: ApiTokenRequest) =>
      call<ApiTokenCreated>("/api/tokens", { method: "POST", body: request }),
    revokeApiToken: (id: string) =>
      call<null>(`/api/tokens/${encodeURIComponent(id)}`, {
        method: "DELETE",
      }),
    preferences: () => call<Preferences>("/api/account/preferences"),
    putPreferences: (preferences: Preferences) =>
      call<Preferences>("/api/account/preferences", {
        method: "PUT",
        body: preferences,
      }),
    /** For a socket at another address: good once, and for a short time. */
    socketTicket: () => call<TicketResponse>(TICKET_PATH, { method: "POST" }),
    /** Says that somebody looks at the page. */
    stayLoggedIn: () => call<MeResponse>("/api/auth/me"),
  };
}
