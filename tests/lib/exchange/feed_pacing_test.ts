import assert from "node:assert/strict";
import { unpackCandle } from "../../../lib/contracts/candle.ts";
import { createSimulatedMarket } from "../../../lib/exchange/simulated/market.ts";
import {
  AGENT,
  CONFIG,
  DESK,
  FakeFeed,
  FILE,
  GENESIS,
  range,
  SIMULATED,
  streamOf,
} from "./fake_feed.ts";

Deno.test("feedProgram paces a replay by the candles' open times from the first subscription", async () => {
  const feed = await FakeFeed.start();
  // 900 times real time: a candle of 15 minutes each second.
  await feed.open(streamOf({ kind: "replay", file: FILE, speed: 900 }));
  await feed.clock.advance(10_000);
  feed.connect(AGENT);
  assert.deepEqual(feed.seqs(AGENT), [0]);
  await feed.clock.advance(999);
  assert.deepEqual(feed.seqs(AGENT), [0]);
  await feed.clock.advance(1);
  assert.deepEqual(feed.seqs(AGENT), [0, 1]);
  await feed.clock.advance(3_000);
  feed.connect(DESK);
  assert.deepEqual(feed.seqs(DESK), range(0, 4), "what is due does not wait");
  await feed.clock.advance(1_000);
  assert.deepEqual(feed.seqs(AGENT), range(0, 5));
  assert.deepEqual(feed.seqs(DESK), range(0, 5));
});

Deno.test("feedProgram resumes a paced replay at the head without waiting for what was due", async () => {
  const feed = await FakeFeed.start();
  await feed.open(streamOf({ kind: "replay", file: FILE, speed: 900 }), 500);
  feed.connect(AGENT, { fromSeq: 490 });
  feed.connect(DESK, { fromSeq: 501 });
  assert.deepEqual(feed.seqs(AGENT), range(490, 501));
  assert.deepEqual(feed.seqs(DESK), [501]);
  await feed.clock.advance(2_000);
  assert.deepEqual(feed.seqs(AGENT), range(490, 503));
  assert.deepEqual(feed.seqs(DESK), range(501, 503));
});

Deno.test("feedProgram takes what one consumer has had already as due for all", async () => {
  const feed = await FakeFeed.start();
  await feed.open(streamOf({ kind: "replay", file: FILE, speed: 900 }));
  feed.connect(AGENT, { fromSeq: 490 });
  assert.deepEqual(feed.seqs(AGENT), [490]);
  feed.connect(DESK, { fromSeq: 501 });
  assert.deepEqual(feed.seqs(DESK), []);
  await feed.clock.advance(1_000);
  assert.deepEqual(feed.seqs(AGENT), range(490, 501));
  assert.deepEqual(feed.seqs(DESK), [501]);
});

Deno.test("feedProgram waits for no more than five candles where a replayed file has a hole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const openTimes = [0, 1, 2, 1_000, 1_001].map((minutes) =>
      minutes * 60_000
    );
    const rows = openTimes.map((openAt) => `${openAt},1,1,1,1,0`);
    await Deno.writeTextFile(
      `${folder}/hole.csv`,
      ["timestamp_ms,open,high,low,close,volume", ...rows].join("\n"),
    );
    const feed = await FakeFeed.start({ candlesDir: folder });
    await feed.open({
      ...streamOf({ kind: "replay", file: "hole.csv", speed: 60 }),
      timeframe: "1m",
    });
    feed.connect(AGENT);
    await feed.clock.advance(6_999);
    assert.deepEqual(feed.seqs(AGENT), [0, 1, 2]);
    await feed.clock.advance(1);
    assert.deepEqual(feed.seqs(AGENT), [0, 1, 2, 3]);
    await feed.clock.advance(1_000);
    assert(feed.isEnded(AGENT));
    assert.equal(feed.clock.pending, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("feedProgram moves a simulated market by the clock, one head for all", async () => {
  const feed = await FakeFeed.start();
  const opened = await feed.open(SIMULATED, 99);
  assert.deepEqual([opened.headSeq, opened.totalCandles], [99, null]);
  assert.equal(opened.firstAt, GENESIS);
  feed.connect(AGENT, { fromSeq: 0 });
  assert.deepEqual(
    feed.seqs(AGENT),
    range(0, 99),
    "what is past comes at once",
  );
  // 60 times real time: a candle of 15 minutes every 15 seconds.
  await feed.clock.advance(14_999);
  assert.deepEqual(feed.seqs(AGENT), range(0, 99));
  await feed.clock.advance(1);
  assert.deepEqual(feed.seqs(AGENT), range(0, 100));
  await feed.clock.advance(150_000);
  feed.connect(DESK, { fromSeq: 105 });
  assert.deepEqual(feed.seqs(DESK), range(105, 110));
  assert.deepEqual(feed.seqs(AGENT), range(0, 110));
  const market = createSimulatedMarket({
    seed: CONFIG.seed,
    symbol: SIMULATED.symbol,
    timeframe: SIMULATED.timeframe,
    genesisAt: GENESIS,
  });
  const { packed } = feed.batches(DESK)[0]!;
  assert.deepEqual(unpackCandle(packed, 2, 105), market.candle(107));
});

Deno.test("feedProgram lets a consumer that is ahead of the market wait for it", async () => {
  const feed = await FakeFeed.start();
  await feed.open(SIMULATED, 10);
  feed.connect(AGENT, { fromSeq: 12 });
  await feed.clock.advance(15_000);
  assert.deepEqual(feed.seqs(AGENT), []);
  await feed.clock.advance(15_000);
  assert.deepEqual(feed.seqs(AGENT), [12]);
});

Deno.test("feedProgram catches up after its isolate was blocked", async () => {
  const feed = await FakeFeed.start();
  await feed.open(SIMULATED, -1);
  feed.connect(AGENT);
  await feed.clock.stall(60_000);
  assert.deepEqual(feed.seqs(AGENT), range(0, 3));
  await feed.clock.advance(15_000);
  assert.deepEqual(feed.seqs(AGENT), range(0, 4));
});
