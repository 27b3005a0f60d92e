import assert from "node:assert/strict";
import { DirectClient, sign } from "./direct_client.ts";
import { RestServer } from "./rest/server.ts";
import { TEST_CREDENTIALS } from "./state.ts";

Deno.test("RestServer refuses wrong keys, wrong signatures and times out of the window", async () => {
  const it = new DirectClient();
  const now = it.clock.now();
  const rest = new RestServer(it.venue);
  const ask = async (query: string, apiKey: string | null) => {
    const outcome = await rest.respond({
      method: "GET",
      path: "/api/v3/account",
      query,
      body: "",
      apiKey,
      address: "127.0.0.1",
    });
    assert.ok(typeof outcome !== "string");
    return [outcome.status, JSON.parse(outcome.body).code];
  };
  const { apiKey } = TEST_CREDENTIALS;
  const at = (timestamp: number, more = {}) => sign({ timestamp, ...more });
  assert.deepEqual(await ask(at(now), null), [401, -2014]);
  assert.deepEqual(await ask(at(now), "another"), [401, -2015]);
  assert.deepEqual(await ask(sign({ timestamp: now }, "wrong"), apiKey), [
    400,
    -1022,
  ]);
  assert.deepEqual(await ask(sign({}), apiKey), [400, -1102]);
  assert.deepEqual(await ask(at(now - 5_001), apiKey), [400, -1021]);
  assert.deepEqual(await ask(at(now + 1_001), apiKey), [400, -1021]);
  assert.deepEqual(
    await ask(at(now - 9_000, { recvWindow: 10_000 }), apiKey),
    [200, undefined],
  );
  assert.deepEqual(await ask(at(now), apiKey), [200, undefined]);
});

Deno.test("slow_before checks the time again before the order is taken", async () => {
  const it = new DirectClient();
  it.venue.faults.add({ on: "create", fault: "slow_before", ms: 6_000 });
  const answer = it.send("POST /api/v3/order", {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "MARKET",
    quantity: "0.1",
  });
  it.clock.advance(6_000);
  assert.equal((await answer).body.code, -1021);
  assert.deepEqual(it.venue.engines.spot.orders.all(), []);
});

Deno.test("RateLimits counts weight per address, asks for silence and remembers who does not keep it", async () => {
  const it = new DirectClient({
    rateRules: { spot: { weightPerMinute: 60 } },
  });
  const ask = () => it.send("GET /api/v3/account");
  const first = await ask();
  assert.equal(first.headers["X-MBX-USED-WEIGHT-1M"], "20");
  await ask();
  await ask();
  const denied = await ask();
  assert.equal(denied.status, 429);
  const seconds = Number(denied.headers["Retry-After"]);
  assert.ok(seconds > 0 && seconds <= 60);
  assert.deepEqual(it.venue.rates.spot.violations, []);
  for (let index = 0; index < 9; index++) {
    assert.equal((await ask()).status, 429);
  }
  assert.equal((await ask()).status, 418, "patience ends");
  assert.equal(it.venue.rates.spot.violations.length, 10);
  assert.equal(
    (await it.send("GET /fapi/v2/balance")).status,
    200,
    "each half counts for itself",
  );
  it.clock.advance(120_000);
  assert.equal((await ask()).status, 200);
});

Deno.test("RateLimits counts orders", async () => {
  const it = new DirectClient({
    rateRules: { spot: { ordersPerTenSeconds: 2 } },
  });
  const send = () =>
    it.send("POST /api/v3/order", {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "MARKET",
      quantity: "0.01",
    });
  await send();
  assert.equal((await send()).headers["X-MBX-ORDER-COUNT-10S"], "2");
  assert.equal((await send()).status, 429);
});

Deno.test("RateLimits charges more for all symbols than for one", async () => {
  const it = new DirectClient();
  const used = async (params: Record<string, string>) => {
    const before = it.venue.rates.spot.headers("127.0.0.1");
    const { headers } = await it.send("GET /api/v3/openOrders", params);
    const name = "X-MBX-USED-WEIGHT-1M";
    return Number(headers[name]) - Number(before[name]);
  };
  assert.equal(await used({ symbol: "BTCUSDT" }), 6);
  assert.equal(await used({}), 80);
});
