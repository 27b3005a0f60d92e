import assert from "node:assert/strict";
import * as esbuild from "esbuild";
import { NO_PERMISSIONS } from "../../../../actors/mod.ts";
import {
  exchangeHosts,
  exchangePermissions,
} from "../../../../lib/exchange/ccxt/permissions.ts";
import { loadExchange } from "../../../../lib/exchange/ccxt/library.ts";
import { dialectOf } from "../../../../lib/exchange/ccxt/profiles.ts";
import {
  MARKET_KINDS,
  PROFILED_EXCHANGES,
} from "../../../../lib/contracts/venue.ts";
import { SWAP_ANSWERS } from "./binance_answers.ts";
import { startVenueServer } from "./venue_server.ts";

const ROOT = new URL("../../../../", import.meta.url);
const FOLDER = new URL(".build/tests/", ROOT);

Deno.test("exchangePermissions() is all that a bundled worker needs to trade", async () => {
  await using server = startVenueServer(SWAP_ANSWERS);
  const bundle = new URL("ccxt_worker.js", FOLDER);
  await esbuild.build({
    entryPoints: [
      new URL("ccxt_worker.ts", import.meta.url).pathname,
    ],
    outfile: bundle.pathname,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["deno", "worker", "import"],
    external: ["node:*"],
    target: "esnext",
    logLevel: "warning",
  });
  await esbuild.stop();
  const venue = { exchange: "binance", market: "swap" } as const;
  const { env, net } = await exchangePermissions(venue, {
    root: ROOT,
    endpoint: server.url,
  });
  const worker = new Worker(bundle, {
    type: "module",
    deno: { permissions: { ...NO_PERMISSIONS, env, net } },
  });
  const answer = Promise.withResolvers<unknown>();
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    answer.reject(new Error(event.message));
  });
  worker.addEventListener("message", ({ data }) => answer.resolve(data));
  worker.postMessage(server.url);
  try {
    assert.equal(await answer.promise, "accepted");
  } finally {
    worker.terminate();
  }
  assert.equal(server.at("POST /fapi/v1/order").length, 1);
});

Deno.test("exchangeHosts() names hosts that the library has for the profiled exchanges", async () => {
  for (const exchange of PROFILED_EXCHANGES) {
    for (const market of MARKET_KINDS) {
      const venue = { exchange, market };
      // deno-lint-ignore no-await-in-loop -- each is loaded once
      const Exchange = await loadExchange(dialectOf(venue).moduleId);
      const { hostname, urls } = new Exchange({});
      const known = JSON.stringify(urls.api)
        .replaceAll("{hostname}", hostname ?? "");
      // deno-lint-ignore no-await-in-loop -- one after the other
      for (const host of await exchangeHosts(venue, ROOT)) {
        assert.ok(
          known.includes(`://${host}`),
          `${exchange}.${market}: ${host} is not in ${known}`,
        );
      }
    }
  }
});

Deno.test("exchangeHosts() reads the hosts of any other exchange from the library's files", async () => {
  const hosts = (exchange: string) =>
    exchangeHosts({ exchange, market: "spot" }, ROOT);
  assert.ok((await hosts("bitget")).includes("api.bitget.com"));
  assert.ok((await hosts("bitget")).includes("ws.bitget.com"));
  // One that has its addresses from its parent.
  assert.ok((await hosts("kucoinfutures")).length > 0);
  await assert.rejects(hosts("../secrets"), { code: "EXCHANGE_UNKNOWN" });
});
