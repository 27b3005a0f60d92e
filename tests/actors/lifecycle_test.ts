import assert from "node:assert/strict";
import fc from "fast-check";
import {
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  OBSERVED_STATES,
  type ObservedState,
} from "../../lib/contracts/lifecycle.ts";
import { AppError } from "../../lib/core/errors.ts";
import {
  canApply,
  isDown,
  isUp,
  LIFECYCLE_TABLE,
  nextState,
  renderLifecycleDiagram,
  renderLifecycleTable,
} from "../../actors/lifecycle.ts";

/** In the name of each property test, so that a failure can be repeated. */
const SEED = Date.now() | 0;

Deno.test("nextState() knows exactly the pairs of the table and refuses all others with a code", () => {
  for (const state of OBSERVED_STATES) {
    for (const event of LIFECYCLE_EVENTS) {
      const known = LIFECYCLE_TABLE[state][event];
      assert.equal(canApply(state, event), known !== undefined);
      if (known !== undefined) {
        assert.equal(nextState(state, event), known);
        continue;
      }
      assert.throws(
        () => nextState(state, event),
        (error: unknown) =>
          error instanceof AppError &&
          error.code === "LIFECYCLE_PAIR_UNKNOWN" &&
          error.message.includes(`"${event}"`),
      );
    }
  }
});

Deno.test("the lifecycle table changes the state with every pair, so that one event is one change", () => {
  for (const state of OBSERVED_STATES) {
    for (const next of Object.values(LIFECYCLE_TABLE[state])) {
      assert.notEqual(next, state);
    }
  }
});

Deno.test("the lifecycle table leads to every state and out of every state but killed", () => {
  const reached = new Set<ObservedState>(["stopped"]);
  for (const state of reached) {
    for (const next of Object.values(LIFECYCLE_TABLE[state])) reached.add(next);
  }
  assert.deepEqual([...reached].sort(), [...OBSERVED_STATES].sort());
  const latched = OBSERVED_STATES
    .filter((state) => Object.keys(LIFECYCLE_TABLE[state]).length === 0);
  assert.deepEqual(latched, ["killed"]);
});

Deno.test("the lifecycle table lets every state but killed be killed, and every state that lives be stopped", () => {
  for (const state of OBSERVED_STATES.filter((state) => state !== "killed")) {
    assert.equal(nextState(state, "kill_requested"), "killed");
    if (state === "stopped" || state === "stopping") continue;
    const next = nextState(state, "stop_requested");
    assert.ok(next === "stopping" || next === "stopped");
  }
});

Deno.test(`any walk over the lifecycle table starts an actor only from rest and never leaves killed (seed ${SEED})`, () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...LIFECYCLE_EVENTS), { maxLength: 60 }),
      (events: LifecycleEvent[]) => {
        let state: ObservedState = "stopped";
        for (const event of events) {
          if (!canApply(state, event)) continue;
          const next = nextState(state, event);
          if (next === "starting") {
            const isRest = isDown(state) || state === "backing_off";
            assert.ok(isRest || event === "recycled");
          }
          if (isUp(next)) assert.ok(isUp(state) || state === "reconciling");
          assert.notEqual(state, "killed");
          state = next;
        }
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
});

Deno.test("renderLifecycleTable() has a row per state and a column per event", () => {
  const rows = renderLifecycleTable().split("\n");
  assert.equal(rows.length, OBSERVED_STATES.length + 2);
  for (const row of rows) {
    assert.equal(row.split("|").length, LIFECYCLE_EVENTS.length + 3);
  }
  assert.ok(rows[2]!.startsWith("| `starting` |"));
});

Deno.test("renderLifecycleDiagram() has an arrow per pair", () => {
  const arrows = renderLifecycleDiagram().split("\n").slice(2);
  const pairs = OBSERVED_STATES
    .flatMap((state) => Object.keys(LIFECYCLE_TABLE[state]));
  assert.equal(arrows.length, pairs.length);
  assert.ok(arrows.includes("  running --> paused: pause_requested"));
});
