import assert from "node:assert/strict";
import { createRng } from "../../../lib/core/rng.ts";
import type { DiskCall } from "./memory_storage.ts";
import { randomMarket } from "./support.ts";
import { World } from "./world.ts";

const CANDLES = 200;
const ROUNDS = 20;
const CALLS: readonly DiskCall[] = ["append", "truncate", "overwrite", "sync"];

for (const seed of [1, 2, 3]) {
  Deno.test(`desk over a disk that fails and comes back gives the trades of a straight run, also when it crashes meanwhile (seed ${seed})`, async () => {
    const candles = randomMarket(seed, CANDLES);
    const straight = new World({ candles, seed });
    straight.finish();
    await straight.clock.advance(2_000);
    const expected = await straight.view();
    assert.ok(expected.trades > 3);
    let outages = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const world = new World({ candles, seed });
      // deno-lint-ignore no-await-in-loop -- one world after the other
      await moveWithOutages(world, seed * 1000 + round);
      // deno-lint-ignore no-await-in-loop -- in this order
      assert.deepEqual(await world.view(), expected, `round ${round}`);
      assert.deepEqual(world.storedTrades(), straight.storedTrades());
      assert.deepEqual(world.agentState, straight.agentState);
      outages += world.notices.length;
      assert.notEqual(world.notices.at(-1)?.isFailing, true);
    }
    assert.ok(outages > ROUNDS, `only ${outages} outages`);
  });
}

/** Messages in any order, while the disk refuses one call or another for a time and the desk dies now and then. */
async function moveWithOutages(world: World, seed: number): Promise<void> {
  const rng = createRng(seed);
  for (let move = 0; move < 1500 && !world.isDone; move++) {
    const dice = rng.next();
    if (dice < 0.01) {
      world.storage.tornPart = rng.next();
      const calls = CALLS.filter(() => rng.next() < 0.6);
      world.storage.refuse("ENOSPC", calls);
    } else if (dice < 0.02) {
      world.storage.mend();
    } else if (dice < 0.024) {
      // Half of them while the disk refuses: the account may not open at once.
      if (rng.next() < 0.5) world.storage.mend();
      world.crashDesk();
      // A desk that starts says anew what fails.
      world.notices.splice(0);
    } else if (dice < 0.05) {
      // deno-lint-ignore no-await-in-loop -- time stands between moves
      await world.clock.advance(rng.next() * 2_000);
      // deno-lint-ignore no-await-in-loop -- in this order
      await world.acknowledge();
    } else if (dice < 0.3) world.feed(1 + Math.floor(rng.next() * 5));
    else if (dice < 0.65) world.runAgent();
    else world.runDesk();
  }
  world.storage.mend();
  await world.clock.advance(2_000);
  world.finish();
  await world.clock.advance(2_000);
  await world.acknowledge();
  await world.clock.advance(2_000);
}
