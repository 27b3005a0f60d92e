import { checkFreshProof } from "../../../lib/auth/fresh_proof.ts";
import type { AuthService } from "../../../lib/auth/port.ts";
import type { User } from "../../../lib/contracts/auth.ts";
import { identityOf, userOf } from "../../support/users.ts";
import { isAllowed, type Role } from "../../../lib/contracts/policy.ts";
import type { Preferences } from "../../../lib/contracts/preference_values.ts";
import type { LogEntry, LogQuery } from "../../../lib/contracts/log.ts";
import { isInRange } from "../../../lib/contracts/log_terms.ts";
import { AppError } from "../../../lib/core/errors.ts";
import type { Page } from "../../../lib/fleet/port.ts";
import type { LiveHub, StreamRequest } from "../../../lib/live/port.ts";
import type {
  IdempotencyStore,
  KnownRequest,
  PreferencesStore,
} from "../../../lib/store/port.ts";

import {
  fakeApiTokens,
  fakeSessions,
  programLogin,
  type RefreshTokens,
} from "./fake_logins.ts";
import { createFakePasskeys, createFakePeople } from "./fake_people.ts";
import { memorySecondFactor } from "../../support/vault.ts";
import { systemTime } from "../store/support.ts";

export const PASSWORD = "correct horse battery";
export const SETUP_TOKEN = "setup-token-1";

/** Requests by key, as the store keeps them. */
export type KeptAnswers = Map<string, KnownRequest>;

