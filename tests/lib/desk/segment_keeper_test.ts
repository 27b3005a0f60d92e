import assert from "node:assert/strict";
import fc from "fast-check";
import type { Trade } from "../../../lib/contracts/order.ts";
import {
  ENDED_SEGMENTS_BYTES,
  SEGMENT_RETRY_BYTES,
  SEGMENT_TRADES_MAX,
} from "../../../lib/desk/limits.ts";
import type { MemoryStorage } from "./memory_storage.ts";
import { Bench } from "./program_world.ts";
import { submit } from "./support.ts";

const SEED = Date.now() | 0;
const SEGMENT_BYTES = 3_000;
const COUNT = 40;

/** Stores and acknowledges what has been reported since the last call. */
async function acknowledge(bench: Bench, trades: Trade[], from: number) {
  await bench.clock.advance(1_000);
  const fresh = bench.reports.slice(from);
  for (const report of fresh) {
    const first = report.account.trades - report.trades.length;
    trades.push(...report.trades.slice(Math.max(0, trades.length - first)));
    // deno-lint-ignore no-await-in-loop -- one report after the other
    await bench.ask({ type: "acknowledge", sequence: report.sequence });
  }
  return from + fresh.length;
}

/** A desk whose agent has made `COUNT` trades, all of them stored by the owner, over many segments. */
async function trade(): Promise<{ bench: Bench; trades: Trade[] }> {
  const bench = new Bench([{}], { segmentBytes: SEGMENT_BYTES });
  const trades: Trade[] = [];
  let read = 0;
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.step(0);
  for (let seq = 1; seq < COUNT * 3; seq += 3) {
    bench.candle(seq, 100);
    bench.agent(submit(seq, { stopPrice: 98 }));
    bench.step(seq + 1, 100);
    bench.step(seq + 2, 97);
    // deno-lint-ignore no-await-in-loop -- one trade after the other
    read = await acknowledge(bench, trades, read);
  }
  assert.equal(trades.length, COUNT);
  assert.ok(bench.storage.ended.size > 10, `${bench.storage.ended.size}`);
  return { bench, trades };
}

const WRITTEN = await trade();
const LAST_SEQ = COUNT * 3;

function recover(
  storedTrades: number,
  change: (storage: MemoryStorage) => void = () => {},
): Bench {
  const storage = WRITTEN.bench.storage.copy();
  change(storage);
  return new Bench([{}], {
    storage,
    storedTrades,
    segmentBytes: SEGMENT_BYTES,
  });
}

Deno.test("desk reads its newest segment only, for an owner that has stored what came before", async () => {
  const bench = recover(COUNT, (storage) => {
    const { ended } = storage;
    for (const [number, segment] of ended) {
      // Not even looked at: it could not be read.
      ended.set(number, { ...segment, content: new Uint8Array([1, 10]) });
    }
  });
  const { account, newestEpoch } = await bench.ask({ type: "account" });
  assert.equal(account.trades, COUNT);
  assert.equal(newestEpoch, 1, "an incarnation of an earlier segment is known");
  assert.deepEqual(bench.notices, []);
});

Deno.test("desk reports again what a restored store lacks, from segments that have ended", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: COUNT }),
      async (stored) => {
        const bench = recover(stored);
        const trades = WRITTEN.trades.slice(0, stored);
        let read = 0;
        for (let round = 0; round < 10; round++) {
          // deno-lint-ignore no-await-in-loop -- what is acknowledged makes room for more
          read = await acknowledge(bench, trades, read);
        }
        assert.deepEqual(trades, WRITTEN.trades);
        assert.deepEqual(bench.notices, []);
      },
    ),
    { seed: SEED, numRuns: 40 },
  );
});

Deno.test("desk warns an owner whose store lacks trades that no segment holds any more", async () => {
  const bench = recover(0, ({ ended }) => {
    for (const number of [1, 2, 3]) ended.delete(number);
  });
  const [{ detail }] = bench.notices as [typeof bench.notices[0]];
  assert.match(
    detail,
    /^The store holds 0 trades and the journal is kept from trade \d+ on/,
  );
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.trades, COUNT, "the account itself is whole");
});

