import type {
  Latch,
  StopRequest,
  StopResponse,
  StopScope,
  StopView,
} from "../../contracts/emergency.ts";
import { AppError } from "../../core/errors.ts";
import { LATCHES_MAX } from "../../desk/emergency/limits.ts";

/** The latch of a stop. */
export function toLatch(
  { isWorking: _, progress: __, residue: ___, ...latch }: StopView,
): Latch {
  return latch;
}

/** A stop of which no accounts are known. */
export function unheardView(latch: Latch): StopView {
  const isWorking = latch.endedAt === null && latch.release === null;
  return { ...latch, isWorking, progress: [], residue: [] };
}

/**
 * Answers to the same request again: nobody may take for stopped what is not.
 *
 * @param again Its scope is resolved, as that of the stop is; `isHeard` where
 *   every desk has answered to the stop.
 * @throws {AppError} IDEMPOTENCY_KEY_REUSED where it is another one, or its stop was released since.
 */
export function answerAgain(
  stop: StopView,
  again: { request: StopRequest; isHeard: boolean },
): StopResponse {
  const { request: { scope, lever, withdrawAll }, isHeard } = again;
  if (
    stop.lever !== lever || stop.withdrawAll !== withdrawAll ||
    !isSameScope(stop.scope, scope)
  ) {
    throw keyReused(
      "The Idempotency-Key belongs to an earlier, different stop; use a new key for a new stop",
    );
  }
  if (stop.release !== null) {
    throw keyReused(
      "This stop was released since, so it stops nothing any more; a new stop needs a new Idempotency-Key",
    );
  }
  return {
    stop,
    isLatched: isHeard,
    detail: isHeard
      ? latchedSentence(stop)
      : "A desk has not answered to this stop yet; it holds there as soon as the desk is back",
  };
}

function isSameScope(one: StopScope, other: StopScope): boolean {
  if (one.kind === "all" || other.kind === "all") {
    return one.kind === other.kind;
  }
  return one.kind === other.kind && one.id === other.id;
}

function keyReused(detail: string): AppError {
  return new AppError("IDEMPOTENCY_KEY_REUSED", detail, { status: 422 });
}

/** How a stop stands that the desk has latched. */
export function latchedSentence(
  { isWorking, residue }: StopView,
): string {
  if (isWorking) return "No new entry is accepted; the lever is still at work";
  return residue.length === 0
    ? "No new entry is accepted, and the lever has done its work"
    : "No new entry is accepted, but the lever has left a residue";
}

/** Whether a desk that has no room for more made a stop one of everything. */
export function isWidened(
  asked: Pick<Latch, "scope">,
  { scope }: Pick<Latch, "scope">,
): boolean {
  return asked.scope.kind !== "all" && scope.kind === "all";
}

/** What somebody is told whose stop is wider than they asked. */
export function widenedSentence(): string {
  return [
    `${LATCHES_MAX} emergency stops are in force, which is the most, so this one holds for everything`,
    "Stop an account, a user or everything in place of single agents, release those that are then not needed, and this one last",
  ].join(". ");
}

/** What somebody is told whose stop some desk has not answered to. */
export function unheardSentence(
  failures: readonly { deskId: string; error: unknown }[],
  isKept: boolean,
): string {
  const why = failures.map(({ deskId, error }) =>
    `${deskId}: ${error instanceof Error ? error.message : String(error)}`
  ).join("; ");
  return isKept
    ? `The desk does not answer (${why}); the stop is in its folder, and it holds before the desk trades again`
    : `The desk does not answer (${why}) and its folder cannot be written; the stop holds when the desk starts again, as long as this server runs`;
}

/** Whether a desk says that it has no such stop. */
export function isNotFound(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "EMERGENCY_NOT_FOUND";
}

/** The refusal of an id that no stop has. */
export function notFound(id: string): AppError {
  return new AppError(
    "EMERGENCY_NOT_FOUND",
    `There is no emergency stop "${
      id.slice(0, 60)
    }"; list those in force with GET /api/emergency`,
    { status: 404 },
  );
}

/** The refusal to release what only a host has that is gone. */
export function outOfReach(id: string): AppError {
  return new AppError(
    "HOST_UNREACHABLE",
    `The host that has the emergency stop "${id}" is gone, and no other one has taken the stop over yet: release it a few seconds after a host is up`,
    { status: 503 },
  );
}

/** Why a release is not through. A desk that could not be asked holds the stop still; what one refuses it explains itself. */
export function unreleased(
  { deskId, error }: { deskId: string; error: unknown },
): unknown {
  if (!(error instanceof AppError) || !error.code.startsWith("ACTOR_")) {
    return error;
  }
  return new AppError(
    "AGENT_UNREACHABLE",
    `The order desk ${deskId} takes no command just now, so the stop is still in force there; release it again in a moment`,
    { status: 503 },
  );
}
