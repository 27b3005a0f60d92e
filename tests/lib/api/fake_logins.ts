/** Logins and API tokens in memory, for tests of the layers above them. */
import type { ApiTokens, LoginSessions } from "../../../lib/auth/port.ts";
import type {
  ProgramLogin,
  SessionResponse,
  SessionView,
  User,
} from "../../../lib/contracts/auth.ts";
import type { ApiTokenView } from "../../../lib/contracts/api_token.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { identityOf } from "../../support/users.ts";

/** What a fake of logins knows. */
export interface FakeLogins {
  clock: { now: number };
  /** Users by token. */
  sessions: Map<string, User>;
  open: (user: User) => SessionResponse;
}

/** Refresh tokens that work, and the token of the login that each belongs to. */
export type RefreshTokens = Map<string, string>;

/** A program's login: the access token is the one of the login. */
export function programLogin(
  { clock, open }: FakeLogins,
  refreshTokens: RefreshTokens,
  user: User,
): ProgramLogin {
  const { token, expiresAt, user: shown } = open(user);
  const refreshToken = `refresh-of-${token}`;
  refreshTokens.set(refreshToken, token);
  return {
    accessToken: token,
    refreshToken,
    expiresAt: new Date(clock.now + 300_000).toISOString(),
    loginEndsAt: expiresAt,
    user: shown,
  };
}

/** Logins by token; the id of a login is `ses <token>`. */
export function fakeSessions(
  logins: FakeLogins,
  refreshTokens: RefreshTokens,
): LoginSessions {
  const { sessions, open, clock } = logins;
  const userOf = (sessionId: string) => sessions.get(sessionId.slice(4));
  const view = (token: string, current: string): SessionView => ({
    id: `ses ${token}`,
    kind: "program",
    createdAt: new Date(clock.now).toISOString(),
    lastSeenAt: new Date(clock.now).toISOString(),
    expiresAt: new Date(clock.now + 3_600_000).toISOString(),
    address: "192.0.2.1",
    userAgent: "test",
    isThis: `ses ${token}` === current,
  });
  const idsOf = (userId: string) =>
    [...sessions].filter(([, user]) => user.id === userId)
      .map(([token]) => token);
  return {
    refresh: (text) => {
      const before = refreshTokens.get(text);
      const user = before === undefined ? undefined : sessions.get(before);
      refreshTokens.delete(text);
      if (before === undefined || user === undefined) {
        return Promise.reject(
          new AppError("REFRESH_INVALID", "Log in again", { status: 401 }),
        );
      }
      sessions.delete(before);
      return Promise.resolve(programLogin(logins, refreshTokens, user));
    },
    recheck: ({ sessionId, kind, scopes }) => {
      const user = userOf(sessionId);
      return Promise.resolve(
        user === undefined
          ? null
          : identityOf(user, { sessionId, kind, scopes }),
      );
    },
    rotate: (sessionId) => {
      const user = userOf(sessionId)!;
      sessions.delete(sessionId.slice(4));
      return Promise.resolve(open(user));
    },
    list: (userId, { current }) =>
      Promise.resolve(idsOf(userId).map((token) => view(token, current))),
    quotas: (userId) => {
      const used = idsOf(userId).length;
      return Promise.resolve([{ quota: "sessions", used, limit: 100 }]);
    },
    ownerOf: (sessionId) => Promise.resolve(userOf(sessionId)?.id ?? null),
    revoke: (sessionId) =>
      sessions.delete(sessionId.slice(4))
        ? Promise.resolve()
        : Promise.reject(new AppError("SESSION_NOT_FOUND", "It has ended")),
    revokeOthers: (userId, { except }) => {
      const others = idsOf(userId).filter((token) => `ses ${token}` !== except);
      for (const token of others) sessions.delete(token);
      return Promise.resolve(others.length);
    },
    revokeAll: (userId, except) => {
      for (const token of idsOf(userId)) {
        if (`ses ${token}` !== except) sessions.delete(token);
      }
      return Promise.resolve();
    },
  };
}

/** API tokens by id. */
export function fakeApiTokens({ clock }: FakeLogins): ApiTokens {
  const tokens = new Map<string, { userId: string; view: ApiTokenView }>();
  return {
    create: (user, { name, scopes, expiresInDays }) => {
      const view: ApiTokenView = {
        id: `tok_${tokens.size + 1}`,
        name,
        scopes,
        createdAt: new Date(clock.now).toISOString(),
        expiresAt: new Date(clock.now + expiresInDays * 86_400_000)
          .toISOString(),
        lastUsedAt: null,
        state: "active",
      };
      tokens.set(view.id, { userId: user.id, view });
      return Promise.resolve({ token: `smc_text-of-${view.id}`, view });
    },
    list: (userId) =>
      Promise.resolve(
        [...tokens.values()].filter((token) => token.userId === userId)
          .map(({ view }) => view),
      ),
    quotas: (userId) => {
      const used =
        [...tokens.values()].filter((token) => token.userId === userId).length;
      return Promise.resolve([{ quota: "api_tokens", used, limit: 50 }]);
    },
    ownerOf: (id) => Promise.resolve(tokens.get(id)?.userId ?? null),
    revoke: (id) =>
      tokens.delete(id)
        ? Promise.resolve()
        : Promise.reject(new AppError("TOKEN_NOT_FOUND", "It was revoked")),
  };
}
