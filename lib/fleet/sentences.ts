import type { LifecycleChanged } from "../contracts/lifecycle.ts";

/** One sentence for people about a change of an actor's state. */
export function describeChange(change: LifecycleChanged, name: string): string {
  const cause = change.cause === "" ? "" : `: ${change.cause}`;
  switch (change.to) {
    case "starting":
      return change.epoch > 1
        ? `${name} is starting again (run ${change.epoch})`
        : `${name} is starting`;
    case "reconciling":
      return `${name} is checking its orders and position`;
    case "running":
      return `${name} is running${
        change.event === "resume_requested" ? " again" : ""
      }`;
    case "paused":
      return `${name} is paused: it keeps its position protected and opens none`;
    case "degraded":
      return `${name} is degraded${cause}`;
    case "stopping":
      return `${name} is stopping${cause}`;
    case "stopped":
      return `${name} has stopped`;
    case "backing_off":
      return `${name} failed and restarts soon (${change.restarts} of ${change.restartBudget})${cause}`;
    case "quarantined":
      return `${name} failed too often and waits for a person${cause}`;
    case "killed":
      return `${name} was killed${cause}`;
  }
}

/** How serious a change is. */
export function severityOf(
  change: LifecycleChanged,
): "info" | "warning" | "error" {
  switch (change.to) {
    case "quarantined":
    case "killed":
      return "error";
    case "backing_off":
    case "degraded":
      return "warning";
    default:
      return "info";
  }
}
