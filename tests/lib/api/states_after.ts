import type { ControlAction } from "../../../lib/contracts/agent.ts";
import type {
  DesiredState,
  ObservedState,
} from "../../../lib/contracts/lifecycle.ts";

/** What is observed after each action. */
export const OBSERVED_AFTER: Readonly<
  Record<ControlAction, ObservedState>
> = {
  start: "starting",
  pause: "paused",
  resume: "running",
  stop: "stopping",
  restart: "starting",
  kill: "killed",
  rearm: "running",
};

/** What is wanted after each action. */
export const DESIRED_AFTER: Readonly<
  Record<ControlAction, DesiredState>
> = {
  start: "running",
  pause: "paused",
  resume: "running",
  stop: "stopped",
  restart: "running",
  kill: "stopped",
  rearm: "running",
};
