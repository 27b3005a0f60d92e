/**
 * Which command makes sense in which state of an agent.
 *
 * @module
 */
import type { ControlAction } from "../../contracts/agent.ts";
import { isDueToStart } from "../../contracts/lifecycle.ts";
import { ALIVE } from "../plan.ts";
import type { AgentEntry } from "../registry.ts";

/** Whether what becomes of a position is part of the action. */
export function endsIt(action: ControlAction): boolean {
  return action === "stop" || action === "kill";
}

const REFUSED_AT_THE_END: readonly ControlAction[] = [
  "pause",
  "resume",
  "restart",
];

/** States in which an action makes no sense, with the reason a person is told. */
export function refusal(
  action: ControlAction,
  { record, observed }: Pick<AgentEntry, "record" | "observed">,
): string | null {
  const isUp = ALIVE.includes(observed.state) ||
    isDueToStart({ desired: record.desired, observed: observed.state });
  if (record.desired === "retired" && !endsIt(action)) {
    return "it is being deleted";
  }
  const isToEnd = record.desired === "stopped";
  // A stop is not undone by what was sent at the same moment; only a start does that.
  if (isUp && isToEnd && REFUSED_AT_THE_END.includes(action)) {
    return "it is being stopped; start it if it shall go on";
  }
  switch (action) {
    case "start":
      return isUp && !isToEnd ? "it is up already" : null;
    case "pause":
      return isUp ? null : "only an agent that is up can be paused";
    case "resume":
      return isUp
        ? null
        : "only an agent that is up can be resumed; start it instead";
    case "restart":
      return isUp
        ? null
        : "only an agent that is up can be restarted; start it instead";
    case "stop":
      return isUp || observed.state === "quarantined"
        ? null
        : "it is not running";
    case "kill":
      return isUp || observed.state === "stopping" ? null : "it is not running";
    case "rearm":
      return null;
  }
}
