import type { StopView } from "../../contracts/emergency.ts";
import { formatCount } from "../format.ts";

/** One step of a stop, as far as it has come. */
export interface StopStep {
  name: string;
  state: "done" | "working" | "left";
  /** `4 of 5`, or how many are left where nobody counted before. */
  text: string;
}

/** What was there when the lever was pulled, and how many agents have stopped since. Null where nobody knows. */
export interface StopBefore {
  orders: number | null;
  positions: number | null;
  agents: { stopped: number; of: number } | null;
}

const NOT_COUNTED: StopBefore = { orders: null, positions: null, agents: null };

/** The steps of a stop in the order that the desk takes them. */
export function stopSteps(
  stop: Pick<StopView, "lever" | "progress" | "isWorking">,
  before: StopBefore = NOT_COUNTED,
): StopStep[] {
  const { lever, progress, isWorking } = stop;
  const blocked = progress.filter(({ blockedAt }) => blockedAt !== null).length;
  const step = (name: string, done: number, of: number): StopStep => ({
    name,
    state: done >= of ? "done" : isWorking ? "working" : "left",
    text: `${formatCount(done)} of ${formatCount(of)}`,
  });
  const counted = (name: string, left: number | null, was: number | null) => {
    if (left === null) {
      return { name, state: "working" as const, text: "not heard of yet" };
    }
    if (was !== null && was >= left) return step(name, was - left, was);
    const state = left === 0 ? "done" : isWorking ? "working" : "left";
    return { name, state, text: `${formatCount(left)} left` } as const;
  };
  const steps = [
    progress.length === 0
      ? {
        name: "Accounts halted",
        state: isWorking ? "working" as const : "done" as const,
        text: isWorking ? "handed to the desk" : "no account is open",
      }
      : step("Accounts halted", blocked, progress.length),
  ];
  if (lever === "block") return steps;
  steps.push(
    counted(
      "Orders withdrawn",
      sumOf(progress.map(({ ordersLeft }) => ordersLeft)),
      before.orders,
    ),
  );
  if (lever !== "flatten") return steps;
  const positionsLeft = sumOf(
    progress.map(({ positionLeft }) =>
      positionLeft === null ? null : positionLeft === "0" ? 0 : 1
    ),
  );
  steps.push(counted("Positions closed", positionsLeft, before.positions));
  if (before.agents !== null) {
    const { stopped, of } = before.agents;
    const stopping = step("Agents stopped", stopped, of);
    // They end after the lever has done its work.
    steps.push(stopped < of ? { ...stopping, state: "working" } : stopping);
  }
  return steps;
}

/** Whether nothing more is to come. */
export function isOver(steps: readonly StopStep[]): boolean {
  return steps.every(({ state }) => state !== "working");
}

function sumOf(counts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const count of counts) {
    if (count === null) return null;
    sum += count;
  }
  return sum;
}
