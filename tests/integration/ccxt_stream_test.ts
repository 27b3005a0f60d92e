import assert from "node:assert/strict";
import { createSimulatedClock } from "../../actors/mod.ts";
import type {
  VenueGateway,
  VenueNews,
} from "../../lib/exchange/gateway/port.ts";
import { movePrice } from "../venue/engine/market_moves.ts";
import { MARKET, order, SYMBOL, withGateway } from "./ccxt_gateway_setup.ts";

/** Listens to the account's news, and waits for some of it. */
function listen(gateway: VenueGateway, symbol = SYMBOL) {
  const news: VenueNews[] = [];
  let told = Promise.withResolvers<void>();
  const stream = gateway.watch([symbol], (one) => {
    news.push(one);
    told.resolve();
    told = Promise.withResolvers<void>();
  });
  const until = async (isThere: (one: VenueNews) => boolean) => {
    while (!news.some(isThere)) {
      // deno-lint-ignore no-await-in-loop -- news comes one by one
      await told.promise;
    }
  };
  return { news, stream, until };
}

for (const market of ["spot", "swap"] as const) {
  Deno.test(`CcxtGateway hears of its own ${market} orders and trades, also after a cut`, async () => {
    await withGateway(market, async (gateway, venue) => {
      const { news, stream, until } = listen(gateway);
      await until(({ type }) => type === "connected");
      await gateway.create(order({ clientOrderId: "sfB1", ...MARKET }));
      await until((one) =>
        one.type === "trade" && one.trade.clientOrderId === "sfB1"
      );
      await until((one) =>
        one.type === "order" && one.order.clientOrderId === "sfB1" &&
        one.order.status === "filled"
      );
      news.length = 0;
      venue.streams.cut("user");
      await until(({ type }) => type === "disconnected");
      await until(({ type }) => type === "connected");
      await gateway.create(order({ clientOrderId: "sfB2" }));
      await until((one) =>
        one.type === "order" && one.order.clientOrderId === "sfB2"
      );
      stream.close();
    });
  });
}

Deno.test("CcxtGateway opens a stream anew that has been silent for too long", async () => {
  const clock = createSimulatedClock({ startMs: Date.now() });
  await withGateway("swap", async (gateway) => {
    const { news, stream, until } = listen(gateway);
    await until(({ type }) => type === "connected");
    news.length = 0;
    // So long nothing came of the quiet account.
    await clock.advance(10 * 60_000);
    await until(({ type }) => type === "disconnected");
    await clock.advance(1_000);
    await until(({ type }) => type === "connected");
    stream.close();
  }, { clock });
});

Deno.test("CcxtGateway.watch() tells each who listens to a key of its own market, over one stream", async () => {
  await withGateway("swap", async (gateway, venue) => {
    movePrice(venue.state, "ETHUSDT", "4000");
    const first = listen(gateway);
    await first.until(({ type }) => type === "connected");
    const second = listen(gateway, "ETH/USDT");
    await second.until(({ type }) => type === "connected");
    const eth = { symbol: "ETH/USDT", quantity: "0.1" };
    await gateway.create(order({ clientOrderId: "sfC1", ...MARKET }));
    await gateway.create(
      order({ clientOrderId: "sfC2", ...MARKET, ...eth }),
    );
    const isTrade = ({ type }: VenueNews) => type === "trade";
    await Promise.all([first.until(isTrade), second.until(isTrade)]);
    const tradesOf = ({ news }: typeof first) =>
      news.flatMap((one) =>
        one.type === "trade" ? [one.trade.clientOrderId] : []
      );
    assert.deepEqual(tradesOf(first), ["sfC1"]);
    assert.deepEqual(tradesOf(second), ["sfC2"]);
    assert.equal(venue.streams.userConnections, 1);
    // One leaves; the other hears nothing of it.
    first.news.length = second.news.length = 0;
    first.stream.close();
    await gateway.create(
      order({ clientOrderId: "sfC3", ...MARKET, ...eth }),
    );
    await second.until(isTrade);
    assert.deepEqual(first.news, []);
    assert.ok(second.news.every(({ type }) => type !== "disconnected"));
    second.stream.close();
  });
});

Deno.test("CcxtGateway.watch() renewed breaks and begins for all who listen", async () => {
  await withGateway("swap", async (gateway) => {
    const [first, second] = [listen(gateway), listen(gateway, "ETH/USDT")];
    const all = async (type: VenueNews["type"]) => {
      const isIt = (one: VenueNews) => one.type === type;
      await Promise.all([first.until(isIt), second.until(isIt)]);
    };
    await all("connected");
    first.news.length = second.news.length = 0;
    second.stream.renew();
    await all("disconnected");
    await all("connected");
    const types = ({ news }: typeof first) => news.map(({ type }) => type);
    assert.deepEqual(types(first), ["disconnected", "connected"]);
    assert.deepEqual(types(second), ["disconnected", "connected"]);
    // What is told from then on is heard as before.
    await gateway.create(order({ clientOrderId: "sfD1", ...MARKET }));
    await first.until(({ type }) => type === "trade");
    first.stream.close();
    second.stream.close();
  });
});
