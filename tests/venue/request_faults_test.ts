import assert from "node:assert/strict";
import { DirectClient, sign } from "./direct_client.ts";
import { movePrice } from "./engine/market_moves.ts";
import {
  type Fault,
  ORDER_FAULTS,
  REQUEST_FAULTS,
  type RequestFault,
  STREAM_FAULTS,
} from "./faults/kinds.ts";
import { weather } from "./faults/weather.ts";
import { withVenue } from "./harness.ts";
import { TEST_CREDENTIALS } from "./state.ts";
import type { FakeVenue } from "./venue.ts";

const ORDER = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.1",
  price: "30000",
  newClientOrderId: "mine",
};

/** What the client sees of each fault. */
const SEEN: Readonly<Record<RequestFault, RegExp>> = {
  silent_before: /^timed out$/,
  silent_after: /^timed out$/,
  bad_gateway_before: /^502 <html>/,
  bad_gateway_after: /^502 <html>/,
  reset_before: /^TypeError/,
  reset_after: /^TypeError/,
  garbage_after: /^200 <!doctype/,
  half_json_after: /^200 \{"symbol"[^}]*$/,
  unexpected_before: /^500 .*-1006/,
  unexpected_after: /^500 .*-1006/,
  backend_timeout_before: /^408 .*-1007/,
  backend_timeout_after: /^408 .*-1007/,
  disconnected_before: /^500 .*-1001/,
  disconnected_after: /^500 .*-1001/,
  clock_before: /^400 .*-1021/,
  rate_limit_before: /^429 .*-1003/,
  ban_before: /^418 .*-1003/,
  maintenance_before: /^503 .*"code":-1,/,
  slow_before: /^200 /,
  slow_after: /^200 /,
};

Deno.test("FaultPlan bends a request as it says, and whether it was done is what its name says", async () => {
  for (const fault of Object.keys(REQUEST_FAULTS) as RequestFault[]) {
    await withVenue({}, async (venue) => {
      venue.state.faults.add({ on: "create", fault, ms: 5 });
      const seen = await place(venue);
      assert.match(seen, SEEN[fault], fault);
      const isDone = fault.endsWith("_after") || fault === "slow_before";
      const orders = venue.state.engines.spot.orders.all();
      assert.equal(orders.length, isDone ? 1 : 0, fault);
      const [line, ...others] = venue.state.faults.log();
      assert.deepEqual([line!.fault, line!.on, line!.detail, others.length], [
        fault,
        "create",
        "mine",
        0,
      ]);
    });
  }
});

async function place(venue: FakeVenue): Promise<string> {
  const abort = new AbortController();
  venue.rest.onSilence(() => abort.abort());
  try {
    const response = await fetch(`${venue.url}/api/v3/order`, {
      method: "POST",
      body: sign({ timestamp: Date.now(), ...ORDER }),
      headers: { "X-MBX-APIKEY": TEST_CREDENTIALS.apiKey },
      signal: abort.signal,
    });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return abort.signal.aborted ? "timed out" : String(error);
  }
}

Deno.test("late_fill and partial_fill accept an order and fill the rest later", async () => {
  const it = new DirectClient();
  movePrice(it.venue, "BTCUSDT", "20000");
  it.venue.faults.add({ on: "create", fault: "late_fill", ms: 500 });
  it.venue.faults.add({
    on: "create",
    fault: "partial_fill",
    share: 0.3,
    ms: 500,
  });
  const late = await it.send("POST /api/v3/order", ORDER);
  assert.equal(late.body.status, "NEW");
  const partial = await it.send("POST /api/v3/order", {
    ...ORDER,
    newClientOrderId: "second",
  });
  assert.equal(partial.body.executedQty, "0.03000000");
  it.clock.advance(500);
  const orders = it.venue.engines.spot.orders.all();
  assert.deepEqual(orders.map(({ status }) => status), ["FILLED", "FILLED"]);
  assert.equal(orders[1]!.trades.length, 2);
});

Deno.test("hidden keeps an order and its trades from queries for a while, not from its owner's events", async () => {
  const it = new DirectClient();
  movePrice(it.venue, "BTCUSDT", "20000");
  it.venue.faults.add({ on: "create", fault: "hidden", ms: 3_000 });
  const told: string[] = [];
  it.venue.listen((event) => {
    if (event.type === "order") told.push(event.execution);
  });
  await it.send("POST /api/v3/order", ORDER);
  const ref = { symbol: "BTCUSDT", origClientOrderId: "mine" };
  const find = () => it.send("GET /api/v3/order", ref);
  const trades = () => it.send("GET /api/v3/myTrades", { symbol: "BTCUSDT" });
  assert.equal((await find()).body.code, -2013);
  assert.deepEqual((await trades()).body, []);
  it.clock.advance(3_000);
  assert.equal((await find()).body.status, "FILLED");
  assert.equal((await trades()).body.length, 1);
  assert.deepEqual(told, ["NEW", "TRADE"]);
});

