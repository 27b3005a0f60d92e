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
    Exclude<Step, "none" | "retire" | "quiesce">,
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
      assert.notEqual(step, "quiesce", "nothing is left to withdraw");
      if (step === "quiesce") return;
      let state = observed;
      for (const event of EFFECT[step]) {
        if (event === "stopped" && state === "stopped") break;
        state = nextState(state, event);
      }
      assert.equal(state, goal(desired));
    });
  }
}

for (const desired of DESIRED_STATES) {
  Deno.test(`planStep() withdraws what a killed agent left before anything else, wanted ${desired}`, () => {
    assert.equal(planStep(desired, "killed", true), "quiesce");
    assert.notEqual(planStep(desired, "killed", false), "quiesce");
    assert.notEqual(planStep(desired, "running", true), "quiesce");
  });
}
