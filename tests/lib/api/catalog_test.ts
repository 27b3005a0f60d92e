import assert from "node:assert/strict";
import { createWorld } from "./world.ts";

Deno.test("GET /api/templates and /api/candle-files answer lists", async () => {
  const world = createWorld();
  const templates = await (await world.call("GET", "/api/templates")).json();
  assert.equal(templates.items[0].name, "smc-order-block");
  assert.equal(templates.nextCursor, null);
  const files = await (await world.call("GET", "/api/candle-files")).json();
  assert.deepEqual(files.items, [{ file: "btc_1m.csv.gz", bytes: 1234 }]);
});
