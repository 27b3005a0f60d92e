import assert from "node:assert/strict";
import {
  type Clock,
  createSimulatedClock,
  systemClock,
} from "../../actors/mod.ts";
import type {
  MarketKind,
  VenueOrderRequest,
} from "../../lib/contracts/venue.ts";
import { createCcxtGateway } from "../../lib/exchange/ccxt/gateway.ts";
import type {
  VenueGateway,
  VenueNews,
} from "../../lib/exchange/gateway/port.ts";
import { movePrice } from "../venue/engine/market_moves.ts";
import type { RequestFault } from "../venue/faults/kinds.ts";
import { TEST_CREDENTIALS } from "../venue/state.ts";
import { type FakeVenue, startFakeVenue } from "../venue/venue.ts";

const SYMBOL = "BTC/USDT";

/** Longer than any answer on loopback takes, short enough to wait for one that never comes. */
const ANSWER_MS_MAX = 1_000;

function order(more: Partial<VenueOrderRequest> = {}): VenueOrderRequest {
  return {
    clientOrderId: "sfA1",
    symbol: SYMBOL,
    side: "buy",
    type: "limit",
    quantity: "0.01",
    price: "39000",
    triggerPrice: null,
    reduceOnly: false,
    postOnly: false,
    timeInForce: "GTC",
    ocoGroup: null,
    ...more,
  };
}

const MARKET = { type: "market", price: null } as const;

function refOf(clientOrderId: string, isStop = false) {
  return { symbol: SYMBOL, clientOrderId, venueOrderId: null, isStop };
}

/** Gives a gateway to a fresh venue at 40,000. */
async function withGateway(
  market: MarketKind,
  run: (gateway: VenueGateway, venue: FakeVenue) => Promise<void>,
  clock: Clock = systemClock,
): Promise<void> {
  const venue = startFakeVenue();
  try {
    movePrice(venue.state, "BTCUSDT", "40000");
    const gateway = await createCcxtGateway({
      venue: { exchange: "binance", market },
      credentials: { ...TEST_CREDENTIALS, passphrase: null },
      clock,
      random: () => 0.5,
      endpoint: venue.url,
      answerMsMax: ANSWER_MS_MAX,
    });
    try {
      await gateway.open();
      await run(gateway, venue);
    } finally {
      await gateway.close();
    }
  } finally {
    await venue.stop();
  }
}

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
  Deno.test(`CcxtGateway trades ${market} with a venue: create, find, cancel, trades, position`, async () => {
    await withGateway(market, async (gateway) => {
      const sinceAt = Date.now() - 60_000;
      const resting = await gateway.create(order());
      assert.ok(resting.kind === "accepted", JSON.stringify(resting));
      assert.equal(resting.order.status, "open");
      const open = await gateway.openOrders(null);
      assert.deepEqual(open.map(({ clientOrderId }) => clientOrderId), [
        "sfA1",
      ]);
      assert.deepEqual(
        { ...await gateway.order(refOf("sfA1")), at: null },
        { ...open[0]!, at: null },
      );
      const canceled = await gateway.cancel(refOf("sfA1"));
      assert.equal(canceled?.status, "canceled");
      assert.equal((await gateway.cancel(refOf("sfA1")))?.status, "canceled");
      await assert.rejects(gateway.order(refOf("sfNone")), {
        kind: "not_found",
      });
      const taken = await gateway.create(
        order({ clientOrderId: "sfA2", ...MARKET }),
      );
      assert.ok(taken.kind === "accepted");
      assert.equal(taken.order.status, "filled");
      assert.equal(taken.order.filled, "0.01");
      const { venueOrderId } = taken.order;
      const trades = await gateway.trades({ symbol: SYMBOL, sinceAt });
      assert.equal(trades.length, 1);
      assert.equal(trades[0]!.quantity, "0.01");
      assert.equal(trades[0]!.venueOrderId, venueOrderId);
      assert.ok(trades[0]!.fee !== null && trades[0]!.feeCurrency !== null);
      const ofOrder = { symbol: SYMBOL, sinceAt, venueOrderId };
      assert.deepEqual(await gateway.trades(ofOrder), trades);
      const position = await gateway.position(SYMBOL);
      // Spot takes its fee from what was bought.
      assert.equal(position.quantity, market === "spot" ? "0.00999" : "0.01");
      const balances = await gateway.balances();
      assert.ok(balances.some(({ currency }) => currency === "USDT"));
      assert.deepEqual(await gateway.funding({ symbol: SYMBOL, sinceAt }), []);
      assert.equal((await gateway.keyRights()).canTrade, true);
    });
  });

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

