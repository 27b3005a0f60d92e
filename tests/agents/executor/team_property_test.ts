import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { Signal } from "../../../lib/contracts/signal.ts";
import { randomMarket } from "../../lib/desk/support.ts";
import { enterSignal } from "../signals/fixtures.ts";
import { type Script, TeamWorld } from "./team_world.ts";

const CANDLES = randomMarket(11, 200);

/** Both sources say something now and then, one of them the opposite of the other at times. */
const script: Script = (sourceId, { seq, openAt, close }: Candle) => {
  const salt = sourceId === "s1" ? 1 : 4;
  const turn = (seq * 13 + salt * 7) % 17;
  if (turn === 3) {
    return [{
      kind: "exit",
      signalId: `${seq}.0`,
      seq,
      at: openAt,
      side: seq % 2 === 0 ? "buy" : "sell",
      price: close,
      strategy: "breakout",
      confidence: null,
      reasons: ["Enough"],
    }];
  }
  if (turn > 5) return [];
  const signals: Signal[] = [];
  for (let number = 0; number <= turn % 2; number++) {
    const sign = (seq + salt + number) % 2 === 0 ? 1 : -1;
    signals.push(enterSignal({
      seq,
      number,
      at: openAt,
      side: sign > 0 ? "buy" : "sell",
      price: close,
      entry: turn % 3 === 0
        ? { type: "limit", price: close * (1 - sign * 0.004) }
        : { type: "market" },
      stopPrice: close * (1 - sign * 0.02),
      targetPrice: close * (1 + sign * 0.03),
      expireAfterSeq: seq + 1 + turn * 4,
    }));
  }
  return signals;
};

const EXECUTION = {
  slicing: "twap",
  parts: 3,
  partCandles: 2,
  chase: "on",
  maxSlippagePct: 3,
} as const;

async function play(seed: number, incidents: number) {
  const world = new TeamWorld(seed, {
    candles: CANDLES,
    script,
    execution: EXECUTION,
    account: { costs: {} },
  });
  let steps = 0;
  while (!world.isDone) {
    world.step({ incidents });
    if (++steps > 400_000) throw new Error(`Seed ${seed} comes to no end`);
  }
  const { tradesHash, trades, equity } = await world.account();
  return { tradesHash, trades, equity };
}

Deno.test("A team in lockstep trades the same whatever the order of messages and whoever fails when", async () => {
  const straight = await play(1, 0);
  assert.ok(straight.trades > 15, `${straight.trades} trades`);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      assert.deepEqual(await play(seed, 0.004), straight);
    }),
    { numRuns: 6 },
  );
});
