import type {
  EmergencyDeskState,
  Latch,
  Lever,
  StopProgress,
  StopView,
} from "../../contracts/emergency.ts";
import { plural } from "../format.ts";

/** The levers as people choose them. */
export const LEVER_CHOICES: Readonly<
  Record<Lever, { label: string; help: string }>
> = {
  block: {
    label: "Block",
    help: "No new entry. Resting orders stay and may fill.",
  },
  cancel: {
    label: "Block and withdraw",
    help:
      "Resting entries are withdrawn, too. Stops and targets stay; agents run on.",
  },
  flatten: {
    label: "Block, withdraw and close",
    help: "Positions are closed at the market, and the agents are stopped.",
  },
};

/** Names an agent, or gives its id. */
export type NameOf = (agentId: string) => string;

/** What is stopped, as a noun. */
export function scopeName({ scope }: Pick<Latch, "scope">, nameOf: NameOf) {
  switch (scope.kind) {
    case "all":
      return "Everything";
    case "agent":
      return `Agent ${nameOf(scope.id)}`;
    case "user":
      return `Agents of ${scope.id}`;
    case "account":
      return `Account ${scope.id}`;
  }
}

/** How a stop stands, in one sentence. */
export function stopStanding(
  { isWorking, progress, residue, lever }: StopView,
): string {
  const done = progress.filter(({ state }) => state === "done").length;
  if (isWorking) {
    return progress.length === 0
      ? "Handed to the desk, which has not answered yet"
      : `At work: ${done} of ${plural(progress.length, "account")} done`;
  }
  if (residue.length > 0) {
    return `In force; ${plural(residue.length, "account")} left over`;
  }
  return lever === "block"
    ? `In force on ${plural(progress.length, "account")}`
    : `In force; ${plural(done, "account")} done`;
}

/** What the banner says on every page, or null where nothing is stopped. */
export function emergencyNotice(
  { latches, fileProblem }: EmergencyDeskState,
): string | null {
  if (latches.length === 0) return fileProblem;
  const isAll = latches.some(({ scope }) => scope.kind === "all");
  const left = latches.reduce((sum, { residue }) => sum + residue.length, 0);
  const what = isAll
    ? "An emergency stop is in force: no agent takes a new position"
    : latches.length === 1
    ? "An emergency stop is in force for some of the agents"
    : `${latches.length} emergency stops are in force`;
  const residue = left > 0 ? `; ${plural(left, "account")} left over` : "";
  return `${what}${residue}.`;
}

/** Word and tone of an account's state. */
export const STATE_WORDS = {
  working: { word: "Working", glyph: "half", tone: "info" },
  done: { word: "Done", glyph: "check", tone: "ok" },
  residue: { word: "Left over", glyph: "cross", tone: "danger" },
} as const satisfies Readonly<
  Record<StopProgress["state"], { word: string; glyph: string; tone: string }>
>;