Deno.test("CcxtGateway rests a stop and a target of one perpetual position, and cancels all", async () => {
  await withGateway("swap", async (gateway) => {
    await gateway.prepare(SYMBOL, { leverage: 5 });
    await gateway.create(order({ clientOrderId: "sfC1", ...MARKET }));
    const exit = { side: "sell", reduceOnly: true } as const;
    const target = await gateway.create(
      order({ clientOrderId: "sfC2", price: "41000", ...exit }),
    );
    const stop = await gateway.create(order({
      clientOrderId: "sfC3",
      type: "stop",
      price: null,
      triggerPrice: "38000",
      ...exit,
    }));
    assert.equal(target.kind, "accepted");
    assert.ok(stop.kind === "accepted", JSON.stringify(stop));
    assert.equal(stop.order.type, "stop");
    const open = await gateway.openOrders(SYMBOL);
    assert.deepEqual(
      open.map(({ clientOrderId, type }) => [clientOrderId, type]).sort(),
      [["sfC2", "limit"], ["sfC3", "stop"]],
    );
    assert.equal(
      (await gateway.order(refOf("sfC3", true))).triggerPrice,
      "38000",
    );
    const { entryPrice, leverage, quantity } = await gateway.position(SYMBOL);
    assert.equal(quantity, "0.01");
    assert.ok(entryPrice !== null);
    assert.equal(leverage, 5);
    await gateway.cancelAfter(60_000);
    await gateway.cancelAll(SYMBOL);
    assert.deepEqual(await gateway.openOrders(SYMBOL), []);
  });
});

Deno.test("CcxtGateway follows a triggered stop to the order that it became", async () => {
  await withGateway("swap", async (gateway, venue) => {
    const sinceAt = Date.now() - 60_000;
    await gateway.create(order({ clientOrderId: "sfE1", ...MARKET }));
    const stop = await gateway.create(order({
      clientOrderId: "sfE2",
      type: "stop",
      side: "sell",
      price: null,
      triggerPrice: "38000",
      reduceOnly: true,
    }));
    assert.ok(stop.kind === "accepted");
    movePrice(venue.state, "BTCUSDT", "37900");
    const { venueOrderId } = stop.order;
    const ended = await gateway.order({ ...refOf("sfE2", true), venueOrderId });
    assert.deepEqual(
      [ended.clientOrderId, ended.type, ended.status, ended.filled],
      ["sfE2", "stop", "filled", "0.01"],
    );
    assert.notEqual(ended.venueOrderId, venueOrderId);
    // The desk may know it by the newer id from now on.
    const again = { ...refOf("sfE2", true), venueOrderId: ended.venueOrderId };
    assert.deepEqual(await gateway.order(again), ended);
    assert.equal((await gateway.cancel(again))?.status, "filled");
    const fills = await gateway.trades({
      symbol: SYMBOL,
      sinceAt,
      venueOrderId: ended.venueOrderId,
    });
    assert.deepEqual(fills.map(({ quantity }) => quantity), ["0.01"]);
  });
});

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
  }, clock);
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
  await withGateway("swap", async (gateway, venue) => {
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
    first.stream.close();
    await gateway.create(order({ clientOrderId: "sfD1", ...MARKET }));
    await venue.streams.whenUserListens();
    assert.ok(venue.streams.userConnections > 0);
    second.stream.close();
  });
});

/** What has to come of a create call, and whether the venue then has the order. */
const FAULTS: readonly (readonly [
  fault: RequestFault,
  outcome: string,
  isThere: boolean,
])[] = [
  ["silent_before", "unknown", false],
  ["silent_after", "unknown", true],
  ["bad_gateway_before", "unknown", false],
  ["bad_gateway_after", "unknown", true],
  ["reset_before", "unknown", false],
  ["reset_after", "unknown", true],
  ["garbage_after", "unknown", true],
  ["half_json_after", "unknown", true],
  ["unexpected_before", "unknown", false],
  ["unexpected_after", "unknown", true],
  ["backend_timeout_before", "unknown", false],
  ["backend_timeout_after", "unknown", true],
  ["disconnected_before", "unknown", false],
  ["disconnected_after", "unknown", true],
  ["maintenance_before", "unknown", false],
  ["clock_before", "clock", false],
  ["rate_limit_before", "rate_limited", false],
  ["ban_before", "rate_limited", false],
];

for (const market of ["spot", "swap"] as const) {
  Deno.test(`CcxtGateway calls the outcome of a ${market} order by what is proven of it`, async () => {
    await withGateway(market, async (gateway, venue) => {
      const kind = market === "spot" ? "spot" : "futures";
      for (const [index, [fault, want, isThere]] of FAULTS.entries()) {
        const clientOrderId = `sfD${index}`;
        venue.state.faults.add({ on: "create", fault });
        // deno-lint-ignore no-await-in-loop -- one fault after the other
        const outcome = await gateway.create(order({ clientOrderId }));
        const got = outcome.kind === "rejected"
          ? outcome.errorKind
          : outcome.kind;
        const found = venue.state.engines[kind].orders.all().filter((one) =>
          one.clientOrderId === clientOrderId
        );
        assert.deepEqual([fault, got], [fault, want], JSON.stringify(outcome));
        assert.equal(found.length, isThere ? 1 : 0, fault);
        if (want === "rate_limited" && outcome.kind === "rejected") {
          assert.equal(outcome.retryAfterMs, 1_000);
        }
      }
    });
  });
}
