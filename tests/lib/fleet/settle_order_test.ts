import assert from "node:assert/strict";
import { codeOf } from "./emergency_support.ts";
import { CALLER, withFleet } from "./world.ts";

const ORDER = { orderId: "7.0-entry", reason: "In no list of the exchange" };

Deno.test("settleOrder() asks the desk, which knows of no order without an answer on simulated candles, and has the word on record", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    await world.until(
      () => world.fleet.get(id).observed === "running",
      "it runs",
    );
    const settle = () => world.fleet.settleOrder(id, ORDER, CALLER);
    assert.equal(await codeOf(world, settle), "ORDER_STATE_CONFLICT");
    const page = await world.settled(
      world.store.auditPage({ limit: 20, cursor: null }),
    );
    assert.ok(page.status === "fulfilled");
    assert.partialDeepStrictEqual(
      page.value.items.find(({ action }) => action === "order.absent"),
      {
        target: id,
        reason: ORDER.reason,
        detail: { name: "one", orderId: ORDER.orderId },
      },
    );
  }));

Deno.test("settleOrder() refuses while the account is not open", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    await world.fleet.control(
      id,
      { action: "kill", reason: "", positions: "keep" },
      CALLER,
    );
    await world.until(() => world.fleet.isQuiet(), "it is down");
    await world.restart(() => Promise.resolve());
    assert.equal(
      await codeOf(world, () => world.fleet.settleOrder(id, ORDER, CALLER)),
      "AGENT_STATE_CONFLICT",
    );
  }));
