/**
 * The one table that says how an actor may move from state to state. Pure; the
 * supervisor asks it before every change, and the documentation is rendered
 * from it.
 *
 * @module
 */
import {
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  OBSERVED_STATES,
  type ObservedState,
} from "../lib/contracts/lifecycle.ts";
import { actorError } from "./errors.ts";

type Row = Readonly<Partial<Record<LifecycleEvent, ObservedState>>>;

/** What can happen to an actor whose isolate is alive, whatever it is doing. */
const ALIVE: Row = {
  stop_requested: "stopping",
  failed: "backing_off",
  budget_exhausted: "quarantined",
  kill_requested: "killed",
};

/** What can happen to an actor that is up. One that ends by itself is `stopped` but never `stopping`. */
const UP: Row = {
  ...ALIVE,
  dependency_lost: "reconciling",
  stopped: "stopped",
};

/** From state and event to the next state. A pair that is missing cannot happen. */
export const LIFECYCLE_TABLE: Readonly<Record<ObservedState, Row>> = {
  // The isolate is being made and its code loaded.
  starting: { ...ALIVE, started: "reconciling" },
  // The program restores its state and reconciles it with the world. An actor
  // that is to start paused goes straight to `paused` and is never `running`.
  // An actor waits here, with isolate and state kept, while one that it depends
  // on is not up.
  reconciling: {
    ...ALIVE,
    reconciled: "running",
    pause_requested: "paused",
    stopped: "stopped",
  },
  running: {
    ...UP,
    pause_requested: "paused",
    degraded_detected: "degraded",
  },
  paused: {
    ...UP,
    resume_requested: "running",
    degraded_detected: "degraded",
  },
  // An actor that was paused before it degraded recovers to `paused`.
  degraded: { ...UP, recovered: "running", pause_requested: "paused" },
  // Failing while stopping is one way of being stopped. An incarnation that
  // ends only to make room for the next is never `stopped`, so that nobody
  // mistakes a recycle for an end.
  stopping: {
    stopped: "stopped",
    recycled: "starting",
    kill_requested: "killed",
  },
  stopped: { start_requested: "starting", kill_requested: "killed" },
  backing_off: {
    start_requested: "starting",
    stop_requested: "stopped",
    kill_requested: "killed",
  },
  quarantined: {
    start_requested: "starting",
    stop_requested: "stopped",
    kill_requested: "killed",
  },
  // Latched: only removing the child and spawning it anew leads out.
  killed: {},
};

/**
 * The state that follows.
 *
 * @throws {AppError} `LIFECYCLE_PAIR_UNKNOWN` if the table has no such pair.
 */
export function nextState(
  state: ObservedState,
  event: LifecycleEvent,
): ObservedState {
  const next = LIFECYCLE_TABLE[state][event];
  if (next === undefined) {
    throw actorError(
      "LIFECYCLE_PAIR_UNKNOWN",
      `Cannot apply event "${event}" in state "${state}"`,
    );
  }
  return next;
}

/** Tells whether the table knows this pair. */
export function canApply(state: ObservedState, event: LifecycleEvent): boolean {
  return LIFECYCLE_TABLE[state][event] !== undefined;
}

/** Up: the program runs and takes messages and commands. */
export function isUp(state: ObservedState): boolean {
  return state === "running" || state === "paused" || state === "degraded";
}

/** Down: nothing runs and nothing will start by itself. */
export function isDown(state: ObservedState): boolean {
  return state === "stopped" || state === "quarantined" || state === "killed";
}

/** The table in Markdown: one row per state, one column per event, empty cells are errors. */
export function renderLifecycleTable(): string {
  const header = ["state", ...LIFECYCLE_EVENTS];
  const rows = OBSERVED_STATES.map((state) => [
    `\`${state}\``,
    ...LIFECYCLE_EVENTS.map((event) => LIFECYCLE_TABLE[state][event] ?? ""),
  ]);
  const divider = header.map(() => "---");
  return [header, divider, ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** The table as a Mermaid state diagram. */
export function renderLifecycleDiagram(): string {
  const arrows = OBSERVED_STATES.flatMap((state) =>
    LIFECYCLE_EVENTS.flatMap((event) => {
      const next = LIFECYCLE_TABLE[state][event];
      return next === undefined ? [] : [`  ${state} --> ${next}: ${event}`];
    })
  );
  return ["stateDiagram-v2", "  [*] --> stopped", ...arrows].join("\n");
}
