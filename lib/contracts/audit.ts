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
}

/** Who asks, as an actor. */
export function callerActor({ userId, email, via, isToken }: Caller): Actor {
  if (via === "system") return SYSTEM_ACTOR;
  return { kind: isToken === true ? "token" : "user", id: userId, name: email };
}
