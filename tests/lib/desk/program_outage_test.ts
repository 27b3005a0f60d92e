import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { JOURNAL_KEPT_BYTES_MAX } from "../../../lib/desk/limits.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { attached, type Bench } from "./program_world.ts";
import { submit } from "./support.ts";

const REASON = /The disk does not take the journal: Disk says ENOSPC; free/;

async function view(bench: Bench) {
  return (await bench.ask({ type: "account" })).account;
}

function denials(bench: Bench): string[] {
  return bench.steps().flatMap(({ events }) =>
    events.flatMap((event) => event.type === "OrderDenied" ? [event.code] : [])
  );
}

Deno.test("desk in lockstep stands still while its disk refuses, tells nothing, and goes on when it is mended", async () => {
  const bench = attached();
  bench.step(0);
  await bench.clock.advance(1_000);
  const reports = bench.reports.length;
  bench.candle(1);
  bench.storage.refuse("ENOSPC");
  bench.agent(submit(1, { stopPrice: 98 }));
  bench.candle(2);
  bench.candle(3);
  await bench.clock.advance(10_000);
  assert.deepEqual(bench.toldSeqs(), [0, 1]);
  assert.equal(bench.reports.length, reports, "no report of unwritten state");
  const { tradingState, tradingStateReason, seq } = await view(bench);
  assert.equal(tradingState, "halted");
  assert.match(tradingStateReason ?? "", REASON);
  assert.equal(seq, 1);
  bench.storage.mend();
  await bench.clock.advance(1_000);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2]);
  assert.ok(bench.steps().at(-1)!.hasPosition, "the intent was carried out");
  assert.equal((await view(bench)).tradingState, "active");
  assert.deepEqual(
    bench.notices.map(({ agentId, isFailing }) => [agentId, isFailing]),
    [["agt_1", true], ["agt_1", false]],
  );
  assert.match(bench.notices[0]!.detail, REASON);
  assert.equal(bench.notices[1]!.detail, "");
  await bench.clock.advance(1_000);
  assert.ok(bench.reports.length > reports);
});

Deno.test("desk in lockstep keeps the decision that comes while its disk refuses", async () => {
  const bench = attached();
  bench.candle(0);
  bench.storage.refuse("EIO");
  await bench.ask({ type: "setEntries", allowed: true, reason: "x" });
  await bench.ask({ type: "setEntries", allowed: false, reason: "x" });
  await bench.ask({ type: "setEntries", allowed: true, reason: "x" });
  bench.agent(submit(0, { stopPrice: 98 }));
  assert.deepEqual((await view(bench)).openOrders, []);
  bench.storage.mend();
  await bench.clock.advance(1_000);
  assert.equal((await view(bench)).openOrders.length, 1);
});

Deno.test("desk in real time processes candles while its disk refuses, denies intents and closes what is to be closed", async () => {
  const bench = attached({ pacing: "realtime" });
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.step(1);
  bench.storage.refuse("ENOSPC");
  bench.candle(2, 90);
  bench.agent(submit(2, { stopPrice: 80 }));
  bench.candle(3, 90);
  const { position, seq, losses } = await view(bench);
  assert.deepEqual([position, seq, losses], [null, 3, 1], "its stop was hit");
  assert.deepEqual(bench.toldSeqs(), [0, 1]);
  bench.storage.mend();
  await bench.clock.advance(1_000);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2, 3]);
  assert.deepEqual(denials(bench), ["JOURNAL_UNAVAILABLE"]);
  bench.agent(submit(3, { stopPrice: 80 }));
  bench.candle(4, 90);
  assert.ok(bench.steps().at(-1)!.hasPosition, "it trades again");
});

