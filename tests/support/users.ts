import type { Identity } from "../../lib/auth/port.ts";
import type { Session, User } from "../../lib/contracts/auth.ts";

/** A person who may log in; `usr_1`, a trader, unless something else is said. */
export function userOf(given: Partial<User> = {}): User {
  const id = given.id ?? "usr_1";
  return {
    id,
    email: `${id}@example.com`,
    role: "trader",
    status: "active",
    epoch: 1,
    createdAt: 0,
    ...given,
  };
}

/** A login of the panel. */
export function identityOf(
  user: User,
  given: Partial<Identity> = {},
): Identity {
  return { user, sessionId: "ses_1", kind: "session", scopes: null, ...given };
}

/** A login of the panel that began at 0 and ends after a while, unless something else is said. */
export function sessionOf(given: Partial<Session> = {}): Session {
  const id = given.id ?? "ses_1";
  return {
    id,
    userId: "usr_1",
    kind: "panel",
    secretHash: `hash of ${id}`,
    epoch: 1,
    createdAt: 0,
    lastSeenAt: 0,
    expiresAt: 1_000_000,
    userAgent: "test",
    address: "192.0.2.1",
    refreshes: 0,
    ...given,
  };
}
