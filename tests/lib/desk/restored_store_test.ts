import assert from "node:assert/strict";
import fc from "fast-check";
import type { DeskReport } from "../../../lib/contracts/account.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import { REPORTS_UNACKNOWLEDGED_MAX } from "../../../lib/desk/limits.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { Bench } from "./program_world.ts";
import { submit } from "./support.ts";

const SEED = 20_261_124;

/**
 * The owner's side in short (lib/fleet/desk_reports.ts): drops numbers it knows
 * in this life, drops trades it has, stores the rest and acknowledges.
 */
class Owner {
  readonly trades: Trade[];
  #sequence = 0;
  #read = 0;

  constructor(stored: readonly Trade[]) {
    this.trades = [...stored];
  }

  /** Takes what came since the last call; false where there was nothing. */
  async take(bench: Bench): Promise<boolean> {
    const fresh = bench.reports.slice(this.#read);
    this.#read = bench.reports.length;
    for (const report of fresh) {
      this.#store(report);
      const { sequence } = report;
      // deno-lint-ignore no-await-in-loop -- one report after the other
      await bench.ask({ type: "acknowledge", sequence });
    }
    return fresh.length > 0;
  }

  async takeAll(bench: Bench): Promise<void> {
    do {
      // deno-lint-ignore no-await-in-loop -- what is acknowledged makes room for more
      await bench.clock.advance(1_000);
      // deno-lint-ignore no-await-in-loop -- as above
    } while (await this.take(bench));
  }

  #store({ sequence, account, trades }: DeskReport): void {
    if (sequence === null || sequence <= this.#sequence) return;
    this.#sequence = sequence;
    const first = account.trades - trades.length;
    assert.ok(first <= this.trades.length, "no trade is missing before it");
    this.trades.push(...trades.slice(Math.max(0, this.trades.length - first)));
  }
}

/** Makes `count` trades, one a report, with an owner that stores each. */
async function trade(bench: Bench, count: number): Promise<Trade[]> {
  const owner = new Owner([]);
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.step(0);
  for (let seq = 1; seq < count * 3; seq += 3) {
    bench.candle(seq, 100);
    bench.agent(submit(seq, { stopPrice: 98 }));
    bench.step(seq + 1, 100);
    bench.step(seq + 2, 97);
    // deno-lint-ignore no-await-in-loop -- one trade after the other
    await owner.takeAll(bench);
  }
  return owner.trades;
}

const COUNT = 40;
const WRITTEN = new Bench([{}]);
const TRADES = await trade(WRITTEN, COUNT);

function recover(storedTrades: number): Bench {
  const storage = new MemoryStorage(WRITTEN.storage.bytes.slice());
  return new Bench([{}], { storage, storedTrades });
}

Deno.test("desk reports again, from its journal, every trade that a restored store lacks, whatever was acknowledged", async () => {
  assert.equal(TRADES.length, COUNT);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: COUNT }),
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 }),
      async (stored, crashes) => {
        let owner = new Owner(TRADES.slice(0, stored));
        let bench = recover(stored);
        for (const rounds of crashes) {
          for (let round = 0; round < rounds; round++) {
            // deno-lint-ignore no-await-in-loop -- one report after the other
            await bench.clock.advance(100);
            // deno-lint-ignore no-await-in-loop -- as above
            await owner.take(bench);
          }
          // Desk and owner die; what the owner stored stays.
          const { storage } = bench;
          const storedTrades = owner.trades.length;
          owner = new Owner(owner.trades);
          bench = new Bench([{}], { storage, storedTrades });
        }
        await owner.takeAll(bench);
        assert.deepEqual(owner.trades, TRADES);
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("desk sends what a restored store lacks no faster than its owner acknowledges", async () => {
  const bench = recover(0);
  await bench.clock.advance(5_000);
  assert.equal(bench.reports.length, REPORTS_UNACKNOWLEDGED_MAX);
  const [first] = bench.reports;
  await bench.ask({ type: "acknowledge", sequence: first!.sequence });
  await bench.clock.advance(5_000);
  assert.equal(bench.reports.length, REPORTS_UNACKNOWLEDGED_MAX + 1);
});

Deno.test("desk sends nothing again to an owner that has all", async () => {
  const bench = recover(COUNT);
  await bench.clock.advance(5_000);
  assert.deepEqual(bench.reports.flatMap(({ trades }) => trades), []);
  assert.deepEqual(bench.notices, []);
});

Deno.test("desk whose journal holds fewer trades than the store goes on from its journal and warns its owner", async () => {
  const bench = recover(COUNT + 2);
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.trades, COUNT);
  assert.equal(account.tradingState, "active");
  const [{ isFailing, detail }] = bench.notices as [typeof bench.notices[0]];
  assert.equal(isFailing, false);
  assert.match(detail, /holds 40 trades and the store 42/);
});
