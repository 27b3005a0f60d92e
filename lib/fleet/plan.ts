import type { DesiredState, ObservedState } from "../contracts/lifecycle.ts";

/** The one step that brings an agent nearer to its desired state. */
export type Step =
  | "none"
  | "start"
  | "start_paused"
  | "pause"
  | "resume"
  | "stop"
  | "settle"
  | "retire";

/** Something runs, or will by itself. */
export const ALIVE: readonly ObservedState[] = [
  "starting",
  "reconciling",
  "running",
  "paused",
  "degraded",
  "backing_off",
];

/**
 * Chooses the next step. Quarantined and killed agents wait for a person: they
 * are started only when a new command cleared that state.
 *
 * @param needsSettling Whether the books of an agent that does not run are not known to be settled.
 */
export function planStep(
  desired: DesiredState,
  observed: ObservedState,
  needsSettling = false,
): Step {
  const step = stepTowards(desired, observed);
  const isDown = !ALIVE.includes(observed) && observed !== "stopping";
  // What starts again opens its books anyway; what stops settles them afterwards.
  return isDown && needsSettling && (step === "none" || step === "retire")
    ? "settle"
    : step;
}

function stepTowards(desired: DesiredState, observed: ObservedState): Step {
  switch (desired) {
    case "running":
      if (observed === "stopped") return "start";
      return observed === "paused" ? "resume" : "none";
    case "paused":
      if (observed === "stopped") return "start_paused";
      return observed === "running" || observed === "degraded"
        ? "pause"
        : "none";
    case "stopped":
      return ALIVE.includes(observed) || observed === "quarantined"
        ? "stop"
        : "none";
    case "retired":
      if (ALIVE.includes(observed)) return "stop";
      return observed === "stopping" ? "none" : "retire";
  }
}
