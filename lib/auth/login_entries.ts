/** What the audit trail says of attempts that were no logins, and of the end of one. */
import { type AuditEntry, cameBy, userActor } from "../contracts/audit.ts";
import type { TimeSource } from "../core/time.ts";
import type { SessionStore, UserStore } from "../store/port.ts";
import {
  type AttemptSource,
  INVITE_ACCOUNT,
  SETUP_ACCOUNT,
} from "./login_delays.ts";

/** Who tells no name. */
const NOBODY = "anonymous";

interface EntryParts {
  users: Pick<UserStore, "byId">;
  sessions: Pick<SessionStore, "byId">;
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
}

/** An attempt that has to wait; a flood of them is counted by the trail. One that cannot be stored is let go. */
export function auditDelayed(
  { account, ...client }: AttemptSource,
  { audit, time }: EntryParts,
): void {
  const { action, name } = attemptOf(account);
  void audit(refusalEntry({
    at: time.nowMs(),
    action,
    name,
    reason: "too many failed attempts before; had to wait",
    client,
  })).catch(() => {});
}

/** What was tried, and as whom, by the name that attempts are counted under. */
function attemptOf(account: string): { action: string; name: string } {
  if (account === SETUP_ACCOUNT) {
    return { action: "auth.setup", name: NOBODY };
  }
  if (account.startsWith(INVITE_ACCOUNT)) {
    return { action: "users.accept", name: NOBODY };
  }
  return {
    action: account.startsWith("factor:") ? "auth.factor" : "auth.login",
    name: account,
  };
}

/** The entry of an attempt by somebody who had not logged in. */
export function refusalEntry(
  { at, action, name = NOBODY, reason, client }: {
    at: number;
    action: string;
    /** What they called themselves. */
    name?: string;
    reason: string;
    client: Omit<AttemptSource, "account">;
  },
): AuditEntry {
  return {
    at,
    actor: { kind: "anonymous", id: null, name },
    ...cameBy(client),
    action,
    target: name,
    outcome: "refused",
    reason,
    detail: { address: client.address },
  };
}

/** The entry of a logout; null where nobody is known to have been logged in. */
export async function logoutEntry(
  { sessionId, ...client }: {
    sessionId: string;
    via: string;
    requestId?: string | undefined;
  },
  { sessions, users, time }: EntryParts,
): Promise<AuditEntry | null> {
  try {
    const session = await sessions.byId(sessionId);
    const user = session === null ? null : await users.byId(session.userId);
    if (user === null) return null;
    return {
      at: time.nowMs(),
      actor: userActor(user),
      ...cameBy(client),
      action: "auth.logout",
      target: user.email,
      outcome: "ok",
      reason: "",
      detail: { sessionId },
    };
  } catch {
    // A store that does not answer keeps nobody logged in.
    return null;
  }
}
