/** What somebody wants an agent to be. Written by the API, never by the runtime. */
export const DESIRED_STATES = [
  "running",
  "paused",
  "stopped",
  "retired",
] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** What an actor is. Written by the supervisor alone. */
export const OBSERVED_STATES = [
  "starting",
  "reconciling",
  "running",
  "paused",
  "degraded",
  "stopping",
  "stopped",
  "backing_off",
  "quarantined",
  "killed",
] as const;
export type ObservedState = (typeof OBSERVED_STATES)[number];

/** Wanted up and not started yet, as all agents are for a moment after the host was restarted: it takes commands like one that is up. */
export function isDueToStart(
  { desired, observed }: { desired: DesiredState; observed: ObservedState },
): boolean {
  return observed === "stopped" &&
    (desired === "running" || desired === "paused");
}

/** Facts that move an actor from one observed state to another. */
export const LIFECYCLE_EVENTS = [
  "start_requested",
  "started",
  "reconciled",
  "pause_requested",
  "resume_requested",
  "degraded_detected",
  "recovered",
  "dependency_lost",
  "stop_requested",
  "stopped",
  "recycled",
  "failed",
  "budget_exhausted",
  "kill_requested",
] as const;
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

/** One change of observed state, as it is stored and streamed. */
export interface LifecycleChanged {
  id: string;
  from: ObservedState;
  to: ObservedState;
  event: LifecycleEvent;
  /** Number of the actor's incarnation; each start has a higher one. */
  epoch: number;
  /** Why, in one sentence: a command's reason or the error that was seen. */
  cause: string;
  /** Restarts within the current budget window. */
  restarts: number;
  /** Size of that budget. */
  restartBudget: number;
  /** When the next attempt is due, or null where none is planned. */
  retryAt: number | null;
  at: number;
}

/** The desk's own switch for one account, apart from the agent's lifecycle. */
export const TRADING_STATES = ["active", "reducing", "halted"] as const;
export type TradingState = (typeof TRADING_STATES)[number];
