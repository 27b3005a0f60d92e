import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { unpackCandle } from "../../../lib/contracts/candle.ts";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import type { FeedSnapshot } from "../../../lib/exchange/feed_program.ts";
import {
  AGENT,
  DESK,
  FakeFeed,
  FILE,
  FILE_CANDLES,
  FIXTURES,
  MAX,
  range,
  SIMULATED,
  streamOf,
  UNLIMITED,
} from "./fake_feed.ts";

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(() => null, (error) => error);
  assert(error instanceof AppError, String(error));
  return error;
}

Deno.test("feedProgram sends a replay at full speed in batches of 64, then its end", async () => {
  const feed = await FakeFeed.start();
  assert.deepEqual(await feed.open(MAX), {
    streamId: "s1",
    headSeq: -1,
    totalCandles: FILE_CANDLES,
    firstAt: Date.UTC(2025, 0, 1),
  });
  feed.connect(AGENT);
  feed.connect(DESK, { fromSeq: 2_990 });
  assert.deepEqual(feed.seqs(AGENT), range(0, FILE_CANDLES - 1));
  assert.deepEqual(feed.seqs(DESK), range(2_990, FILE_CANDLES - 1));
  assert(feed.batches(AGENT).every(({ count }) => count <= 64));
  assert.deepEqual(feed.sent.get(AGENT)!.at(-1), {
    type: "ended",
    lastSeq: FILE_CANDLES - 1,
  });
  const series = await loadCandleFile(`${FIXTURES}${FILE}`);
  const { packed, fromSeq } = feed.batches(AGENT)[3]!;
  assert.deepEqual(
    unpackCandle(packed, 5, fromSeq),
    series.candle(fromSeq + 5),
  );
  assert.equal(feed.clock.pending, 0, "an unpaced replay needs no timer");
});

Deno.test("feedProgram sends only as much as there is credit for, and goes on when credited", async () => {
  const feed = await FakeFeed.start();
  await feed.open(MAX);
  feed.connect(AGENT, { credit: 2 });
  assert.deepEqual(feed.seqs(AGENT), range(0, 127));
  await feed.clock.advance(60_000);
  assert.deepEqual(feed.seqs(AGENT), range(0, 127));
  feed.give(AGENT, 1);
  assert.deepEqual(feed.seqs(AGENT), range(0, 191));
  feed.give(AGENT, 44);
  assert.deepEqual(feed.seqs(AGENT), range(0, FILE_CANDLES - 1));
  assert(!feed.isEnded(AGENT), "the end needs credit, too");
  feed.give(AGENT, 1);
  assert(feed.isEnded(AGENT));
  feed.give(AGENT, 5);
  assert.equal(feed.sent.get(AGENT)!.length, 48, "the end is said once");
});

Deno.test("feedProgram keeps to the window of a consumer that says what it has consumed", async () => {
  const feed = await FakeFeed.start();
  await feed.open(MAX);
  feed.connect(AGENT, { fromSeq: 10, windowCandles: 100 });
  assert.deepEqual(feed.seqs(AGENT), range(10, 109));
  feed.give(AGENT, 5);
  feed.handlers.receive(AGENT, { type: "consumed", seq: 9 });
  assert.deepEqual(feed.seqs(AGENT), range(10, 109));
  feed.handlers.receive(AGENT, { type: "consumed", seq: 59 });
  assert.deepEqual(feed.seqs(AGENT), range(10, 159));
  feed.handlers.receive(AGENT, { type: "consumed", seq: 2_999 });
  assert.deepEqual(feed.seqs(AGENT), range(10, 259), "no more than was sent");
  for (let seq = 259; !feed.isEnded(AGENT); seq += 100) {
    feed.handlers.receive(AGENT, { type: "consumed", seq });
  }
  assert.deepEqual(feed.seqs(AGENT), range(10, FILE_CANDLES - 1));
});

Deno.test("feedProgram is silent to a consumer that subscribes beyond everything, and goes on when it comes back", async () => {
  for (const speed of ["max", 900] as const) {
    const feed = await FakeFeed.start();
    await feed.open(streamOf({ kind: "replay", file: FILE, speed }));
    feed.connect(DESK, { credit: 1 });
    const got = feed.seqs(DESK).length;
    const beyond = { type: "subscribe", fromSeq: Number.MAX_SAFE_INTEGER };
    feed.handlers.receive(DESK, beyond);
    feed.give(DESK, UNLIMITED);
    await feed.clock.advance(5_000);
    assert.equal(feed.sent.get(DESK)!.length, 1, "neither candles nor the end");
    assert.equal(feed.reports.at(-1)!.report.headSeq, got - 1);
    feed.handlers.receive(DESK, { type: "subscribe", fromSeq: got });
    const last = speed === "max" ? FILE_CANDLES - 1 : 5;
    assert.deepEqual(feed.seqs(DESK), range(0, last));
  }
});