Deno.test("a lost answer can go with an order that is not found for a while", async () => {
  const it = new DirectClient();
  it.venue.faults.add({
    on: "create",
    fault: "silent_after",
    hiddenMs: 3_000,
  });
  assert.equal((await it.send("POST /api/v3/order", ORDER)).body, "silent");
  const find = () =>
    it.send("GET /api/v3/order", {
      symbol: "BTCUSDT",
      origClientOrderId: "mine",
    });
  const open = () => it.send("GET /api/v3/openOrders", { symbol: "BTCUSDT" });
  assert.equal((await find()).body.code, -2013);
  assert.deepEqual((await open()).body, []);
  it.clock.advance(3_000);
  assert.equal((await find()).body.status, "NEW");
  assert.equal((await open()).body.length, 1);
});

Deno.test("fill_before_cancel lets the fill win the race", async () => {
  const it = new DirectClient();
  movePrice(it.venue, "BTCUSDT", "40000");
  await it.send("POST /api/v3/order", ORDER);
  it.venue.faults.add({ on: "cancel", fault: "fill_before_cancel" });
  const { body } = await it.send("DELETE /api/v3/order", {
    symbol: "BTCUSDT",
    origClientOrderId: "mine",
  });
  assert.equal(body.code, -2011);
  const [order] = it.venue.engines.spot.orders.all();
  assert.equal(order!.status, "FILLED");
  assert.equal(order!.trades[0]!.price, 3_000_000_000_000n);
  assert.equal(
    it.venue.engines.spot.market("BTCUSDT").last,
    4_000_000_000_000n,
  );
});

Deno.test("FaultPlan strikes the same requests from the same seed", async () => {
  const strikes = async (seed: number) => {
    const it = new DirectClient({ seed });
    it.venue.faults.add({
      on: "any",
      fault: "bad_gateway_before",
      chance: 0.3,
    });
    const statuses: number[] = [];
    for (let index = 0; index < 30; index++) {
      const { status } = await it.send("GET /api/v3/account").catch(() => ({
        status: 502,
      }));
      statuses.push(status);
    }
    return statuses.join(" ");
  };
  const first = await strikes(7);
  assert.match(first, /502/);
  assert.match(first, /200/);
  assert.equal(await strikes(7), first);
  assert.notEqual(await strikes(8), first);
});

Deno.test("maintenance closes everything but the system status", async () => {
  const it = new DirectClient();
  it.venue.faults.isInMaintenance = true;
  assert.equal((await it.send("GET /api/v3/account")).status, 503);
  const status = await it.send("GET /sapi/v1/system/status");
  assert.equal(status.body.status, 1);
  it.venue.faults.clear();
  assert.equal((await it.send("GET /api/v3/account")).status, 200);
});

Deno.test("weather has every fault in it, and a venue in it keeps one order for each that it took", async () => {
  const named = new Set(weather(1).map(({ fault }) => fault));
  const all = { ...REQUEST_FAULTS, ...ORDER_FAULTS, ...STREAM_FAULTS };
  assert.deepEqual(
    Object.keys(all).filter((fault) => !named.has(fault as Fault)),
    [],
  );
  const it = new DirectClient({ seed: 5 });
  movePrice(it.venue, "BTCUSDT", "40000");
  for (const rule of weather(2)) it.venue.faults.add(rule);
  for (let index = 0; index < 200; index++) {
    const sent = it.send("POST /api/v3/order", {
      ...ORDER,
      quantity: "0.001",
      price: "40100",
      newClientOrderId: `o${index}`,
    }).catch(() => null);
    it.clock.advance(15_000);
    await sent;
  }
  const struck = new Set(it.venue.faults.log().map(({ fault }) => fault));
  assert.ok(struck.size >= 12, [...struck].join(" "));
  const ids = it.venue.engines.spot.orders.all().map((order) =>
    order.clientOrderId
  );
  assert.equal(new Set(ids).size, ids.length);
  const done = it.venue.faults.log().filter(({ fault }) =>
    fault.endsWith("_after")
  ).map(({ detail }) => detail);
  assert.deepEqual(done.filter((id) => !ids.includes(id)), []);
});
