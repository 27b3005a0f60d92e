import assert from "node:assert/strict";
import { AppError } from "../../../../lib/core/errors.ts";
import {
  checkBaseUrl,
  openVenue,
  type VenueOptions,
} from "../../../../lib/exchange/history/ccxt_venue.ts";
import { startFakeBinance } from "./fake_binance.ts";
import { market, waitless } from "./download_support.ts";

Deno.test("openVenue() says which exchange, market and timeframe there are", async () => {
  await using server = await startFakeBinance(market());
  const open = (options: Partial<VenueOptions>) =>
    openVenue({
      exchange: "binance",
      symbol: "BTC/USDT",
      timeframe: "1m",
      baseUrl: server.url,
      retry: waitless(),
      ...options,
    }).then(() => assert.fail("it was opened"), (error) => {
      assert(error instanceof AppError, String(error));
      return error.message;
    });
  assert.match(
    await open({ exchange: "binanse" }),
    /^There is no exchange "binanse"\. Did you mean "binance"\?/,
  );
  assert.match(
    await open({ symbol: "BTC/EUR" }),
    /^binance has no market BTC\/EUR\. Of BTC it has BTC\/USDT/,
  );
  assert.match(
    await open({ symbol: "btcusdt" }),
    /^binance has no market btcusdt\. Did you mean "BTC\/USDT"\?/,
  );
  assert.match(
    await open({ exchange: "coinbase", timeframe: "4h" }),
    /^coinbase gives no 4h candles; choose 1m, 5m, 15m, 30m, 1h, 1d/,
  );
  assert.match(
    await open({ exchange: "bitflyer" }),
    /^bitflyer gives no history of candles/,
  );
});

Deno.test("openVenue() asks a silent exchange a few times, then says so", async () => {
  await using server = await startFakeBinance(market());
  server.isDown = true;
  const retry = waitless();
  await assert.rejects(
    openVenue({
      exchange: "binance",
      symbol: "BTC/USDT",
      timeframe: "1m",
      baseUrl: server.url,
      retry,
    }),
    /binance does not answer: .*503/,
  );
  assert.equal(retry.pauses.length, 2);
});

Deno.test("openVenue() takes no list of markets that it cannot read for an empty one", async () => {
  await using server = await startFakeBinance(market());
  server.isUnreadable = true;
  const retry = waitless();
  const opening = openVenue({
    exchange: "binance",
    symbol: "BTC/USDT",
    timeframe: "1m",
    baseUrl: server.url,
    retry,
  });
  await assert.rejects(opening, /binance .*list of markets is empty or cannot/);
  assert.equal(retry.pauses.length, 2);
});

Deno.test("checkBaseUrl() takes https and loopback, and refuses clear text over a network", () => {
  assert.equal(checkBaseUrl("https://a.example/x"), "https://a.example");
  assert.equal(checkBaseUrl("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  assert.equal(checkBaseUrl("http://[::1]:1"), "http://[::1]:1");
  for (
    const text of [
      "http://10.0.0.1",
      "http://127.0.0.1.evil.example",
      "http://localhost.evil.example",
      "ftp://127.0.0.1",
      "file:///etc/passwd",
      "example.com",
      "",
    ]
  ) assert.throws(() => checkBaseUrl(text), /neither https nor a loopback/);
});