Deno.test("desk answers a stop at once while its disk refuses, and writes it first when it is back", async () => {
  const bench = attached();
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.step(1);
  bench.storage.refuse("ENOSPC");
  const { account } = await bench.ask({
    type: "quiesce",
    positions: "close",
    reason: "Stopped by a person",
  });
  assert.equal(account.position, null);
  assert.equal(account.tradingState, "halted");
  assert.ok(bench.reports.every(({ trades }) => trades.length === 0));
  bench.storage.mend();
  await bench.clock.advance(2_000);
  assert.equal(bench.reports.flatMap(({ trades }) => trades).length, 1);
});

Deno.test("desk stops although its disk refuses, and reports nothing that was not written", async () => {
  const bench = attached();
  bench.step(0);
  await bench.clock.advance(1_000);
  bench.reports.splice(0);
  bench.storage.refuse("ENOSPC");
  bench.candle(1);
  await bench.ask({ type: "setEntries", allowed: false, reason: "x" });
  await bench.desk.stop!("drain");
  assert.deepEqual(bench.reports, []);
});

Deno.test("desk refuses commands when a megabyte waits for the disk, and takes no more candles", async () => {
  const bench = attached({ pacing: "realtime" });
  bench.storage.refuse("ENOSPC");
  const reason = "x".repeat(JOURNAL_KEPT_BYTES_MAX);
  await bench.ask({ type: "setEntries", allowed: false, reason });
  await assert.rejects(
    bench.ask({ type: "rearm", commandId: "cmd_1", reason: "x" }),
    (error: AppError) =>
      error.code === "JOURNAL_UNAVAILABLE" && error.status === 503,
  );
  bench.candle(0);
  assert.equal((await view(bench)).seq, -1);
  bench.storage.mend();
  await bench.clock.advance(1_000);
  assert.equal((await view(bench)).seq, 0);
});

Deno.test("desk that is held stands still in lockstep with its reports going on, until it is released", async () => {
  const bench = attached();
  bench.candle(0);
  const reason = "The store does not answer: mend it";
  assert.equal(await bench.ask({ type: "hold", reason }), null);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  await bench.clock.advance(1_000);
  const { tradingState, tradingStateReason, seq } = await view(bench);
  assert.deepEqual([tradingState, tradingStateReason, seq], [
    "halted",
    reason,
    0,
  ]);
  assert.equal(bench.reports.at(-1)!.account.tradingStateReason, reason);
  await bench.ask({ type: "hold", reason: null });
  assert.equal((await view(bench)).seq, 1);
  assert.deepEqual(denials(bench), []);
  assert.ok(bench.steps().at(-1)!.hasPosition);
});

Deno.test("desk that is held from its start denies intents in real time", async () => {
  const bench = attached({ pacing: "realtime" }, { heldReason: "No store" });
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  assert.deepEqual(denials(bench), ["STORE_UNAVAILABLE"]);
  await bench.ask({ type: "hold", reason: null });
  bench.agent(submit(1, { stopPrice: 98 }));
  bench.candle(2);
  assert.deepEqual(denials(bench), ["STORE_UNAVAILABLE"]);
});

Deno.test("desk names the disk before the store when both fail", async () => {
  const bench = attached({}, { heldReason: "No store" });
  bench.storage.refuse("ENOSPC");
  bench.candle(0);
  await bench.ask({ type: "setEntries", allowed: false, reason: "x" });
  assert.match((await view(bench)).tradingStateReason ?? "", REASON);
  bench.storage.mend();
  await bench.clock.advance(1_000);
  assert.equal((await view(bench)).tradingStateReason, "No store");
});

Deno.test("desk does not repeat a denial after a crash as an order", async () => {
  const storage = new MemoryStorage();
  const first = attached({ pacing: "realtime" }, {
    storage,
    heldReason: "No store",
  });
  first.candle(0);
  first.agent(submit(0, { stopPrice: 98 }));
  await first.clock.advance(10);
  const second = attached({ pacing: "realtime" }, { storage });
  second.agent(submit(0, { stopPrice: 98 }));
  assert.deepEqual((await view(second)).openOrders, []);
});
