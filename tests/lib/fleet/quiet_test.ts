import assert from "node:assert/strict";
import { OBSERVED_STATES } from "../../../lib/contracts/lifecycle.ts";
import { isSettled } from "../../../lib/fleet/quiet.ts";
import { agentEntry } from "../../support/record.ts";

Deno.test("isSettled() is false while an agent only passes through a state", () => {
  const entry = agentEntry({ name: "agent" });
  const settled = OBSERVED_STATES.filter((state) =>
    isSettled({ ...entry, observed: { ...entry.observed, state } })
  );
  assert.deepEqual(settled, [
    "running",
    "paused",
    "degraded",
    "stopped",
    "quarantined",
    "killed",
  ]);
});

Deno.test("isSettled() is false while a command waits to be stored", () => {
  const entry = agentEntry({ name: "agent" });
  const unstored = [{
    commandId: "cmd_1",
    parts: [],
    audit: {} as never,
    isStored: false,
    isOver: Promise.resolve(),
  }];
  assert.equal(isSettled(entry), true);
  assert.equal(isSettled({ ...entry, unstored }), false);
});
