import assert from "node:assert/strict";
import { closeMinute, movePrice } from "./engine/market_moves.ts";
import { SYMBOL, withCcxt } from "./harness.ts";

for (const id of ["binance", "binanceusdm"] as const) {
  const symbol = SYMBOL[id];
  const kind = id === "binance" ? "spot" : "futures";

  Deno.test(`ccxt ${id} trades with the venue: create, find, cancel, trades, balance`, async () => {
    await withCcxt(id, async (exchange, venue) => {
      const create = (clientOrderId: string, price: number) =>
        exchange.createOrder(symbol, "limit", "buy", 0.01, price, {
          clientOrderId,
        });
      movePrice(venue.state, "BTCUSDT", "40000");
      const taken = await create("taken", 40_100);
      assert.equal(taken.status, "closed");
      assert.equal(taken.filled, 0.01);
      const resting = await create("resting", 39_000);
      assert.equal(resting.status, "open");
      const open = await exchange.fetchOpenOrders(symbol);
      assert.deepEqual(open.map((order) => order.clientOrderId), ["resting"]);
      const found = await exchange.fetchOrder("", symbol, {
        clientOrderId: "resting",
      });
      assert.equal(found.id, resting.id);
      const canceled = await exchange.cancelOrder(resting.id!, symbol);
      assert.equal(canceled.status, "canceled");
      await assert.rejects(
        () => exchange.cancelOrder(resting.id!, symbol),
        /-2011/,
      );
      const trades = await exchange.fetchMyTrades(symbol);
      assert.deepEqual(
        trades.map((trade) => [trade.order, trade.amount, trade.side]),
        [[taken.id, 0.01, "buy"]],
      );
      const balance = await exchange.fetchBalance();
      const { total } = balance as unknown as {
        total: Record<string, number>;
      };
      assert.ok(total["USDT"]! < 100_000);
      if (kind === "spot") assert.equal(total["BTC"], 0.009_99);
      assert.deepEqual(unserved(venue.rest.log), []);
    });
  });

  Deno.test(`ccxt ${id} hears of its own orders and trades`, async () => {
    await withCcxt(id, async (exchange, venue) => {
      const orders = exchange.watchOrders(symbol);
      const trades = exchange.watchMyTrades(symbol);
      await venue.streams.whenUserListens();
      await exchange.createOrder(symbol, "market", "buy", 0.01, undefined, {
        clientOrderId: "told",
      });
      const [order] = await orders;
      assert.equal(order!.clientOrderId, "told");
      const [trade] = await trades;
      assert.equal(trade!.order, order!.id);
      assert.equal(trade!.fee!.currency, kind === "spot" ? "BTC" : "USDT");
    });
  });

  Deno.test(`ccxt ${id} hears candles, best prices and the book`, async () => {
    await withCcxt(id, async (exchange, venue) => {
      const [forming] = await exchange.watchOHLCV(symbol, "1m");
      assert.equal(forming![5], 0);
      const next = exchange.watchOHLCV(symbol, "1m");
      closeMinute(venue.state, {
        symbol: "BTCUSDT",
        candle: { open: 100, high: 120, low: 90, close: 110, volume: 3 },
      });
      assert.deepEqual((await next).at(-1), [
        forming![0],
        100,
        120,
        90,
        110,
        3,
      ]);
      const quotes = await exchange.watchBidsAsks([symbol]);
      assert.ok(quotes[symbol]!.bid! < quotes[symbol]!.ask!);
      const ticker = await exchange.watchTicker(symbol);
      assert.equal(ticker.last, 110);
      const book = await exchange.watchOrderBook(symbol);
      assert.equal(book.bids[0]![0], quotes[symbol]!.bid);
      const moved = exchange.watchOrderBook(symbol);
      movePrice(venue.state, "BTCUSDT", "111");
      const [bid] = (await moved).bids;
      assert.equal(bid![0], kind === "spot" ? 110.99 : 110.9);
      assert.equal((await moved).bids.length, 1, "the old level is gone");
      const history = await exchange.fetchOHLCV(symbol, "1m", undefined, 2);
      assert.deepEqual(history.at(-1)!.slice(1), [100, 120, 90, 110, 3]);
    });
  });
}

Deno.test("ccxt binanceusdm keeps stops, positions, funding and the dead man's switch", async () => {
  await withCcxt("binanceusdm", async (exchange, venue) => {
    const symbol = SYMBOL.binanceusdm;
    movePrice(venue.state, "BTCUSDT", "40000");
    await exchange.setLeverage(5, symbol);
    await exchange.setMarginMode("isolated", symbol);
    await exchange.createOrder(symbol, "market", "sell", 0.01);
    await exchange.createOrder(symbol, "market", "buy", 0.01, undefined, {
      stopLossPrice: 41_000,
      reduceOnly: true,
      clientOrderId: "stop",
    });
    const stops = await exchange.fetchOpenOrders(symbol, undefined, undefined, {
      stop: true,
    });
    assert.deepEqual(
      stops.map((order) => [order.clientOrderId, order.triggerPrice]),
      [["stop", 41_000]],
    );
    const [position] = await exchange.fetchPositions([symbol]);
    assert.equal(position!.side, "short");
    assert.equal(position!.contracts, 0.01);
    assert.equal(position!.marginMode, "isolated");
    const orders = exchange.watchOrders(symbol);
    await venue.streams.whenUserListens();
    await exchange.fapiPrivatePostCountdownCancelAll({
      symbol: "BTCUSDT",
      countdownTime: 60_000,
    });
    movePrice(venue.state, "BTCUSDT", "41001");
    assert.equal((await orders).length > 0, true);
    const done = await exchange.fetchOrder("", symbol, {
      stop: true,
      clientOrderId: "stop",
    });
    assert.equal(done.status, "closed");
    assert.deepEqual(await exchange.fetchPositions([symbol]), []);
    assert.deepEqual(await exchange.fetchFundingHistory(symbol), []);
    assert.deepEqual(unserved(venue.rest.log), []);
  });
});

Deno.test("ccxt binance loads its markets with its own defaults", async () => {
  await withCcxt("binance", async (exchange, venue) => {
    assert.ok("BTC/USDT" in exchange.markets!);
    const rights = await exchange.sapiGetAccountApiRestrictions();
    assert.equal(rights["enableWithdrawals"], false);
    assert.equal((await exchange.fetchStatus()).status, "ok");
    assert.deepEqual(unserved(venue.rest.log), []);
  });
});

/** Requests that the venue does not know. */
function unserved(
  log: readonly { status: number | null; path: string }[],
): string[] {
  return log.filter(({ status }) => status === 404).map(({ path }) => path);
}
