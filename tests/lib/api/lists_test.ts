import assert from "node:assert/strict";
import fc from "fast-check";
import { cursors } from "../../../lib/contracts/cursor.ts";
import { listQuerySchema, pageOfList } from "../../../lib/api/list_page.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

Deno.test("pageOfList() shows every item once, in order, whatever the size of a page", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 })),
      fc.integer({ min: 1, max: 10 }),
      (all, limit) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = pageOfList(all, {
            ...listQuerySchema.parse({ limit, cursor }),
            keyOf: (item) => item,
          });
          assert.ok(page.items.length <= limit);
          seen.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        assert.deepEqual(seen, all);
      },
    ),
  );
});

Deno.test("lists refuse a cursor that they never gave, and one whose item is gone", async () => {
  const world = createWorld();
  for (
    const path of [
      "/api/templates",
      "/api/teams",
      "/api/models",
      "/api/candle-files",
    ]
  ) {
    for (const cursor of ["%00", "Z29uZQ", cursors.whole.write("gone")]) {
      const problem = await assertProblem(
        await world.call("GET", `${path}?cursor=${cursor}`),
        "REQUEST_INVALID",
      );
      assert.equal(problem.errors?.[0]?.pointer, "/cursor");
    }
  }
});

Deno.test("GET /api/agents?fields= answers the id and what was asked for", async () => {
  const world = createWorld();
  const agent = world.fleet.add();
  const response = await world.call(
    "GET",
    "/api/agents?fields=name,observed",
  );
  assert.deepEqual((await response.json()).items, [
    { id: agent.id, name: agent.name, observed: agent.observed },
  ]);
  const problem = await assertProblem(
    await world.call("GET", "/api/agents?fields=name,ownerId"),
    "REQUEST_INVALID",
  );
  assert.match(problem.errors?.[0]?.detail ?? "", /ownerId/);
});

Deno.test("GET /api/agents/{id}/config has the ETag that a change names", async () => {
  const world = createWorld();
  const { id, config } = world.fleet.add();
  const read = await world.call("GET", `/api/agents/${id}/config`, {
    as: "viewer",
  });
  const etag = read.headers.get("etag")!;
  assert.deepEqual(await read.json(), { configVersion: 1, config });
  const changed = await world.call("PUT", `/api/agents/${id}/config`, {
    headers: { "if-match": etag },
    body: { config },
  });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get("etag"), etag);
  await changed.body?.cancel();
  const history = await world.call(
    "GET",
    `/api/agents/${id}/config/history`,
  );
  const { items } = await history.json();
  assert.equal(items[0].by.name, "trader@example.com");
});

Deno.test("DELETE with an Idempotency-Key has one effect, and none is needed", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const remove = () =>
    world.call("DELETE", `/api/agents/${id}`, {
      headers: { "idempotency-key": "once" },
    });
  assert.equal((await remove()).status, 204);
  const again = await remove();
  assert.equal(again.status, 204);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  await assertProblem(
    await world.call("DELETE", `/api/agents/${id}`),
    "AGENT_NOT_FOUND",
  );
});
