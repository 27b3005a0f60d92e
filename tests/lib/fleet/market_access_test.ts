import assert from "node:assert/strict";
import { serverPermissions } from "../../../lib/build/permissions.ts";
import { EnvError, parseEnv } from "../../../lib/core/env.ts";
import {
  accessOf,
  allHosts,
  hasLivePrices,
  originOf,
  readExchangeHosts,
} from "../../../lib/fleet/market_access.ts";

const env = (values: Record<string, string>) =>
  parseEnv((name) => values[name]);

const SPOT = { kind: "exchange", exchange: "binance", market: "spot" } as const;
const SWAP = { ...SPOT, market: "swap" } as const;

const ROOT = new URL("../../../", import.meta.url);

Deno.test("readExchangeHosts() names the hosts of one exchange and kind of market alone", async () => {
  const hosts = await readExchangeHosts(accessOf(env({})), ROOT);
  const spot = hosts.get("binance.spot")!;
  assert(spot.includes("api.binance.com"));
  assert(spot.every((host) => /(^|\.)binance\.com(:\d+)?$/.test(host)));
  assert(!spot.includes("fapi.binance.com"));
  assert(hosts.get("binance.swap")!.includes("fapi.binance.com"));
  assert(hosts.get("kraken.swap")!.includes("futures.kraken.com"));
  const other = await readExchangeHosts(
    accessOf(env({ EXCHANGES: "bitstamp" })),
    ROOT,
  );
  assert(allHosts(other).includes("ws.bitstamp.net"));
  await assert.rejects(
    readExchangeHosts(accessOf(env({ EXCHANGES: "bitstump" })), ROOT),
    /no exchange "bitstump".*bitstamp/,
  );
});

Deno.test("serverPermissions() reach no exchange when EXCHANGES is none", async () => {
  const none = env({ EXCHANGES: "none" });
  const flags = serverPermissions({
    env: none,
    root: new URL("file:///project/"),
    exchangeHosts: allHosts(await readExchangeHosts(accessOf(none), ROOT)),
  });
  assert(flags.includes("--allow-net=127.0.0.1:3001"));
});

Deno.test("EXCHANGE_ENDPOINTS take an exchange's place, by market before by exchange, and are no live prices", async () => {
  const access = accessOf(env({
    EXCHANGE_ENDPOINTS:
      "binance=http://127.0.0.1:4001, binance.swap=http://localhost:4002",
  }));
  assert.equal(originOf(access, SPOT), "http://127.0.0.1:4001");
  assert.equal(originOf(access, SWAP), "http://localhost:4002");
  const hosts = await readExchangeHosts({ ...access, exchanges: [] }, ROOT);
  assert.deepEqual(allHosts(hosts), ["127.0.0.1:4001", "localhost:4002"]);
  assert.deepEqual(hosts.get("binance.swap"), ["localhost:4002"]);
  assert.equal(hasLivePrices(access, SPOT), false);
  assert.equal(hasLivePrices(accessOf(env({})), SPOT), true);
  assert.equal(hasLivePrices(access, { kind: "simulated" }), false);
});

for (
  const text of [
    "binance=http://10.0.0.1:80",
    "binance=https://api.binance.com",
    "binance=http://127.0.0.1.example.com",
    "binance=ftp://127.0.0.1",
    "binance",
    "binance.future=http://127.0.0.1:1",
    "BINANCE=http://127.0.0.1:1",
  ]
) {
  Deno.test(`parseEnv() refuses EXCHANGE_ENDPOINTS=${text}`, () => {
    assert.throws(
      () => env({ EXCHANGE_ENDPOINTS: text }),
      (error) =>
        error instanceof EnvError &&
        /EXCHANGE_ENDPOINTS must be .* on this machine/.test(error.message),
    );
  });
}
