import assert from "node:assert/strict";
import type { RequestFault } from "../venue/faults/kinds.ts";
import { movePrice } from "../venue/engine/market_moves.ts";
import {
  MARKET,
  order,
  refOf,
  SYMBOL,
  withGateway,
} from "./ccxt_gateway_setup.ts";

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

for (const market of ["spot", "swap"] as const) {
  Deno.test(`CcxtGateway.open() asks a venue for its ${market} markets anew after every kind of failure`, async () => {
    const faults = [
      "bad_gateway_before",
      "silent_before",
      "garbage_after",
      "half_json_after",
      "maintenance_before",
    ] as const;
    await withGateway(market, async (gateway, { state }) => {
      for (const fault of faults) {
        state.faults.add({ on: "any", fault, containing: "exchangeInfo" });
        // deno-lint-ignore no-await-in-loop -- one attempt after the other
        await assert.rejects(gateway.open(), { name: "VenueError" }, fault);
        assert.equal(state.faults.log().at(-1)?.fault, fault);
      }
      await gateway.open();
      assert.equal(gateway.rules(SYMBOL).symbol, SYMBOL);
      const resting = await gateway.create(order());
      assert.equal(resting.kind, "accepted");
    }, { isOpened: false });
  });
}
