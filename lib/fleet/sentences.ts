import type { LifecycleChanged } from "../contracts/lifecycle.ts";
import { feedId } from "./context.ts";
import { PAPER_DESK_ID } from "./desk_ids.ts";
import { INFERENCE_ID } from "./inference.ts";

/** What people call the actors that are not agents. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  [PAPER_DESK_ID]: "the desk",
  [feedId({ kind: "simulated" })]: "the simulated market",
  [feedId({ kind: "replay" })]: "the replay of candle files",
  [INFERENCE_ID]: "the models",
};

/** What people call an actor that is no agent; null for one that is. */
function nameOf(id: string): string | null {
  const known = PLATFORM_NAMES[id];
  if (known !== undefined) return known;
  const venue = /^(desk|feed:exchange):([a-z0-9_]+)\.(spot|swap)$/.exec(id);
  if (venue === null) return null;
  const what = venue[1] === "desk" ? "desk" : "market data";
  return `the ${what} of ${venue[2]} (${venue[3]})`;
}

/** The name of an actor of the platform at the start of a sentence; an id that is none stays as it is. */
export function platformName(id: string): string {
  const name = nameOf(id);
  return name === null
    ? id
    : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** A cause that the runtime wrote, with names instead of its ids. */
function inWords(cause: string): string {
  return cause.replaceAll(
    /"([^"]+)"/g,
    (quoted, id: string) => nameOf(id) ?? quoted,
  );
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

/** One sentence for people about a change of an actor's state. */
export function describeChange(change: LifecycleChanged, name: string): string {
  const words = inWords(change.cause);
  const cause = words === "" ? "" : `: ${words}`;
  switch (change.to) {
    case "starting":
      if (change.event === "recycled") return `${name} is restarting${cause}`;
      return change.epoch > 1
        ? `${name} is starting again (run ${change.epoch})`
        : `${name} is starting`;
    case "reconciling":
      // What it waits for is the runtime's cause: Waits for "desk:paper".
      if (/^waits for /i.test(words)) return `${name} ${lowerFirst(words)}`;
      return change.event === "dependency_lost"
        ? `${name} waits${cause}`
        : `${name} is checking its orders and position`;
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
    case "reconciling":
      return change.event === "dependency_lost" ? "warning" : "info";
    default:
      return "info";
  }
}
