import assert from "node:assert/strict";
import {
  checkEndpoint,
  withOrigin,
} from "../../../../lib/exchange/ccxt/endpoint.ts";
import {
  REST_ONLY_IDS,
  STREAMING_IDS,
} from "../../../../lib/exchange/ccxt/exchange_ids.ts";
import { loadExchange } from "../../../../lib/exchange/ccxt/library.ts";
import {
  dialectOf,
  profileOf,
} from "../../../../lib/exchange/ccxt/profiles.ts";

const SOURCES = new URL(
  "../../../../node_modules/ccxt/js/ccxt.js",
  import.meta.url,
);

/** Ids in one of the lists of the library's own index. */
function idsIn(text: string, list: string): string[] {
  const block = new RegExp(`const ${list} = \\{(.*?)\\};`, "s").exec(text)![1]!;
  return [...block.matchAll(/'([a-z0-9_]+)':/g)].map(([, id]) => id!);
}

Deno.test("ids of exchanges are those of the installed library", async () => {
  const text = await Deno.readTextFile(SOURCES);
  const streaming = idsIn(text, "pro");
  assert.deepEqual([...STREAMING_IDS].sort(), streaming.sort());
  assert.deepEqual(
    [...REST_ONLY_IDS].sort(),
    idsIn(text, "exchanges").filter((id) => !streaming.includes(id)).sort(),
  );
});

Deno.test("loadExchange() loads what it knows by id and never a path", async () => {
  const Exchange = await loadExchange("coinbase");
  assert.equal(new Exchange({}).id, "coinbase");
  const RestOnly = await loadExchange(REST_ONLY_IDS[0]!);
  assert.equal(new RestOnly({}).id, REST_ONLY_IDS[0]);
  for (const id of ["../binance", "binance.js", "base/Exchange", "", "x"]) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await assert.rejects(loadExchange(id), { code: "EXCHANGE_UNKNOWN" });
    assert.throws(() => dialectOf({ exchange: id, market: "spot" }), {
      code: "EXCHANGE_UNKNOWN",
    });
  }
  await assert.rejects(loadExchange("binanse"), /Did you mean "binance"/);
});

Deno.test("profileOf() promises nothing of an exchange without a profile", () => {
  const profile = profileOf({ exchange: "bitget", market: "swap" });
  assert.equal(profile.absenceProofMs, null);
  assert.equal(profile.hasStopOrders, false);
  assert.equal(profile.hasCancelAfter, false);
  assert.equal(profile.isSimulated, false);
  const { absenceProofMs, clientOrderIdMax } = profileOf({
    exchange: "kraken",
    market: "spot",
  });
  assert.equal(clientOrderIdMax, 18);
  assert.ok(absenceProofMs !== null && absenceProofMs > 5_000);
});

Deno.test("checkEndpoint() takes addresses of this machine and no other", () => {
  assert.equal(
    checkEndpoint("http://127.0.0.1:8080/x"),
    "http://127.0.0.1:8080",
  );
  assert.equal(checkEndpoint("http://[::1]:1"), "http://[::1]:1");
  assert.equal(checkEndpoint("http://localhost:9"), "http://localhost:9");
  for (
    const text of [
      "https://api.binance.com",
      "http://127.0.0.1.example.com",
      "http://example.com#127.0.0.1",
      "http://10.0.0.1",
      "http://localhost.example.com",
      "ws://127.0.0.1",
      "file:///etc/passwd",
      "",
    ]
  ) {
    assert.throws(
      () => checkEndpoint(text),
      { code: "ENDPOINT_REFUSED" },
      text,
    );
  }
});

Deno.test("withOrigin() moves every address and keeps its path", () => {
  assert.deepEqual(
    withOrigin({
      rest: "https://api.{hostname}/v5",
      ws: { spot: "wss://stream.binance.com:9443/ws" },
      count: 3,
    }, "http://127.0.0.1:80"),
    {
      rest: "http://127.0.0.1:80/v5",
      ws: { spot: "ws://127.0.0.1:80/ws" },
      count: 3,
    },
  );
});
