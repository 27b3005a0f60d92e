import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/mod.ts";
import { RecycleWhenQuiet } from "../../../lib/server/recycle_when_quiet.ts";
import {
  QUIET_CHECK_MS,
  RECYCLE_SETTLE_MS,
  RECYCLE_WITHIN_MS,
} from "../../../lib/server/limits.ts";

function setUp() {
  const clock = createSimulatedClock();
  const world = { clock, isQuiet: true, recycled: [] as string[] };
  const recycling = new RecycleWhenQuiet({
    clock,
    isQuiet: () => world.isQuiet,
    recycle: (detail) => world.recycled.push(detail),
  });
  return { world, recycling };
}

Deno.test("RecycleWhenQuiet recycles once, when a wish has stood and the moment is quiet", async () => {
  const { world, recycling } = setUp();
  recycling.want("1 thread burns");
  recycling.want("2 threads burn");
  await world.clock.advance(RECYCLE_SETTLE_MS - 1);
  assert.deepEqual(world.recycled, []);
  await world.clock.advance(1);
  assert.deepEqual(world.recycled, ["1 thread burns"]);
  recycling.want("3 threads burn");
  await world.clock.advance(RECYCLE_WITHIN_MS);
  assert.equal(world.recycled.length, 1);
  assert.equal(world.clock.pending, 0);
});

Deno.test("RecycleWhenQuiet forgets a wish that is taken back", async () => {
  const { world, recycling } = setUp();
  recycling.want("1 thread burns");
  await world.clock.advance(RECYCLE_SETTLE_MS - 1);
  recycling.withdraw();
  await world.clock.advance(RECYCLE_WITHIN_MS);
  assert.deepEqual(world.recycled, []);
  recycling.want("it burns again");
  await world.clock.advance(RECYCLE_SETTLE_MS);
  assert.deepEqual(
    world.recycled,
    ["it burns again"],
    "a new wish counts anew",
  );
});

Deno.test("RecycleWhenQuiet waits for a quiet moment, but not for ever", async () => {
  const { world, recycling } = setUp();
  world.isQuiet = false;
  recycling.want("1 thread burns");
  await world.clock.advance(60_000);
  world.isQuiet = true;
  await world.clock.advance(QUIET_CHECK_MS);
  assert.deepEqual(world.recycled, ["1 thread burns"]);

  const busy = setUp();
  busy.world.isQuiet = false;
  busy.recycling.want("1 thread burns");
  await busy.world.clock.advance(RECYCLE_WITHIN_MS - 1);
  assert.deepEqual(busy.world.recycled, []);
  await busy.world.clock.advance(1);
  assert.deepEqual(busy.world.recycled, ["1 thread burns"]);
});
