/** What the audit trail says of attempts that were no logins, and of the end of one. */
import { type AuditEntry, userActor } from "../contracts/audit.ts";
import type { TimeSource } from "../core/time.ts";
import type { SessionStore, UserStore } from "../store/port.ts";
import { type AttemptSource, SETUP_ACCOUNT } from "./login_delays.ts";

interface EntryParts {
  users: Pick<UserStore, "byId">;
  sessions: Pick<SessionStore, "byId">;
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
}

/** An attempt that has to wait; a flood of them is counted by the trail. One that cannot be stored is let go. */
export function auditDelayed(
  { account, address }: AttemptSource,
  { audit, time }: EntryParts,
): void {
  const isSetup = account === SETUP_ACCOUNT;
  void audit(refusalOf({
    at: time.nowMs(),
    action: isSetup
      ? "auth.setup"
      : account.startsWith("factor:")
      ? "auth.factor"
      : "auth.login",
    name: isSetup ? "anonymous" : account,
    reason: "too many failed attempts before; had to wait",
    address,
  })).catch(() => {});
}

/** The entry of a setup with a wrong token. */
export function setupRefusal(
  address: string,
  { time }: Pick<EntryParts, "time">,
): AuditEntry {
  return refusalOf({
    at: time.nowMs(),
    action: "auth.setup",
    name: "anonymous",
    reason: "wrong setup token",
    address,
  });
}

/** The entry of a logout; null where nobody is known to have been logged in. */
export async function logoutEntry(
  sessionId: string,
  { sessions, users, time }: EntryParts,
): Promise<AuditEntry | null> {
  try {
    const session = await sessions.byId(sessionId);
    const user = session === null ? null : await users.byId(session.userId);
    if (user === null) return null;
    return {
      at: time.nowMs(),
      actor: userActor(user),
      via: "api",
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

function refusalOf(
  { at, action, name, reason, address }: {
    at: number;
    action: string;
    name: string;
    reason: string;
    address: string;
  },
): AuditEntry {
  return {
    at,
    actor: { kind: "anonymous", id: null, name },
    via: "api",
    action,
    target: name,
    outcome: "refused",
    reason,
    detail: { address },
  };
}
