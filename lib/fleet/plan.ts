import type { DesiredState, ObservedState } from "../contracts/lifecycle.ts";

/** The one step that brings an agent nearer to its desired state. */
export type Step =
  | "none"
  | "start"
  | "start_paused"
  | "pause"
  | "resume"
  | "stop"
  | "quiesce"
  | "retire";

const ALIVE: readonly ObservedState[] = [
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
 * @param needsQuiesce Whether a kill has left orders that the desk has not withdrawn yet.
 */
export function planStep(
  desired: DesiredState,
  observed: ObservedState,
  needsQuiesce = false,
): Step {
  if (observed === "killed" && needsQuiesce) return "quiesce";
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
