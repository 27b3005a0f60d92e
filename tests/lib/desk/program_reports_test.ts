import assert from "node:assert/strict";
import { decodeJournal } from "../../../lib/desk/journal/journal.ts";
import { accountConfig, randomMarket, submit } from "./support.ts";
import { World } from "./world.ts";
import { attached, Bench } from "./program_world.ts";

Deno.test("desk reports at most five times a second and account", async () => {
  const bench = attached();
  for (let seq = 0; seq < 1000; seq++) {
    bench.candle(seq);
    bench.skip(seq);
    // deno-lint-ignore no-await-in-loop -- ten milliseconds pass between candles
    await bench.clock.advance(10);
    const last = bench.reports.at(-1);
    if (typeof last?.sequence === "number") {
      // deno-lint-ignore no-await-in-loop -- in this order
      await bench.ask({ type: "acknowledge", sequence: last.sequence });
    }
  }
  assert.ok(bench.reports.length >= 49 && bench.reports.length <= 51);
  const numbers = bench.reports.flatMap(({ sequence }) => sequence ?? []);
  assert.deepEqual(numbers, numbers.map((_, index) => index + 1));
});

Deno.test("desk gives no number and no record to a report with nothing to be stored, and a number to every other", async () => {
  const bench = attached();
  for (let seq = 0; seq < 640; seq++) {
    bench.step(seq);
    // deno-lint-ignore no-await-in-loop -- a report for each candle
    await bench.clock.advance(250);
  }
  assert.ok(bench.reports.length > 600);
  for (const { sequence, trades, equity } of bench.reports) {
    assert.equal(sequence === null, trades.length + equity.length === 0);
  }
  assert.equal(bench.reports.at(-1)!.account.seq, 639);
  const { entries } = decodeJournal(bench.storage.bytes, "x");
  assert.ok(entries.length < 40, `${entries.length} records`);
});

Deno.test("desk lets no report leave before its fills are on the disk", async () => {
  const bench = attached();
  let release = () => {};
  bench.storage.sync = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  await bench.clock.advance(1000);
  bench.candle(0);
  await bench.clock.advance(1000);
  const before = bench.reports.length;
  await bench.clock.advance(1000);
  assert.equal(bench.reports.length, before);
  for (let turn = 0; turn < 5; turn++) {
    release();
    // deno-lint-ignore no-await-in-loop -- one sync after the other
    await bench.clock.settle();
  }
  assert.ok(bench.reports.length > before);
});

Deno.test("desk sends reports again after a crash until they are acknowledged, each trade in one", async () => {
  const candles = randomMarket(3, 200);
  const world = new World({ candles, seed: 3 });
  world.finish();
  await world.clock.advance(1000);
  const view = await world.view();
  const first = world.reports.splice(0);
  assert.ok(view.trades > 0);
  world.crashDesk();
  await world.clock.advance(1000);
  assert.deepEqual(
    world.reports.flatMap(({ trades }) => trades),
    first.flatMap(({ trades }) => trades),
  );
  for (const { sequence, trades, account } of world.reports) {
    if (sequence === null) continue;
    const before = world.reports.filter((report) =>
      report.sequence !== null && report.sequence <= sequence
    ).flatMap((report) =>
      report.trades
    ).length;
    assert.ok(trades.length === 0 || account.trades === before);
  }
  await world.acknowledge();
  world.storedCount = view.trades;
  world.crashDesk();
  await world.clock.advance(1000);
  world.reports.splice(0);
  world.crashDesk();
  await world.clock.advance(1000);
  assert.deepEqual(world.reports.flatMap(({ trades }) => trades), []);
});

Deno.test("desk answers quiesce when the trade of the closed position was reported", async () => {
  const bench = attached();
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  const { account } = await bench.ask({
    type: "quiesce",
    positions: "close",
    reason: "Stopped by a person",
  });
  assert.equal(account.position, null);
  assert.equal(account.trades, 1);
  assert.equal(bench.reports.at(-1)!.trades.length, 1);
});

Deno.test("desk lets an agent in again that was stopped and starts with the same configuration", async () => {
  const bench = attached();
  bench.candle(0);
  await bench.ask({ type: "quiesce", positions: "keep", reason: "Stopped" });
  await bench.ask({
    type: "openAccount",
    account: accountConfig(),
    storedTrades: 0,
  });
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  assert.ok(bench.steps().at(-1)!.hasPosition);
});

Deno.test("desk answers rearm, setEntries and updateAccount with the account", async () => {
  const bench = attached();
  for (
    const query of [
      { type: "rearm", commandId: "cmd_1", reason: "Checked" },
      { type: "setEntries", allowed: false, reason: "Paused" },
      { type: "updateAccount", account: accountConfig() },
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- one question after the other
    const { account } = await bench.ask(query);
    assert.equal(account.tradingState, "active");
  }
});

Deno.test("desk closes an account, keeps its journal aside and knows it no more", async () => {
  const bench = attached();
  assert.equal(await bench.ask({ type: "closeAccount" }), null);
  assert.deepEqual(bench.retired, ["/journal/agt_1.journal"]);
  await assert.rejects(bench.ask({ type: "account" }), /no account of agent/);
  assert.equal(await bench.ask({ type: "closeAccount" }), null);
});

Deno.test("desk refuses an agent id that is no file name", async () => {
  const bench = new Bench([]);
  const account = { ...accountConfig(), agentId: "../escape" };
  await assert.rejects(
    bench.ask({ type: "openAccount", account, storedTrades: 0 }),
    /letters, digits, dashes or underscores/,
  );
});

Deno.test("desk flushes its reports when it stops", async () => {
  const bench = attached();
  bench.candle(0);
  await bench.desk.stop!("drain");
  assert.equal(bench.reports.at(-1)!.account.seq, 0);
});
