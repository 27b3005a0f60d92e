/**
 * What the audit trail says of one act: who did what to whom, and what came of it.
 *
 * @module
 */
import type { EpochMs } from "./primitives.ts";

/** Who acted. */
export interface Actor {
  /** `token`: a program with a token of its own. `anonymous`: nobody had logged in. */
  kind: "user" | "token" | "system" | "anonymous";
  /** Id of the user, also behind a token; null where there is none. */
  id: string | null;
  /** What a person reads: an e-mail address, as it was given where nobody had logged in. */
  name: string;
}

/** One entry, before the trail gives it its place. */
export interface AuditEntry {
  at: EpochMs;
  actor: Actor;
  /** The kind of client: panel, cli, api or system. */
  via: string;
  /**
   * Id of the HTTP request that caused it, as its `X-Request-Id` has it; null for
   * what the platform does by itself. Left out in entries of older builds.
   */
  requestId?: string | null;
  /** What was done: an action of the policy table, or one of the login. */
  action: string;
  /** Id of what it was done to. */
  target: string;
  outcome: "ok" | "refused";
  /** Why it was refused, or "". */
  reason: string;
  /** Before and after of a change, and what else explains it. Never a secret. */
  detail: Readonly<Record<string, unknown>>;
}

/** The platform itself. */
export const SYSTEM_ACTOR: Actor = { kind: "system", id: null, name: "system" };

/** A person who is logged in, as an actor. */
export function userActor(user: { id: string; email: string }): Actor {
  return { kind: "user", id: user.id, name: user.email };
}

/** Who asks for something, as services know it. */
export interface Caller {
  userId: string;
  email: string;
  via: "panel" | "cli" | "api" | "system";
  /** True for a program with a token of its own. */
  isToken?: boolean;
  /** Id of the HTTP request; left out where there is none. */
  requestId?: string | undefined;
}

/** How something came to the platform: an address to count attempts by, and what entries say of it. */
export interface RequestClient {
  address: string;
  /** The kind of client. */
  via: string;
  /** Id of the HTTP request; left out where there is none. */
  requestId?: string | undefined;
}

/** What an entry says of how something came. */
export function cameBy(
  { via = "api", requestId = undefined }: {
    via?: string | undefined;
    requestId?: string | undefined;
  },
): Required<Pick<AuditEntry, "via" | "requestId">> {
  return { via, requestId: requestId ?? null };
}

/** Who asks, as an actor. */
export function callerActor({ userId, email, via, isToken }: Caller): Actor {
  if (via === "system") return SYSTEM_ACTOR;
  return { kind: isToken === true ? "token" : "user", id: userId, name: email };
}
