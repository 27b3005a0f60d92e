import assert from "node:assert/strict";
import { createWorld } from "./world.ts";

const PATH = (id: string) => `/api/agents/${id}/orders/52.0-entry-p1/absent`;
const KEY = { "Idempotency-Key": "settle-1" };

Deno.test("an order is called absent by who has the role risk, with a fresh proof, a reason and a key", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const body = { reason: "In no list of orders or trades" };
  const call = (
    as: "trader" | "risk",
    change: { body?: unknown; headers?: Record<string, string> } = {},
  ) => world.call("POST", PATH(id), { as, body, headers: KEY, ...change });
  assert.equal((await call("trader")).status, 403);
  assert.equal((await call("risk")).status, 403, "no fresh proof");
  world.options.auth.factor.requireProven = () => Promise.resolve();
  assert.equal((await call("risk", { headers: {} })).status, 400);
  const empty = await call("risk", { body: { reason: " " } });
  assert.equal(empty.status, 422);
  assert.match(await empty.text(), /Say what was seen at the exchange/);
  assert.equal(
    world.fleet.calls.filter(({ method }) => method === "settleOrder").length,
    0,
  );
  const done = await call("risk", { headers: { "Idempotency-Key": "two" } });
  assert.equal(done.status, 200);
  assert.partialDeepStrictEqual(world.fleet.calls.at(-1), {
    method: "settleOrder",
    id,
    request: { orderId: "52.0-entry-p1", ...body },
  });
});