Deno.test("feedProgram reports each stream at most once a second, and its last head at the end", async () => {
  const feed = await FakeFeed.start({ simulationSpeed: 9_000 });
  await feed.open(SIMULATED, -1);
  await feed.clock.advance(10_050);
  assert.equal(feed.reports.length, 10);
  for (let index = 1; index < feed.reports.length; index++) {
    const before = feed.reports[index - 1]!;
    const after = feed.reports[index]!;
    assert(after.atMs - before.atMs >= 1_000);
    assert(after.report.headSeq > before.report.headSeq);
    assert.equal(after.report.candle.seq, after.report.headSeq);
  }
  await feed.handlers.stop!("drain");
  assert.equal(feed.reports.at(-1)!.report.headSeq, 99);
  assert.equal(feed.clock.pending, 0, "no timer is left");
});

Deno.test("feedProgram goes on from its snapshot, and neither back nor double", async () => {
  const first = await FakeFeed.start({
    streams: [{ stream: SIMULATED, headSeq: 3 }],
  });
  await first.clock.advance(60_000);
  const snapshot = first.handlers.snapshot!() as FeedSnapshot;
  assert.deepEqual(snapshot, { streams: [{ stream: SIMULATED, headSeq: 7 }] });
  const second = await FakeFeed.start({
    streams: [{ stream: SIMULATED, headSeq: 3 }],
  }, snapshot);
  assert.equal((await second.open(SIMULATED, 3)).headSeq, 7);
});

Deno.test("feedProgram serves a link that was opened before its stream", async () => {
  const feed = await FakeFeed.start();
  feed.connect(AGENT, { fromSeq: 2_999 });
  assert.deepEqual(feed.seqs(AGENT), []);
  await feed.open(MAX);
  assert.deepEqual(feed.seqs(AGENT), [2_999]);
});

Deno.test("feedProgram sends nothing on a link that was closed or asked for nonsense", async () => {
  const feed = await FakeFeed.start();
  await feed.open(SIMULATED, 5);
  feed.connect(AGENT);
  feed.handlers.linkClosed!(AGENT);
  feed.connect(DESK, { fromSeq: 6 });
  for (
    const message of [
      null,
      {},
      7,
      { type: "subscribe", fromSeq: -1 },
      { type: "subscribe", fromSeq: 0, windowCandles: 0 },
      { type: "consumed", seq: "all" },
    ]
  ) {
    feed.handlers.receive(DESK, message);
  }
  await feed.clock.advance(30_000);
  assert.deepEqual(feed.seqs(AGENT), range(0, 5));
  assert.deepEqual(feed.seqs(DESK), [6, 7]);
});

Deno.test("feedProgram answers openStream with the sentence of what is wrong, and stays usable", async () => {
  const feed = await FakeFeed.start();
  const missing = await refusal(
    feed.open(streamOf({ kind: "replay", file: "none.csv", speed: "max" })),
  );
  assert.match(missing.message, /candle file none\.csv does not exist/);
  const path = await refusal(
    feed.open(streamOf({ kind: "replay", file: "../x.csv", speed: "max" })),
  );
  assert.match(path.message, /without a path/);
  assert.equal((await feed.open(MAX)).totalCandles, FILE_CANDLES);
  const conflict = await refusal(feed.open(SIMULATED));
  assert.equal(conflict.code, "STREAM_CONFLICT");
});

Deno.test("feedProgram forgets a stream that is closed, also while it is being opened", async () => {
  const feed = await FakeFeed.start();
  const opening = refusal(feed.open(MAX));
  feed.handlers.ask!({ type: "closeStream", streamId: "s1" });
  assert.equal((await opening).code, "STREAM_CLOSED");
  await feed.open(SIMULATED, 0);
  assert.equal(
    feed.handlers.ask!({ type: "closeStream", streamId: "s1" }),
    null,
  );
  assert.equal(feed.clock.pending, 0);
  assert.deepEqual(feed.handlers.snapshot!(), { streams: [] });
});

Deno.test("feedProgram keeps candles from those who subscribe while they are held, and sends them from the same place when let go", async () => {
  const feed = await FakeFeed.start();
  await feed.open(MAX);
  feed.connect(AGENT, { fromSeq: 10, windowCandles: 20 });
  await feed.handlers.ask!({ type: "holdCandles", isHeld: true });
  feed.connect(DESK, { fromSeq: 100, windowCandles: 20 });
  const late = { ...SIMULATED, streamId: "s2" };
  assert.equal((await feed.open(late, 50)).headSeq, 50);
  assert.deepEqual(feed.seqs(DESK), []);
  feed.handlers.receive(AGENT, { type: "consumed", seq: 19 });
  assert.deepEqual(
    feed.seqs(AGENT),
    range(10, 39),
    "who reads already goes on",
  );
  await feed.handlers.ask!({ type: "holdCandles", isHeld: false });
  await feed.handlers.ask!({ type: "holdCandles", isHeld: false });
  assert.deepEqual(feed.seqs(DESK), range(100, 119));
  assert.deepEqual(feed.seqs(AGENT), range(10, 39), "nobody gets one twice");
});

Deno.test("feedProgram serves who subscribed while held to a stream that was opened while held", async () => {
  const feed = await FakeFeed.start();
  await feed.handlers.ask!({ type: "holdCandles", isHeld: true });
  feed.connect(AGENT, { fromSeq: 5, windowCandles: 10 });
  await feed.open(MAX);
  assert.deepEqual(feed.seqs(AGENT), []);
  await feed.handlers.ask!({ type: "holdCandles", isHeld: false });
  assert.deepEqual(feed.seqs(AGENT), range(5, 14));
});