Deno.test("desk tells an agent that starts from an older snapshot every step since, from ended segments", () => {
  const told = WRITTEN.bench.steps().map(({ seq, events }) => ({
    seq,
    events,
  }));
  const bench = recover(COUNT);
  bench.credits = Infinity;
  bench.link(2);
  bench.agent({ type: "attached", decidedSeq: 4 });
  for (let seq = 5; seq < LAST_SEQ; seq++) bench.skip(seq);
  const again = bench.steps().map(({ seq, events }) => ({ seq, events }));
  assert.ok(again.length > 100);
  for (const step of again) {
    assert.deepEqual(
      step.events,
      told.find(({ seq }) => seq === step.seq)?.events,
    );
  }
});

Deno.test("desk tells its owner once of an agent that starts from before what is kept, and tells the agent nothing wrong", async () => {
  const bench = recover(COUNT, ({ ended }) => {
    for (const number of [1, 2, 3]) ended.delete(number);
  });
  bench.link(2);
  bench.agent({ type: "attached", decidedSeq: 1 });
  bench.candle(LAST_SEQ + 1);
  await bench.clock.advance(5_000);
  assert.deepEqual(bench.steps(), []);
  assert.deepEqual(bench.notices.map(({ isFailing }) => isFailing), [false]);
  assert.match(
    bench.notices[0]!.detail,
    /starts from candle 1, and its journal is kept from candle \d+ on/,
  );
});

Deno.test("desk refuses to tell steps over a segment that is damaged, and says which", async () => {
  const bench = recover(COUNT, ({ ended }) => {
    const segment = ended.get(5)!;
    ended.set(5, { ...segment, content: segment.content.slice(0, -40) });
  });
  bench.link(2);
  bench.agent({ type: "attached", decidedSeq: 1 });
  await bench.clock.advance(3_000);
  assert.deepEqual(bench.steps(), []);
  assert.match(
    bench.notices[0]!.detail,
    /agt_1\.journal\.5-\d+": its end is missing; restore the file/,
  );
});

Deno.test("desk whose segments contradict each other tells its owner, and goes on with all other accounts", async () => {
  const bench = recover(COUNT, ({ ended }) => {
    // Sound by itself, but of another moment.
    ended.set(8, { ...ended.get(8)!, content: ended.get(5)!.content });
  });
  bench.link(2);
  bench.agent({ type: "attached", decidedSeq: 1 });
  await bench.clock.advance(3_000);
  assert.deepEqual(bench.steps(), []);
  assert.equal(bench.notices.length, 1);
  assert.match(bench.notices[0]!.detail, /contradict each other/);
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.trades, COUNT);
});

Deno.test("desk whose last ended segment is gone tells what is missing instead of folding over the hole", async () => {
  const bench = recover(COUNT, ({ ended }) => {
    ended.delete(Math.max(...ended.keys()));
  });
  bench.link(2);
  bench.agent({ type: "attached", decidedSeq: 1 });
  await bench.clock.advance(3_000);
  assert.deepEqual(bench.steps(), []);
  assert.match(bench.notices[0]!.detail, /its journal is kept from candle/);
});

/** Makes what has ended look as large as `bytes` each. */
function enlarge({ ended }: MemoryStorage, bytes: number): void {
  for (const [number, segment] of ended) {
    ended.set(number, { ...segment, content: new Uint8Array(bytes) });
  }
}

