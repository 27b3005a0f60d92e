import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/mod.ts";
import type { FoundComponent } from "../../../lib/contracts/health.ts";
import { stateOfAll } from "../../../lib/contracts/health.ts";
import {
  type HealthSources,
  watchHealth,
} from "../../../lib/server/health_watch.ts";
import {
  DISK_LOOK_EVERY_MS,
  DISK_LOW_BYTES,
  DISK_OUT_BYTES,
} from "../../../lib/server/limits.ts";

const STORE_OK = {
  ok: true,
  detail: "answers",
  failingSince: null,
  kind: null,
};
const AUDIT_OK = { ok: true, checkpointTrouble: null } as ReturnType<
  HealthSources["auditTrail"]["check"]
>;

function setUp() {
  const clock = createSimulatedClock();
  const world = {
    store: { ...STORE_OK } as ReturnType<HealthSources["store"]["health"]>,
    parts: [] as FoundComponent[],
    freeBytes: 9 * 1024 ** 3 as number | null,
    state: { isDraining: false },
  };
  const watch = watchHealth({
    clock,
    fleet: { components: () => world.parts },
    store: { health: () => world.store },
    hub: { stats: () => ({ clients: 1, queuedBytes: 0, dropped: 0 }) },
    auditTrail: { check: () => AUDIT_OK },
    state: world.state,
    freeBytes: () => Promise.resolve(world.freeBytes),
  });
  const part = (name: string) =>
    watch.report().components!.find((found) => found.name === name);
  return { clock, world, watch, part };
}

Deno.test("watchHealth() tells since when a part is as it is, and forgets what is gone", async () => {
  const { clock, world, watch, part } = setUp();
  const begun = new Date(clock.nowMs()).toISOString();
  const desk = { name: "desk", cause: "runs", isEssential: true } as const;
  world.parts = [{ ...desk, state: "ok" }];
  assert.equal(part("desk")!.since, begun);
  await clock.advance(60_000);
  assert.equal(part("desk")!.since, begun);
  world.parts = [{ ...desk, state: "down", cause: "crashed" }];
  await clock.advance(5_000);
  const { state, components } = watch.report();
  assert.equal(state, "down");
  const found = components!.find(({ name }) => name === "desk")!;
  assert.equal(found.cause, "crashed");
  assert.equal(clock.nowMs() - Date.parse(found.since!) < 5_001, true);
  assert.notEqual(found.since, begun);
  world.parts = [];
  assert.equal(part("desk"), undefined);
  assert.equal(watch.report().state, "ok");
  watch.close();
});

Deno.test("watchHealth() takes the store's own word for since when it fails", () => {
  const { world, watch, part } = setUp();
  world.store = {
    ok: false,
    detail: "disk full",
    failingSince: 5,
    kind: "commit",
  };
  assert.deepEqual(part("store"), {
    name: "store",
    state: "down",
    cause: "disk full",
    since: new Date(5).toISOString(),
  });
  assert.equal(watch.report().state, "down");
  world.store = { ...STORE_OK, ok: false, detail: "600 changes wait" };
  assert.equal(part("store")!.state, "degraded");
  watch.close();
});

Deno.test("watchHealth() says of a disk what it has left, by its bounds", async () => {
  const { clock, world, watch, part } = setUp();
  for (
    const [bytes, state] of [
      [DISK_LOW_BYTES, "ok"],
      [DISK_LOW_BYTES - 1, "degraded"],
      [DISK_OUT_BYTES - 1, "down"],
      [null, "ok"],
    ] as const
  ) {
    world.freeBytes = bytes;
    // deno-lint-ignore no-await-in-loop -- one state of the disk after the other
    await clock.advance(DISK_LOOK_EVERY_MS);
    assert.equal(part("disk")!.state, state, String(bytes));
  }
  watch.close();
});

Deno.test("stateOfAll() is down by an essential part alone", () => {
  assert.equal(stateOfAll([]), "ok");
  assert.equal(stateOfAll([{ state: "down" }]), "degraded");
  assert.equal(
    stateOfAll([{ state: "degraded", isEssential: true }]),
    "degraded",
  );
  assert.equal(
    stateOfAll([{ state: "ok" }, { state: "down", isEssential: true }]),
    "down",
  );
});
