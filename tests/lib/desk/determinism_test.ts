import assert from "node:assert/strict";
import { createRng } from "../../../lib/core/rng.ts";
import {
  chainTradesHash,
  EMPTY_TRADES_HASH,
} from "../../../lib/desk/account/trades_hash.ts";
import { randomMarket, withHedge } from "./support.ts";
import { World } from "./world.ts";

const CANDLES = 130;
const SEEDS = [1, 2, 3];
const CONFIG = {
  risk: { maxDrawdownPct: 12, dailyLossLimit: "400" },
  safety: { breakerConsecutiveLosses: 6 },
  // Funding is a record of its own, and a late order is one that is not live yet.
  costs: { fundingBpPer8h: 3, latencyMs: 1_000_000 },
  candleMs: 900_000,
};

async function runStraight(seed: number) {
  // The last seed trades pairs as well.
  const single = randomMarket(seed, CANDLES);
  const candles = seed === 3 ? withHedge(single, 33) : single;
  const world = new World({ candles, seed, config: CONFIG });
  world.finish();
  await world.clock.advance(1000);
  return { candles, world, view: await world.view() };
}

for (const seed of SEEDS) {
  Deno.test(`desk crashed at every record gives the trades of a straight run (seed ${seed})`, async () => {
    const straight = await runStraight(seed);
    assert.ok(straight.view.trades > 3, `only ${straight.view.trades} trades`);
    const pairs = straight.world.storedTrades().filter((trade) =>
      trade.hedge !== undefined
    );
    assert.equal(pairs.length > 1, seed === 3, `${pairs.length} pairs`);
    const writes = new TextDecoder().decode(straight.world.storage.bytes)
      .split("\n").length;
    for (let at = 0; at < writes; at++) {
      const world = new World({
        candles: straight.candles,
        seed,
        config: CONFIG,
      });
      world.storage.writesLeft = at;
      world.finish();
      // deno-lint-ignore no-await-in-loop -- one world after the other
      assert.deepEqual(await world.view(), straight.view, `write ${at}`);
    }
  });

  Deno.test(`desk and agent crashed at random give the trades of a straight run (seed ${seed})`, async () => {
    const straight = await runStraight(seed);
    for (let round = 0; round < 40; round++) {
      const world = new World({
        candles: straight.candles,
        seed,
        config: CONFIG,
      });
      // deno-lint-ignore no-await-in-loop -- one world after the other
      await moveAtRandom(world, seed * 1000 + round);
      // deno-lint-ignore no-await-in-loop -- in this order
      const view = await world.view();
      assert.deepEqual(view, straight.view, `round ${round}`);
      assert.deepEqual(
        world.agentState,
        straight.world.agentState,
        `round ${round}`,
      );
      const stored = world.storedTrades();
      assert.deepEqual(
        stored,
        straight.world.storedTrades(),
        `round ${round}`,
      );
      assert.equal(stored.length, view.trades);
    }
  });
}

Deno.test("desk goes on with an agent that does not repeat its last decision, and its books agree", async () => {
  const candles = randomMarket(5, CANDLES);
  for (let round = 0; round < 40; round++) {
    const world = new World({
      candles,
      seed: 5,
      config: CONFIG,
      isForgetful: true,
    });
    // deno-lint-ignore no-await-in-loop -- one world after the other
    await moveAtRandom(world, 5000 + round);
    // deno-lint-ignore no-await-in-loop -- in this order
    const view = await world.view();
    assert.equal(view.seq, CANDLES - 1, `round ${round}`);
    const stored = world.storedTrades();
    assert.equal(stored.length, view.trades);
    const hash = stored.reduce(chainTradesHash, EMPTY_TRADES_HASH);
    assert.equal(hash, view.tradesHash);
  }
});

/** Any order of messages, with about a dozen crashes of either side, then to the end. */
async function moveAtRandom(world: World, seed: number): Promise<void> {
  const rng = createRng(seed);
  for (let move = 0; move < 2000 && !world.isDone; move++) {
    const dice = rng.next();
    if (dice < 0.002) world.crashDesk();
    else if (dice < 0.004) world.crashAgent();
    else if (dice < 0.005) {
      world.storage.writesLeft = Math.floor(dice * 1e6 % 4);
    } else if (dice < 0.02) world.saveAgent();
    else if (dice < 0.03) {
      // deno-lint-ignore no-await-in-loop -- time stands between moves
      await world.clock.advance(rng.next() * 300);
      // deno-lint-ignore no-await-in-loop -- in this order
      if (rng.next() < 0.5) await world.acknowledge();
    } else if (dice < 0.3) world.feed(1 + Math.floor(rng.next() * 5));
    else if (dice < 0.65) world.runAgent();
    else world.runDesk();
  }
  world.storage.writesLeft = Infinity;
  world.finish();
  await world.clock.advance(2000);
}
