/**
 * What is said of logins: to their owner, to the browser, to the audit trail.
 *
 * @module
 */
import {
  type AuditEntry,
  type Caller,
  callerActor,
  cameBy,
} from "../../contracts/audit.ts";
import type {
  Session,
  SessionResponse,
  SessionView,
  User,
} from "../../contracts/auth.ts";
import { AppError } from "../../core/errors.ts";
import type { IdFactory } from "../../core/ids.ts";
import type { TimeSource } from "../../core/time.ts";
import { MAX_USER_AGENT_LENGTH, SESSION_MS } from "../limits.ts";
import type { LoginClient } from "../port.ts";

/** A login as its owner sees it; `seenAt` may be newer than what is stored. */
export function viewOf(
  session: Session,
  { seenAt, current }: { seenAt: number; current: string },
): SessionView {
  return {
    id: session.id,
    kind: session.kind,
    createdAt: new Date(session.createdAt).toISOString(),
    lastSeenAt: new Date(seenAt).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
    address: session.address,
    userAgent: session.userAgent,
    isThis: session.id === current,
  };
}

/** What the browser's cookie needs. */
export function responseOf(
  session: Session,
  { id, email, role }: User,
  token: string,
): SessionResponse {
  return {
    token,
    expiresAt: new Date(session.expiresAt).toISOString(),
    user: { id, email, role },
  };
}

/** Somebody ended logins of one user. */
export function revokedEntry(
  caller: Caller,
  ended: readonly Session[],
  at: number,
): AuditEntry {
  const first = ended[0]!;
  return {
    at,
    actor: callerActor(caller),
    ...cameBy(caller),
    action: "sessions.revoke",
    target: ended.length === 1 ? first.id : first.userId,
    outcome: "ok",
    reason: "",
    detail: { userId: first.userId, sessions: ended.map(({ id }) => id) },
  };
}

/** There is no such login. */
export function sessionNotFound(id: string): AppError {
  return new AppError(
    "SESSION_NOT_FOUND",
    `There is no login "${id.slice(0, 40)}"; it may have ended already`,
    { status: 404 },
  );
}

/** A login that begins now. */
export function newSession(
  user: User,
  { ids, time, client, ...own }:
    & { ids: IdFactory; time: TimeSource; client: LoginClient }
    & Pick<Session, "kind" | "secretHash">,
): Session {
  const now = time.nowMs();
  return {
    id: ids("ses"),
    userId: user.id,
    kind: own.kind,
    secretHash: own.secretHash,
    epoch: user.epoch,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + SESSION_MS,
    userAgent: client.userAgent.slice(0, MAX_USER_AGENT_LENGTH),
    address: client.address,
    refreshes: 0,
  };
}
