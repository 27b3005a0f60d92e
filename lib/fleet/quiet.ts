import type { ObservedState } from "../contracts/lifecycle.ts";
import type { AgentEntry } from "./registry.ts";

/** States that an agent only passes through; ending the process would repeat the work. */
const PASSING: ReadonlySet<ObservedState> = new Set<ObservedState>([
  "starting",
  "reconciling",
  "stopping",
  "backing_off",
]);

/** Tells whether an agent is where it stays, with everything that it was told stored. */
export function isSettled(
  { observed, unstored }: Pick<AgentEntry, "observed" | "unstored">,
): boolean {
  return !PASSING.has(observed.state) && unstored.length === 0;
}