export function createFakeAuth(clock: { now: number }) {
  const sessions = new Map<string, User>();
  const tokens = {} as Record<Role, string>;
  for (
    const role of ["viewer", "operator", "trader", "risk", "admin"] as const
  ) {
    tokens[role] = `token-${role}`;
    sessions.set(
      tokens[role],
      userOf({ id: `usr_${role}`, email: `${role}@example.com`, role }),
    );
  }
  let made = 0;
  const open = (user: User) => {
    const token = `session-${++made}`;
    sessions.set(token, user);
    return {
      token,
      expiresAt: new Date(clock.now + 3_600_000).toISOString(),
      user: { id: user.id, email: user.email, role: user.role },
    };
  };
  const logins = { clock, sessions, open };
  const refreshTokens: RefreshTokens = new Map();
  const auth: AuthService = {
    sessions: fakeSessions(logins, refreshTokens),
    apiTokens: fakeApiTokens(logins),
    loginProgram: async (request, client) => {
      const { token } = await auth.login(request, client);
      const user = sessions.get(token)!;
      sessions.delete(token);
      return programLogin(logins, refreshTokens, user);
    },
    factor: memorySecondFactor({ ...systemTime, nowMs: () => clock.now }),
    setupNeeded: () => Promise.resolve(false),
    setup: (request) => {
      if (request.token !== SETUP_TOKEN) {
        return Promise.reject(
          new AppError("SETUP_TOKEN_INVALID", "Paste the printed token"),
        );
      }
      return Promise.resolve(open(userOf({
        id: "usr_first",
        email: request.email,
        role: "admin",
        createdAt: clock.now,
      })));
    },
    setupRefused: () => Promise.resolve(),
    login: (request) => {
      if (request.email === "slow@example.com") {
        return Promise.reject(
          new AppError("LOGIN_DELAYED", "Wait 8 s, then try again", {
            cause: { retryAfterMs: 7_500 },
          }),
        );
      }
      const user = [...sessions.values()].find((known) =>
        known.email === request.email
      );
      return user === undefined || request.password !== PASSWORD
        ? Promise.reject(
          new AppError("AUTH_INVALID", "Check e-mail and password"),
        )
        : Promise.resolve(open(user));
    },
    prove: async (request, client) => {
      const { user } = await auth.login(request, client);
      return [...sessions.values()].find(({ id }) => id === user.id)!;
    },
    beginLogin: async (request, client) => ({
      kind: "done",
      session: await auth.login(request, client),
    }),
    finishLogin: () =>
      Promise.reject(new AppError("AUTH_REQUIRED", "Begin the login again")),
    loginByPasskey: () =>
      Promise.reject(new AppError("PASSKEY_INVALID", "No such passkey")),
    stepUp: async (identity, proof, client) => {
      if ("passkey" in proof) {
        await auth.passkeys.proveFresh(identity, proof.passkey, {
          site: proof.site,
          client,
        });
      }
      if ("code" in proof) {
        return await auth.factor.stepUp(identity, { ...proof, client });
      }
      const password = "password" in proof ? proof.password : "";
      await auth.proveFresh(identity, { password, code: "" }, client);
      auth.factor.markFresh(identity.sessionId, "password");
      return await auth.factor.view(identity);
    },
    renew: ({ user }) => Promise.resolve(open(user)),
    changePassword: () => Promise.resolve(),
    passkeys: createFakePasskeys(),
    people: createFakePeople(clock),
    proveFresh: (identity, proof, client) =>
      checkFreshProof(identity, proof, {
        factor: auth.factor,
        checkPassword: (_user, password) =>
          password === PASSWORD
            ? Promise.resolve()
            : Promise.reject(new AppError("PROOF_INVALID", "Wrong password")),
        client,
      }),
    // Of the users above, risk and admin.
    countOthers: (action, userId) =>
      Promise.resolve(
        [...new Map([...sessions.values()].map((user) => [user.id, user]))
          .values()].filter(({ id, role }) =>
            id !== userId && isAllowed(role, action)
          ).length,
      ),
    authenticate: (token, use) => {
      const user = sessions.get(token);
      return Promise.resolve(
        user === undefined ? null : identityOf(user, {
          sessionId: `ses ${token}`,
          kind: use?.transport === "bearer" ? "access" : "session",
        }),
      );
    },
    logout: (sessionId) => {
      sessions.delete(sessionId.slice(4));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return { auth, tokens, sessions };
}

export function createFakeHub(streams: StreamRequest[]): LiveHub {
  return {
    sse: (stream) => {
      streams.push(stream);
      return new Response("data: {}\n\n", {
        headers: { "Content-Type": "text/event-stream" },
      });
    },
    socket: (stream) => {
      streams.push(stream);
      return new Response("upgraded");
    },
    socketByTicket: () => new Response("upgraded, to whom is not known"),
    issueTicket: ({ userId }) => ({
      ticket: `ticket of ${userId}`,
      expiresAt: Date.UTC(2026, 8, 1, 0, 0, 30),
    }),
    publishVolatile: () => {},
    recheck: () => {},
    stats: () => ({ clients: 0, queuedBytes: 0, dropped: 0 }),
    close: () => Promise.resolve(),
  };
}

export function createFakeIdempotency(
  kept: KeptAnswers,
): IdempotencyStore {
  return {
    begin: (key, requestHash) => {
      const known = kept.get(key);
      if (known !== undefined) return Promise.resolve({ ...known });
      kept.set(key, { requestHash, response: null, isAbandoned: false });
      return Promise.resolve(null);
    },
    finish: (key, response) => {
      kept.get(key)!.response = response;
      return Promise.resolve();
    },
    abandon: (key) => {
      kept.delete(key);
      return Promise.resolve();
    },
    doubt: (key) => {
      kept.get(key)!.isAbandoned = true;
    },
  };
}

export function createFakePreferences(): PreferencesStore {
  const kept = new Map<string, Preferences>();
  return {
    get: (userId) => Promise.resolve(kept.get(userId) ?? null),
    put: (userId, preferences) => {
      kept.set(userId, preferences);
      return Promise.resolve();
    },
  };
}

/** Numbered things, newest first, as the store answers. */
export function pageOf<T extends { n: number }>(
  all: readonly T[],
  { limit, cursor }: { limit: number; cursor: string | null },
): Page<T> {
  const rest = all.toReversed().filter(({ n }) =>
    cursor === null || n < Number(cursor)
  );
  const items = rest.slice(0, limit);
  return {
    items,
    nextCursor: rest.length > items.length ? String(items.at(-1)!.n) : null,
  };
}

/** Newest first, as the store answers. */
export function queryLogs(
  all: readonly LogEntry[],
  query: LogQuery,
): Page<LogEntry> {
  const rest = all.toReversed().filter((entry) =>
    (query.level === undefined || query.level.includes(entry.level)) &&
    (query.category === undefined ||
      query.category.includes(entry.category)) &&
    (query.agentId === undefined || query.agentId === entry.agentId) &&
    (query.q === undefined || entry.message.includes(query.q)) &&
    isInRange(entry.at, query) &&
    (query.cursor === undefined || entry.seq < Number(query.cursor))
  );
  const items = rest.slice(0, query.limit);
  return {
    items,
    nextCursor: rest.length > items.length ? String(items.at(-1)!.seq) : null,
  };
}
