import assert from "node:assert/strict";
import { nextState } from "../../../actors/mod.ts";
import {
  DESIRED_STATES,
  type DesiredState,
  type LifecycleEvent,
  OBSERVED_STATES,
  type ObservedState,
} from "../../../lib/contracts/lifecycle.ts";
import { planStep, type Step } from "../../../lib/fleet/plan.ts";

/** Where each step leads when nothing fails. */
const EFFECT: Readonly<
  Record<
    Exclude<Step, "none" | "retire" | "settle">,
    readonly LifecycleEvent[]
  >
> = {
  start: ["start_requested", "started", "reconciled"],
  start_paused: ["start_requested", "started", "pause_requested"],
  pause: ["pause_requested"],
  resume: ["resume_requested"],
  stop: ["stop_requested", "stopped"],
};

/** States that need a person, or that end by themselves. */
const WAITING: readonly ObservedState[] = ["quarantined", "killed"];
const PASSING: readonly ObservedState[] = [
  "starting",
  "reconciling",
  "stopping",
  "backing_off",
];

function goal(desired: DesiredState): ObservedState {
  return desired === "retired" ? "stopped" : desired;
}

for (const desired of DESIRED_STATES) {
  for (const observed of OBSERVED_STATES) {
    Deno.test(`planStep() leads from ${observed} to ${desired} or waits for a reason`, () => {
      const step = planStep(desired, observed);
      if (step === "retire") {
        assert.equal(desired, "retired");
        return;
      }
      if (step === "none") {
        const isReached = observed === goal(desired) ||
          (desired === "running" && observed === "degraded");
        assert.ok(
          isReached || WAITING.includes(observed) || PASSING.includes(observed),
          `nothing is done about ${observed} while ${desired} is wanted`,
        );
        return;
      }
      assert.notEqual(step, "settle", "the books are settled");
      if (step === "settle") return;
      let state = observed;
      for (const event of EFFECT[step]) {
        if (event === "stopped" && state === "stopped") break;
        state = nextState(state, event);
      }
      assert.equal(state, goal(desired));
    });
  }
}

const DOWN: readonly ObservedState[] = ["stopped", "quarantined", "killed"];

for (const desired of DESIRED_STATES) {
  for (const observed of OBSERVED_STATES) {
    Deno.test(`planStep() settles books only of what is down and stays down, ${observed} wanted ${desired}`, () => {
      const step = planStep(desired, observed);
      const isLast = step === "none" || step === "retire";
      assert.equal(
        planStep(desired, observed, true),
        isLast && DOWN.includes(observed) ? "settle" : step,
      );
    });
  }
}
