import assert from "node:assert/strict";
import type { LifecycleChanged } from "../../../lib/contracts/lifecycle.ts";
import {
  describeChange,
  platformName,
  severityOf,
} from "../../../lib/fleet/sentences.ts";

function change(part: Partial<LifecycleChanged>): LifecycleChanged {
  return {
    id: "agt_1",
    from: "running",
    to: "running",
    event: "reconciled",
    epoch: 1,
    cause: "",
    restarts: 0,
    restartBudget: 5,
    retryAt: null,
    at: 0,
    ...part,
  };
}

Deno.test("describeChange() says in words what an agent waits for", () => {
  const waits = change({
    to: "reconciling",
    event: "dependency_lost",
    cause: 'Waits for "desk:paper", "feed:simulated"',
  });
  assert.equal(
    describeChange(waits, "btc"),
    "btc waits for the desk, the simulated market",
  );
  assert.equal(severityOf(waits), "warning");
});

Deno.test("describeChange() tells a check at the start from a wait", () => {
  const starts = change({ from: "starting", to: "reconciling" });
  assert.match(describeChange(starts, "btc"), /btc is checking its orders/);
  assert.equal(severityOf(starts), "info");
});

Deno.test("describeChange() calls a recycle a restart and says why", () => {
  const recycled = change({
    from: "stopping",
    to: "starting",
    event: "recycled",
    epoch: 4,
    cause: "Its heap is 140 MiB",
  });
  assert.equal(
    describeChange(recycled, "btc"),
    "btc is restarting: Its heap is 140 MiB",
  );
});

Deno.test("platformName() starts a sentence and leaves unknown ids alone", () => {
  assert.equal(platformName("desk:paper"), "The desk");
  assert.equal(platformName("agt_1"), "agt_1");
});
