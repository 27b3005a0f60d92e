import type { DesiredState, ObservedState } from "./lifecycle.ts";

/** What a team is, seen as one. */
export const TEAM_STATES = [
  "running",
  "paused",
  "stopped",
  "changing",
  "incomplete",
] as const;
export type TeamState = (typeof TEAM_STATES)[number];

/** The part of an agent that its team's state follows from. */
export interface MemberState {
  desired: DesiredState;
  observed: ObservedState;
}

const GIVEN_UP: readonly ObservedState[] = ["quarantined", "killed"];

/**
 * What the agents of a team come to. `incomplete` says that it cannot work as it
 * was built: one was deleted, is given up, or is meant to rest while another
 * works. `changing` is on the way to what is wanted.
 *
 * @param size How many agents it was spawned with.
 */
export function teamStateOf(
  members: readonly MemberState[],
  size: number,
): TeamState {
  const isDown = ({ desired }: MemberState) =>
    desired === "stopped" || desired === "retired";
  if (members.every(isDown)) {
    const isAtRest = members.every(({ observed }) =>
      observed === "stopped" || GIVEN_UP.includes(observed)
    );
    return isAtRest ? "stopped" : "changing";
  }
  const isWhole = members.length >= size && !members.some(isDown) &&
    !members.some(({ observed }) => GIVEN_UP.includes(observed));
  if (!isWhole) return "incomplete";
  for (const state of ["running", "paused"] as const) {
    const isThere = members.every(({ desired, observed }) =>
      desired === state && observed === state
    );
    if (isThere) return state;
  }
  return "changing";
}
