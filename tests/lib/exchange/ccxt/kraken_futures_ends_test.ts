/** How orders of Kraken's futures ended, by its history of events. Names and values follow its documentation. */
import assert from "node:assert/strict";
import type { VenueOrder } from "../../../../lib/contracts/venue.ts";
import type { OrderRef } from "../../../../lib/exchange/gateway/port.ts";
import {
  ORDERS,
  QUIET_ANSWERS,
  REF,
  STOP_REF,
  SWAP,
  TRIGGERS,
  UID,
} from "./kraken_futures.ts";
import { openWire, type Wire } from "./wire.ts";

/** An order of the account's history; `quantity` is what is left. */
function past(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    uid: UID,
    accountUid: "5c1f0e0a-0000-4000-8000-00000000000a",
    tradeable: "PF_XBTUSD",
    direction: "Sell",
    quantity: "0.01",
    filled: "0",
    timestamp: 1_700_000_000_000,
    limitPrice: "26000",
    orderType: "Limit",
    clientId: "sf0000001",
    reduceOnly: true,
    lastUpdateTimestamp: 1_700_000_001_000,
    ...more,
  };
}

function trigger(more: Record<string, unknown> = {}): Record<string, unknown> {
  const { filled: _filled, ...order } = past({
    orderType: "IoC",
    limitPrice: "",
    triggerOptions: { triggerPrice: "24000", triggerSignal: "LastPrice" },
    ...more,
  });
  return order;
}

/** Events, the newest first. */
function events(...list: Record<string, unknown>[]): () => unknown {
  return () => ({
    elements: list.map((event, index) => ({
      uid: `event-${index}`,
      timestamp: 1_700_000_002_000 - index,
      event,
    })),
    len: list.length,
  });
}

async function endedAs(
  wire: Wire,
  ref: OrderRef,
  [orders, triggers]: [
    orders: Record<string, unknown>[],
    triggers: Record<string, unknown>[],
  ],
): Promise<VenueOrder> {
  wire.server.answers[ORDERS] = events(...orders);
  wire.server.answers[TRIGGERS] = events(...triggers);
  return await wire.gateway.order(ref);
}

Deno.test("order() at Kraken's futures tells the end of an order from its events", async () => {
  await using wire = await openWire(SWAP, QUIET_ANSWERS);
  const placed = { OrderPlaced: { order: past(), reason: "new_user_order" } };
  const updated = (more: Record<string, unknown>) => ({
    OrderUpdated: { oldOrder: past(), newOrder: past(more), reason: "fill" },
  });
  const part = { quantity: "0.006", filled: "0.004" };
  const whole = { quantity: "0", filled: "0.01" };
  const table = [
    [[{ OrderCancelled: { order: past() } }, placed], "canceled", "0"],
    [[{ OrderCancelled: { order: past(part) } }], "canceled", "0.004"],
    [[updated(whole), updated(part), placed], "filled", "0.01"],
    [[{ OrderPlaced: { order: past(whole) } }], "filled", "0.01"],
    [[{ OrderRejected: { order: past(), orderError: "x" } }], "rejected", "0"],
  ] as const;
  for (const [orders, status, filled] of table) {
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    const order = await endedAs(wire, REF, [[...orders], []]);
    assert.deepEqual(
      [order.status, order.filled, order.quantity],
      [status, filled, "0.01"],
    );
    assert.deepEqual(
      [order.clientOrderId, order.venueOrderId, order.side, order.reduceOnly],
      ["sf0000001", UID, "sell", true],
    );
  }
  const [asked] = await wire.said(() => wire.gateway.order(REF)).then((said) =>
    said.slice(1)
  );
  assert.deepEqual(asked, [ORDERS, { tradeable: "PF_XBTUSD", count: "500" }]);
});

Deno.test("order() at Kraken's futures tells no end that no event tells", async () => {
  await using wire = await openWire(SWAP, QUIET_ANSWERS);
  const unknown = { kind: "unknown" };
  const placed = { OrderPlaced: { order: past() } };
  // It may be filled by now: the history comes late.
  await assert.rejects(endedAs(wire, REF, [[placed], []]), unknown);
  await assert.rejects(
    endedAs(wire, REF, [[{
      OrderUpdated: { newOrder: past({ quantity: "0.006", filled: "0.004" }) },
    }, placed], []]),
    unknown,
  );
  const others = {
    OrderCancelled: { order: past({ clientId: "", uid: "x" }) },
  };
  await assert.rejects(endedAs(wire, REF, [[others], []]), {
    kind: "not_found",
  });
});

Deno.test("order() at Kraken's futures follows a stop through its activation", async () => {
  await using wire = await openWire(SWAP, QUIET_ANSWERS);
  const placed = { OrderTriggerPlaced: { order: trigger() } };
  const activated = { OrderTriggerActivated: { order: trigger() } };
  const canceled = await endedAs(wire, STOP_REF, [[], [
    { OrderTriggerCancelled: { order: trigger(), reason: "by_user" } },
    placed,
  ]]);
  assert.deepEqual(
    [canceled.status, canceled.filled, canceled.type, canceled.triggerPrice],
    ["canceled", "0", "stop", "24000"],
  );
  await assert.rejects(
    endedAs(wire, STOP_REF, [[], [activated, placed]]),
    { kind: "unknown" },
  );
  const filled = await endedAs(wire, STOP_REF, [
    [{ OrderPlaced: { order: past({ quantity: "0", filled: "0.01" }) } }],
    [activated, placed],
  ]);
  assert.deepEqual(
    [filled.status, filled.filled, filled.type],
    ["filled", "0.01", "stop"],
  );
});
