import assert from "node:assert/strict";
import { AppError } from "../../../../lib/core/errors.ts";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import { PROFILE, venueOrder, venueTrade, working } from "./scripted.ts";

Deno.test("VenueDriver lets no entry out before books and venue were brought together", async () => {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.onOpenOrders = () =>
      Promise.reject(new VenueError("maintenance", "closed"));
  });
  await bench.pass(5_000);
  assert.equal(bench.block, "VENUE_UNAVAILABLE");
  bench.gateway.onOpenOrders = () => Promise.resolve([]);
  await bench.pass(120_000);
  assert.equal(bench.block, null);
});

Deno.test("VenueDriver waits with entries until every id that may be in use was asked for twice", async () => {
  const bench = new DriverBench().start(({ side }) => {
    side.open = ["abcagent001e00004", "abcagent001s00005"];
  });
  await bench.pass(10_000);
  assert.equal(bench.block, "RECONCILING");
  assert.equal(bench.gateway.count("order"), 2);
  await bench.pass(PROFILE.absenceProofMs!);
  assert.equal(bench.gateway.count("order"), 4);
  assert.equal(bench.block, null);
  assert.equal(bench.side.areIdsAsked, true);
});

Deno.test("VenueDriver hands over an order of ours that the journal lost, with its trades", async () => {
  const lost = venueOrder({
    clientOrderId: "abcagent001e00004",
    status: "filled",
    filled: "1",
  });
  const trade = venueTrade();
  const bench = new DriverBench().start(({ gateway, side }) => {
    side.open = ["abcagent001e00004"];
    gateway.onOrder = ({ clientOrderId, isStop }) =>
      clientOrderId === "abcagent001e00004" && !isStop
        ? Promise.resolve(lost)
        : Promise.reject(new VenueError("not_found", "Unknown"));
    gateway.onTrades = () => Promise.resolve([trade]);
    side.onApply = ({ type }) => {
      if (type === "adopt") side.open = [];
    };
  });
  await bench.pass(3_000);
  const adopted = bench.side.reports.find(({ type }) => type === "adopt");
  assert.ok(adopted?.type === "adopt");
  assert.deepEqual(adopted.order, lost);
  assert.deepEqual(adopted.trades, [
    { ...trade, clientOrderId: "abcagent001e00004" },
  ]);
});

Deno.test("VenueDriver lists orders of others and leaves them alone", async () => {
  const foreign = venueOrder({ clientOrderId: "web_1", venueOrderId: "v9" });
  const nameless = venueOrder({ clientOrderId: null, venueOrderId: "v8" });
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.onOpenOrders = () => Promise.resolve([foreign, nameless]);
  });
  await bench.pass(30_000);
  assert.deepEqual(bench.link.foreignOrders, {
    orders: [foreign, nameless],
    count: 2,
  });
  assert.equal(bench.gateway.count("cancel"), 0);
  assert.deepEqual(bench.side.reports, [{ type: "drift", detail: null }]);
});

Deno.test("VenueDriver tells a difference of the position when it is seen twice, and when it is over", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  bench.side.reports.length = 0;
  bench.gateway.held = "0.5";
  bench.gateway.listener!({
    type: "position",
    position: {
      symbol: "BTC/USDT",
      quantity: "0.5",
      entryPrice: null,
      liquidationPrice: null,
      leverage: null,
    },
  });
  await bench.pass(3_000);
  assert.deepEqual(bench.side.types(), [], "seen once");
  await bench.pass(10_000);
  assert.deepEqual(bench.side.types(), ["drift"]);
  bench.gateway.held = "0";
  await bench.pass(60_000);
  const [first, last] = bench.side.reports;
  assert.ok(first?.type === "drift" && first.detail?.includes("0.5"));
  assert.ok(last?.type === "drift" && last.detail === null);
});

Deno.test("VenueDriver takes less than the books hold of spot for a difference, more not", async () => {
  for (
    const [held, inBooks, isDrift] of [["3", "1", false], ["0", "1", true]]
  ) {
    const bench = new DriverBench().start(({ gateway, side }) => {
      gateway.profile = { ...PROFILE, market: "spot" };
      gateway.held = held as string;
      side.position = inBooks as string;
    });
    // deno-lint-ignore no-await-in-loop -- one bench at a time
    await bench.pass(20_000);
    const told = bench.side.reports.some((report) =>
      report.type === "drift" && report.detail !== null
    );
    assert.equal(told, isDrift);
  }
});

Deno.test("VenueDriver blocks entries after a gap of the stream until all was read again", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  assert.equal(bench.block, null);
  bench.gateway.listener!({ type: "disconnected", detail: "1006" });
  assert.equal(bench.block, "RECONCILING");
  await bench.pass(30_000);
  assert.equal(bench.block, "RECONCILING", "still cut");
  const reads = bench.gateway.count("openOrders");
  bench.gateway.listener!({ type: "connected" });
  await bench.pass(3_000);
  assert.ok(bench.gateway.count("openOrders") > reads);
  assert.equal(bench.block, null);
});

Deno.test("VenueDriver asks for an order that a list does not show before it says anything of it", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  bench.side.reports.length = 0;
  bench.side.working = [working({ phase: "open", venueOrderId: "v1" })];
  bench.gateway.onOrder = () =>
    Promise.resolve(venueOrder({ status: "filled", filled: "1" }));
  await bench.pass(10_000);
  const [report] = bench.side.reports;
  assert.ok(report?.type === "order" && report.order.status === "filled");
});

