import type { Identity } from "../../lib/auth/port.ts";
import type { User } from "../../lib/contracts/auth.ts";

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