Deno.test("desk keeps in memory what its agent may still ask for, and reads what came before back", async () => {
  const { bench } = await trade();
  const told = bench.steps().map(({ seq, events }) => ({ seq, events }));
  const from = LAST_SEQ - 10;
  await bench.ask({ type: "releaseSteps", seq: from });
  bench.credits = Infinity;
  const tellAgain = (decidedSeq: number, epoch: number) => {
    bench.sent.length = 0;
    bench.link(epoch);
    bench.agent({ type: "attached", decidedSeq });
    for (let seq = decidedSeq + 1; seq < LAST_SEQ; seq++) bench.skip(seq);
    return bench.steps().map(({ seq, events }) => ({ seq, events }));
  };
  const { ended } = bench.storage;
  const kept = new Map(ended);
  // Nothing but memory is left to tell it from.
  ended.clear();
  assert.deepEqual(tellAgain(from - 1, 2), told.slice(from));
  kept.forEach((segment, number) => ended.set(number, segment));
  assert.deepEqual(tellAgain(from - 2, 3), told.slice(from - 1));
  await bench.ask({ type: "releaseSteps", seq: from + 1 });
  ended.clear();
  assert.deepEqual(tellAgain(4, 4), [], "memory has not kept everything");
});

Deno.test("desk drops the oldest segments beyond the bound, and none that its agent may still start from", async () => {
  const bench = recover(
    COUNT,
    (storage) => enlarge(storage, ENDED_SEGMENTS_BYTES / 4),
  );
  const numbers = () => [...bench.storage.ended.keys()];
  const before = numbers();
  const third = bench.storage.ended.get(3)!.lastSeq;
  // An agent that repeats its last decision asks for the step of it again.
  await bench.ask({ type: "releaseSteps", seq: third });
  assert.deepEqual(numbers(), before.slice(2), "the third is still needed");
  await bench.ask({ type: "releaseSteps", seq: third + 1 });
  assert.deepEqual(numbers(), before.slice(3));
  await bench.ask({ type: "releaseSteps", seq: LAST_SEQ });
  assert.deepEqual(numbers(), before.slice(-4), "within the bound all stay");
});

Deno.test("desk tells its owner once that the disk takes no new segment, and goes on in one file", async () => {
  const bench = new Bench([{}], { segmentBytes: SEGMENT_BYTES });
  bench.storage.refuse("EPERM", ["startSegment"]);
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.step(0);
  let seq = 1;
  const tradeUntil = async (bytes: number) => {
    const { storage } = bench;
    for (; storage.bytes.length < bytes; seq += 3) {
      bench.candle(seq, 100);
      bench.agent(submit(seq, { stopPrice: 98, riskPct: 0.01 }));
      bench.step(seq + 1, 100);
      bench.step(seq + 2, 97);
      // deno-lint-ignore no-await-in-loop -- time for a sync
      await bench.clock.advance(60_000);
    }
  };
  await tradeUntil(SEGMENT_BYTES + 3 * SEGMENT_RETRY_BYTES);
  assert.equal(bench.storage.ended.size, 0);
  assert.deepEqual(bench.notices.map(({ isFailing }) => isFailing), [false]);
  assert.match(
    bench.notices[0]!.detail,
    /takes no new segment of the journal \(Disk says EPERM\): it goes on in one file/,
  );
});

Deno.test("desk starts no segment while its owner has many trades to store", async () => {
  const bench = new Bench([{ safety: { maxOrdersPerMinute: 1_000 } }], {
    segmentBytes: SEGMENT_BYTES,
  });
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.step(0);
  const most = SEGMENT_TRADES_MAX + 20;
  const endedAt: number[] = [];
  for (let count = 0; count < most; count++) {
    const seq = 1 + 3 * count;
    bench.candle(seq, 100);
    bench.agent(submit(seq, { stopPrice: 98, riskPct: 0.01 }));
    bench.step(seq + 1, 100);
    bench.step(seq + 2, 97);
    // deno-lint-ignore no-await-in-loop -- time for a sync
    await bench.clock.advance(5);
    endedAt.push(bench.storage.ended.size);
  }
  assert.ok(endedAt[SEGMENT_TRADES_MAX - 1]! > 100);
  assert.equal(endedAt[SEGMENT_TRADES_MAX], endedAt.at(-1));
  const trades: Trade[] = [];
  await acknowledge(bench, trades, 0);
  assert.ok(trades.length > most / 2);
  bench.step(1 + 3 * most, 100);
  await bench.clock.advance(1_000);
  assert.ok(bench.storage.ended.size > endedAt.at(-1)!);
});