Deno.test("VenueDriver closes a position that is not protected in time", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  bench.side.protects = false;
  await bench.pass(2_900);
  assert.equal(bench.side.abandoned.length, 0);
  await bench.pass(1_500);
  assert.equal(bench.side.abandoned.length, 1);
  bench.side.protects = true;
  await bench.pass(10_000);
  assert.equal(bench.side.abandoned.length, 1);
});

Deno.test("VenueDriver takes no entries while the clock is off or has jumped", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  bench.gateway.errorMs = 501;
  assert.equal(bench.block, "CLOCK_UNSYNCED");
  bench.gateway.errorMs = -500;
  assert.equal(bench.block, null);
  bench.clock.jumpWall(-5_000);
  assert.equal(bench.block, "CLOCK_UNSYNCED");
  await bench.clock.settle();
  assert.equal(bench.syncs, 1);
  assert.equal(bench.block, null);
});

Deno.test("VenueDriver takes no entries on stale prices", async () => {
  const bench = new DriverBench().start();
  await bench.pass(10_000);
  assert.equal(bench.block, null);
  await bench.clock.advance(5_001);
  assert.equal(bench.block, "MARKET_DATA_STALE");
  bench.quote();
  assert.equal(bench.block, null);
  bench.link.feedIsStale("The exchange is silent");
  assert.equal(bench.block, "MARKET_DATA_STALE");
});

Deno.test("VenueDriver stops at a venue that refuses the key, and tells a person once", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  bench.gateway.onOpenOrders = () =>
    Promise.reject(new VenueError("auth", "Invalid key"));
  await bench.pass(10_000);
  const calls = bench.gateway.calls.length;
  await bench.pass(60_000);
  assert.equal(bench.gateway.calls.length, calls);
  assert.equal(bench.block, "VENUE_UNAVAILABLE");
  assert.deepEqual(bench.alerts.map(({ code }) => code), ["VENUE_AUTH"]);
});

Deno.test("VenueDriver keeps the silence that a venue asks for and opens its breaker when nothing comes back", async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  bench.gateway.onOpenOrders = () =>
    Promise.reject(
      new VenueError("rate_limited", "429", { retryAfterMs: 7_000 }),
    );
  await bench.pass(8_000);
  assert.equal(bench.silences[0], 7_000);
  bench.gateway.onOpenOrders = () =>
    Promise.reject(new VenueError("unknown", "504"));
  await bench.pass(30_000);
  assert.equal(bench.block, "VENUE_UNAVAILABLE");
  bench.gateway.onOpenOrders = () => Promise.resolve([]);
  await bench.pass(60_000);
  assert.equal(bench.block, null);
});

Deno.test("VenueDriver lets one agent alone trade a market with a key", async () => {
  const bench = new DriverBench().start();
  await bench.pass(1_000);
  assert.throws(
    () => bench.register("agt_2"),
    (error) =>
      error instanceof AppError && error.code === "ACCOUNT_SYMBOL_TAKEN",
  );
  bench.driver.release(bench.link);
  assert.doesNotThrow(() => bench.register("agt_2"));
});

Deno.test("VenueDriver keeps the venue's switch on while an entry rests and nothing is held", async () => {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.profile = { ...PROFILE, hasCancelAfter: true };
    gateway.onOrder = () => Promise.resolve(venueOrder());
  });
  await bench.pass(3_000);
  bench.side.working = [working({ phase: "open" })];
  await bench.pass(32_000);
  assert.ok(bench.gateway.count("cancelAfter 60000") >= 2);
  bench.side.position = "1";
  bench.gateway.held = "1";
  await bench.pass(40_000);
  assert.equal(bench.gateway.count("cancelAfter 0"), 1);
});

Deno.test("VenueDriver sums what accounts of a key may hold, and knows nothing without a price", async () => {
  const bench = new DriverBench().start();
  bench.side.working = [working({ filled: "0.25" })];
  bench.side.position = "-2";
  assert.equal(bench.link.ports.shared().grossNotional, null);
  bench.gateway.onOrder = () => Promise.resolve(venueOrder());
  await bench.pass(3_000);
  const shared = bench.link.ports.shared();
  assert.equal(shared.grossNotional, "275");
  assert.equal(shared.freeBalance, "900");
});

for (const market of ["spot", "swap"] as const) {
  Deno.test(`VenueDriver lets no exit out before orders and trades were read (${market})`, async () => {
    const exit = working({ phase: "queued" });
    const bench = new DriverBench().start(({ gateway, side }) => {
      gateway.profile = { ...PROFILE, market };
      gateway.onOpenOrders = () =>
        Promise.reject(new VenueError("unknown", "no answer"));
      side.working = [{ ...exit, order: { ...exit.order, role: "close" } }];
    });
    assert.equal(bench.link.ports.tryReserve("exit"), false);
    bench.link.ports.send({
      type: "queue",
      orderId: exit.order.orderId,
      lane: "exit",
    });
    await bench.pass(4_000);
    assert.deepEqual(bench.side.released, []);
    await bench.pass(4_000);
    // An exit of a perpetual can only reduce; on spot it could sell twice.
    assert.equal(bench.side.released.length, market === "spot" ? 0 : 1);
    bench.gateway.onOpenOrders = () => Promise.resolve([]);
    await bench.pass(60_000);
    assert.equal(bench.side.released.length, 1);
    assert.equal(bench.link.ports.tryReserve("exit"), true);
  });
}
