/** Trades of one order, and what is read over a longer time: at venues that refuse or cut what is asked otherwise. */
import assert from "node:assert/strict";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { SPOT_ANSWERS } from "./binance_answers.ts";
import { bybit, BYBIT_ANSWERS } from "./other_answers.ts";
import { paramsOf, type SeenRequest } from "./venue_server.ts";
import { openWire, type Wire } from "./wire.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SYMBOL = "BTC/USDT";
const MY_TRADES = "GET /api/v3/myTrades";

/** Binance's spot exchange with so many trades of order 7, one each second from a moment on. */
function binance(count: number, firstAt: number): Promise<Wire> {
  const held = Array.from({ length: count }, (_, index) => ({
    symbol: "BTCUSDT",
    id: 100 + index,
    orderId: 7,
    price: "25000",
    qty: "0.01",
    commission: "0.1",
    commissionAsset: "USDT",
    time: firstAt + 1_000 * index,
    isBuyer: true,
    isMaker: false,
  }));
  const myTrades = ({ query }: SeenRequest) => {
    const { endTime, fromId = 0, limit, orderId, startTime } = paramsOf(query);
    const hasTimes = startTime !== undefined || endTime !== undefined;
    if (orderId !== undefined && hasTimes) {
      const msg = "Combination of optional parameters invalid.";
      return Response.json({ code: -1128, msg }, { status: 400 });
    }
    return held.filter(({ id, time }) =>
      id >= Number(fromId) && time >= Number(startTime ?? 0) &&
      time <= Number(endTime ?? Infinity)
    ).slice(0, Number(limit));
  };
  return openWire({ exchange: "binance", market: "spot" }, {
    ...SPOT_ANSWERS,
    [MY_TRADES]: myTrades,
  });
}

Deno.test("trades() asks Binance's spot exchange for one order without times, page by page, and leaves out older ones", async () => {
  const firstAt = Date.now() - 40 * DAY_MS;
  await using wire = await binance(1_200, firstAt);
  const sinceAt = firstAt + 3_000;
  const venueOrderId = "7";
  let pages = 0;
  const said = await wire.said(async () => {
    const trades = await wire.gateway.trades({
      symbol: SYMBOL,
      sinceAt,
      venueOrderId,
      nextPage: () => Promise.resolve(void pages++),
    });
    assert.equal(trades.length, 1_197);
    assert.equal(trades[0]!.at, sinceAt);
  });
  const asked = { symbol: "BTCUSDT", orderId: "7", limit: "500" };
  const all = { recvWindow: "3000" };
  assert.deepEqual(said, [
    [MY_TRADES, { ...asked, ...all }],
    [MY_TRADES, { ...asked, ...all, fromId: "600" }],
    [MY_TRADES, { ...asked, ...all, fromId: "1100" }],
  ]);
  assert.equal(pages, 2);
});

Deno.test("trades() asks for no further page once nobody waits for the answer", async () => {
  await using wire = await binance(1, Date.now() - HOUR_MS);
  let pages = 0;
  const asked = await wire.said(() =>
    assert.rejects(
      wire.gateway.trades({
        symbol: SYMBOL,
        sinceAt: 0,
        nextPage: () =>
          ++pages < 3
            ? Promise.resolve()
            : Promise.reject(new VenueError("unknown", "Given up")),
      }),
      /Given up/,
    )
  );
  assert.equal(asked.length, 3);
});

Deno.test("funding() at Bybit reads all of a longer time, which it tells in parts", async () => {
  const nowAt = Date.now();
  // Every hour for twenty days, which is more than an answer holds.
  const held = Array.from({ length: 20 * 24 }, (_, index) => ({
    symbol: "BTCUSDT",
    execId: `f${index}`,
    execFee: "0.12",
    execType: "Funding",
    execTime: String(nowAt - (index + 1) * HOUR_MS),
    feeRate: "0.0001",
  }));
  await using wire = await openWire({ exchange: "bybit", market: "swap" }, {
    ...BYBIT_ANSWERS,
    "GET /v5/execution/list": ({ query }) => {
      const { endTime, startTime } = paramsOf(query);
      const from = Number(startTime);
      const until = Math.min(Number(endTime ?? Infinity), from + 7 * DAY_MS);
      const list = held.filter(({ execTime }) =>
        Number(execTime) >= from && Number(execTime) <= until
      ).slice(0, 50);
      return bybit({ category: "linear", nextPageCursor: "", list });
    },
  });
  const sinceAt = nowAt - 15 * DAY_MS;
  let pages = 0;
  const funding = await wire.gateway.funding({
    symbol: SYMBOL,
    sinceAt,
    nextPage: () => Promise.resolve(void pages++),
  });
  assert.deepEqual(
    funding.map(({ fundingId }) => fundingId),
    held.slice(0, 15 * 24).map(({ execId }) => execId).reverse(),
  );
  assert.equal(pages, 7);
});
