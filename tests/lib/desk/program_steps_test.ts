import assert from "node:assert/strict";
import { accountConfig, submit } from "./support.ts";
import { AGENT, attached, Bench, CANDLES } from "./program_world.ts";

Deno.test("desk in lockstep processes a candle only after the decision on the one before", () => {
  const bench = attached();
  for (const seq of [0, 1, 2]) bench.candle(seq);
  assert.deepEqual(bench.toldSeqs(), [0]);
  bench.skip(0);
  assert.deepEqual(bench.toldSeqs(), [0, 1]);
  bench.skip(0);
  assert.deepEqual(bench.toldSeqs(), [0, 1], "an old decision moves nothing");
  bench.skip(1);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2]);
});

Deno.test("desk in lockstep waits for an agent that is away", async () => {
  const bench = new Bench([{}]);
  bench.link();
  for (const seq of [0, 1, 2]) bench.candle(seq);
  await bench.clock.advance(60_000);
  assert.equal((await bench.ask({ type: "account" })).account.seq, 0);
  bench.agent({ type: "attached", decidedSeq: -1 });
  assert.deepEqual(bench.toldSeqs(), [0]);
});

Deno.test("desk in real time goes on after five seconds, and denies what comes late", async () => {
  const bench = attached({ pacing: "realtime" });
  bench.candle(0);
  bench.candle(1);
  assert.deepEqual(bench.toldSeqs(), [0]);
  await bench.clock.advance(4_999);
  assert.deepEqual(bench.toldSeqs(), [0]);
  await bench.clock.advance(1);
  assert.deepEqual(bench.toldSeqs(), [0, 1]);
  bench.candle(2);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2], "nobody waits for it any more");
  bench.agent(submit(0));
  bench.skip(1);
  bench.skip(2);
  bench.candle(3);
  const [denied] = bench.steps().at(-1)!.events;
  assert.ok(denied?.type === "OrderDenied" && denied.code === "INTENT_LATE");
  bench.candle(4);
  assert.equal(bench.toldSeqs().at(-1), 3, "it keeps pace again");
});

Deno.test("desk in real time protects a position while its agent is away", async () => {
  const bench = attached({ pacing: "realtime" });
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  bench.skip(1);
  bench.desk.linkClosed!(AGENT);
  bench.candle(2, 90);
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.position, null);
  assert.equal(account.losses, 1);
});

Deno.test("desk tells an agent that lags no more than 64 steps ahead", () => {
  const bench = attached({ pacing: "realtime" });
  bench.desk.linkClosed!(AGENT);
  for (let seq = 0; seq < 200; seq++) bench.candle(seq);
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 2 });
  bench.agent({ type: "attached", decidedSeq: -1 });
  assert.equal(bench.toldSeqs().at(-1), 63);
  bench.skip(0);
  assert.equal(bench.toldSeqs().at(-1), 64);
});

Deno.test("desk holds its steps while the agent gives no credit", () => {
  const bench = attached();
  bench.credits = 0;
  bench.candle(0);
  assert.deepEqual(bench.toldSeqs(), []);
  bench.credits = 1;
  bench.desk.credited!(AGENT);
  assert.deepEqual(bench.toldSeqs(), [0]);
});

Deno.test("desk denies orders of an incarnation that was replaced, also after its own restart", () => {
  const bench = attached();
  bench.candle(0);
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 3 });
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 2 });
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.agent(submit(0));
  const [denied] = bench.steps().at(-1)!.events;
  assert.ok(denied?.type === "OrderDenied" && denied.code === "EPOCH_STALE");
  assert.match(denied.detail, /Incarnation 2 was replaced by 3/);
  const journal = new TextDecoder().decode(bench.storage.bytes);
  assert.ok(!journal.includes("INTENT"), "nothing of it is on record");
});

Deno.test("desk survives messages that are none", () => {
  const bench = attached();
  for (const message of [null, 7, "x", {}, { type: "decided" }]) {
    bench.agent(message);
  }
  bench.candle(0);
  assert.deepEqual(bench.toldSeqs(), [0]);
});

Deno.test("desk subscribes to the next candle when the link or the account opens, whichever is later", async () => {
  const bench = new Bench([]);
  bench.link();
  assert.deepEqual(bench.sent, []);
  const account = accountConfig({ startSeq: 7 });
  const answer = await bench.ask({
    type: "openAccount",
    account,
    storedTrades: 0,
  });
  assert.equal(answer.account.seq, -1);
  assert.deepEqual(bench.sent, [{
    link: CANDLES,
    message: { type: "subscribe", fromSeq: 7, windowCandles: 512 },
  }]);
});

Deno.test("desk whose account starts later than its agent tells empty steps for the warm-up", () => {
  const bench = attached({ startSeq: 3 });
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2]);
  bench.candle(3);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2, 3]);
});
