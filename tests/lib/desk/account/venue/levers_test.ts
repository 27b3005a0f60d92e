import assert from "node:assert/strict";
import {
  STOP_REASON,
  type StopInForce,
} from "../../../../../lib/desk/account/lever_orders.ts";
import { VenueBench } from "./bench.ts";
import { SPOT } from "./profiles.ts";

const STOP: StopInForce = {
  reason: "An emergency stop is in force",
  withdrawsExits: false,
};
const BARE: StopInForce = { ...STOP, withdrawsExits: true };

function block(bench: VenueBench, stop: StopInForce | null = STOP): void {
  bench.account.pullLever((orders) => orders.block(stop));
}

function close(bench: VenueBench, collarPct = 5): string | null {
  let refusal: string | null = null;
  bench.account.pullLever((orders) => {
    refusal = orders.closeWithin(collarPct, STOP_REASON);
  });
  return refusal;
}

/** Types of the commands so far with the roles of their orders. */
function commands(bench: VenueBench): string[] {
  return bench.take().map((command) =>
    command.type === "syncIds"
      ? command.type
      : `${command.type} ${command.orderId.split("-")[1]}`
  );
}

function denials(bench: VenueBench): string[] {
  return bench.records.flatMap((record) =>
    record.type === "DENIED" ? record.code : []
  );
}

Deno.test("a blocked account at a venue denies entries at once and lets what rests be", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 90 }, stopPrice: 80 });
  bench.accept(bench.working("entry"));
  bench.take();
  block(bench);
  bench.submit();
  assert.deepEqual(denials(bench), ["EMERGENCY_STOP"]);
  assert.deepEqual(commands(bench), []);
  assert.equal(bench.working("entry").cancel, null);
  assert.equal(bench.account.view().tradingState, "halted");
  block(bench, null);
  assert.equal(bench.account.view().tradingState, "active");
});

Deno.test("a blocked account drops entries that wait for the rate budget, and releases none of them", () => {
  const bench = new VenueBench();
  bench.budget = 0;
  bench.submit();
  const { order: { orderId } } = bench.working("entry");
  bench.take();
  block(bench);
  assert.deepEqual(bench.side.workingOrders(), []);
  bench.side.release(orderId);
  assert.deepEqual(commands(bench), []);
  assert.equal(bench.records.some(({ type }) => type === "SENDING"), false);
});

Deno.test("a blocked account drops entries that wait for an id on the disk", () => {
  const bench = new VenueBench({ syncsAtOnce: false });
  bench.submit();
  block(bench);
  bench.side.idsSynced(1_000_000);
  assert.deepEqual(bench.side.workingOrders(), []);
  assert.deepEqual(commands(bench), []);
});

Deno.test("protection works on under a block: what is filled gets its stop", () => {
  const bench = new VenueBench();
  bench.submit();
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.take();
  block(bench);
  bench.account.pullLever((orders) => orders.withdrawEntries(STOP_REASON));
  assert.deepEqual(commands(bench), ["cancel entry"]);
  bench.trade(entry, { quantity: "1" });
  assert.deepEqual(commands(bench), ["create stop"]);
  bench.accept(bench.working("stop"));
  assert.equal(bench.side.isProtected(), true);
});

for (const [name, profile] of [["swap", undefined], ["spot", SPOT]] as const) {
  Deno.test(`on ${name} stops and targets that somebody withdrew are not put back while that holds`, () => {
    const bench = new VenueBench(profile === undefined ? {} : { profile });
    bench.enter({ targetPrice: 110 });
    bench.take();
    block(bench, BARE);
    bench.account.pullLever((orders) => orders.withdrawAll(STOP_REASON));
    assert.ok(commands(bench).includes("cancel stop"));
    for (const working of [...bench.side.workingOrders()]) bench.over(working);
    bench.take();
    bench.candle({ close: 101 });
    assert.deepEqual(bench.side.workingOrders(), []);
    assert.equal(bench.side.isProtected(), true, "nobody closes it for that");
    assert.equal(bench.account.view().position?.isProtected, false);
    bench.quote(111, 111.2);
    assert.deepEqual(commands(bench), [], "the target is withdrawn, too");
    bench.quote(100, 100.2);
    block(bench, null);
    assert.deepEqual(commands(bench), ["create stop"]);
  });
}

Deno.test("an account at a venue that starts under a stop does nothing that the stop forbids", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  block(bench, BARE);
  bench.account.pullLever((orders) => orders.withdrawAll(STOP_REASON));
  bench.over(bench.working("stop"));
  bench.take();
  bench.crash({ stop: BARE });
  assert.deepEqual(commands(bench), []);
  bench.submit();
  assert.equal(denials(bench).at(-1), "EMERGENCY_STOP");
  bench.crash();
  assert.deepEqual(commands(bench), ["create stop"], "without the stop");
});

Deno.test("a position at a venue is closed at the market within the collar, once", () => {
  const bench = new VenueBench();
  bench.enter();
  block(bench);
  assert.equal(close(bench), null);
  const [request] = bench.sent();
  assert.deepEqual(
    [request!.type, request!.side, request!.reduceOnly],
    ["market", "sell", true],
  );
  assert.equal(close(bench), null);
  assert.deepEqual(bench.sent(), []);
  bench.trade(bench.working("close"));
  assert.equal(bench.account.view().position, null);
});

Deno.test("a position at a venue is not closed where the price is far or nobody knows it", () => {
  const bench = new VenueBench();
  bench.enter();
  block(bench);
  bench.quote(94, 106);
  assert.match(close(bench)!, /6\.00 % from the last price, more than the 5 %/);
  assert.equal(close(bench, 10), null);
  const other = new VenueBench();
  other.enter();
  other.priceBlock = {
    code: "MARKET_DATA_STALE",
    detail: "The latest price is 9000 ms old",
  };
  assert.match(close(other)!, /nobody knows at which price: .*9000 ms old/);
  assert.deepEqual(other.sent(), []);
});

Deno.test("a close that was not through in time is given up: the stop comes back, and a close of somebody else goes on", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.enter();
  block(bench);
  close(bench);
  assert.deepEqual(commands(bench), ["cancel stop"]);
  bench.account.pullLever((orders) => orders.giveUpClosing("Too late"));
  bench.over(bench.working("stop"));
  assert.deepEqual(commands(bench), ["create stop"]);
  bench.accept(bench.working("stop"));
  bench.crash({ stop: STOP });
  assert.equal(bench.side.isProtected(), true);
  const other = new VenueBench();
  other.enter();
  other.account.quiesce({ positions: "close", reason: "The owner wants it" });
  other.take();
  other.account.pullLever((orders) => orders.giveUpClosing("Too late"));
  assert.deepEqual(commands(other), []);
  assert.equal(other.working("close").cancel, null);
});
