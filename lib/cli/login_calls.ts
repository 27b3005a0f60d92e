import type {
  ApiTokenCreated,
  ApiTokenRequest,
  ApiTokenView,
} from "../contracts/api_token.ts";
import type {
  LoginResponse,
  ProgramLogin,
  SessionView,
} from "../contracts/auth.ts";
import type { Line } from "./api_sender.ts";

/** Calls about logins and API tokens. */
export interface LoginCalls {
  login(
    request: { email: string; password: string; code?: string },
  ): Promise<ProgramLogin>;
  setup(
    request: { token: string; email: string; password: string },
  ): Promise<LoginResponse>;
  logout(): Promise<void>;
  /** One's own logins, or those of a user. */
  sessions(user: string): Promise<readonly SessionView[]>;
  revokeSession(id: string): Promise<void>;
  /** Ends all logins but this one, or all of a user. @returns How many. */
  revokeOtherSessions(user: string): Promise<number>;
  apiTokens(user: string): Promise<readonly ApiTokenView[]>;
  createApiToken(request: ApiTokenRequest): Promise<ApiTokenCreated>;
  revokeApiToken(id: string): Promise<void>;
}

/** Makes the calls over a client's requests. */
export function loginCalls(
  { read, send }: Pick<Line, "read" | "send">,
): LoginCalls {
  const of = (user: string) =>
    user === "" ? "" : `?user=${encodeURIComponent(user)}`;
  const items = async <T>(path: string) =>
    (await read<{ items: readonly T[] }>("GET", path)).items;
  return {
    login: (body) => read("POST", "/auth/token", { body }),
    setup: (body) => read("POST", "/auth/setup", { body }),
    logout: async () => void await send("POST", "/auth/logout"),
    sessions: (user) => items<SessionView>(`/sessions${of(user)}`),
    revokeSession: async (id) =>
      void await send("DELETE", `/sessions/${encodeURIComponent(id)}`),
    revokeOtherSessions: async (user) =>
      (await read<{ revoked: number }>(
        "POST",
        `/sessions/revoke-others${of(user)}`,
      )).revoked,
    apiTokens: (user) => items<ApiTokenView>(`/tokens${of(user)}`),
    createApiToken: (body) => read("POST", "/tokens", { body }),
    revokeApiToken: async (id) =>
      void await send("DELETE", `/tokens/${encodeURIComponent(id)}`),
  };
}
