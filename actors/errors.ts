import { AppError } from "../lib/core/errors.ts";

/** Codes of every failure that the runtime throws; `status` is what an API would answer. */
export const ACTOR_ERRORS = {
  /** No child of that id. */
  ACTOR_UNKNOWN: 404,
  /** A child of that id is up, or was killed and not removed. */
  ACTOR_EXISTS: 409,
  /** The child is in a state in which this cannot be done. */
  ACTOR_STATE_REFUSED: 409,
  /** The child would depend on itself, directly or through others. */
  DEPENDENCY_CYCLE: 409,
  /** The start failed and no further attempt is planned. */
  ACTOR_START_FAILED: 500,
  /** The actor ended before it answered: the outcome is unknown. */
  ACTOR_ENDED: 503,
  /** No answer within the deadline: the outcome is unknown. */
  ACTOR_TIMEOUT: 504,
  /** The actor answered a question or a command with an error that has no code of its own. */
  ACTOR_QUERY_FAILED: 500,
  /** The control or events lane of the child is full; nothing was sent. */
  MAILBOX_FULL: 429,
  /** An actor sent more than its far end took, or reported more than its owner did. The actor fails. */
  EVENTS_OVERFLOW: 500,
  /** An actor sent to more keys of a market lane than can wait. The actor fails. */
  MARKET_OVERFLOW: 500,
  /** An event that the lifecycle table does not know in this state. */
  LIFECYCLE_PAIR_UNKNOWN: 500,
  /** A snapshot of another behaviour or of a version that cannot be read. Never retried. */
  SNAPSHOT_UNUSABLE: 500,
  /** Owner and actor speak different versions of the protocol. Never retried. */
  PROTOCOL_VERSION_UNKNOWN: 500,
  /** A link name is already in use with another far end. */
  LINK_CONFLICT: 409,
  /** The supervisor is shutting down. */
  SUPERVISOR_DRAINING: 503,
} as const;

/** Code of a failure of the runtime. */
export type ActorErrorCode = keyof typeof ACTOR_ERRORS;

/** Failures that a restart cannot mend: the child is quarantined at once. */
const UNRECOVERABLE: ReadonlySet<string> = new Set<ActorErrorCode>([
  "SNAPSHOT_UNUSABLE",
  "PROTOCOL_VERSION_UNKNOWN",
]);

/** Makes a typed failure of the runtime; its status follows from the code. */
export function actorError(code: ActorErrorCode, message: string): AppError {
  return new AppError(code, message, { status: ACTOR_ERRORS[code] });
}

/** Tells whether a failure with this code would only repeat itself after a restart. */
export function isUnrecoverable(code: string | null): boolean {
  return code !== null && UNRECOVERABLE.has(code);
}

/** The lane whose overflow this code stands for, or null. */
export function overflowLane(code: string | null): "events" | "market" | null {
  if (code === "EVENTS_OVERFLOW") return "events";
  return code === "MARKET_OVERFLOW" ? "market" : null;
}

/** An error as it travels between isolates. */
export interface WireError {
  message: string;
  stack: string | null;
  /** Code of an {@link AppError}, or null for any other error. */
  code: string | null;
}

/** The link message that a program was working on when it failed. */
export interface InHand {
  link: string;
  /** Tells messages apart without saying what is in them. */
  digest: string;
}

/** Packs anything that was thrown. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof Error)) {
    return { message: String(error), stack: null, code: null };
  }
  return {
    message: error.message === "" ? error.name : error.message,
    stack: error.stack ?? null,
    code: error instanceof AppError ? error.code : null,
  };
}

/** Unpacks an error that an actor answered with. An unknown code keeps status 500. */
export function fromWireError(error: WireError): AppError {
  const code = error.code ?? "ACTOR_QUERY_FAILED";
  const status = code in ACTOR_ERRORS
    ? ACTOR_ERRORS[code as ActorErrorCode]
    : 500;
  return new AppError(code, error.message, { status, cause: error.stack });
}
