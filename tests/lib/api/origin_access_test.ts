import assert from "node:assert/strict";
import { assertProblem } from "./assertions.ts";
import { PASSWORD } from "./fake_ports.ts";
import { BASE, createWorld } from "./world.ts";

Deno.test("a cookie changes state only from our own pages", async () => {
  const world = createWorld();
  const cookie = `session=${world.tokens.admin}`;
  const send = async (headers: Record<string, string>) => {
    const { id } = world.fleet.add();
    world.clock.now += 1_000;
    const response = await world.call("DELETE", `/api/agents/${id}`, {
      as: null,
      headers: { cookie, ...headers },
    });
    if (response.status === 403) {
      await assertProblem(response, "ORIGIN_FOREIGN");
    }
    return response.status;
  };
  assert.equal(await send({ origin: BASE }), 204);
  assert.equal(await send({ "sec-fetch-site": "same-origin" }), 204);
  assert.equal(await send({}), 403);
  assert.equal(await send({ origin: "http://evil.example" }), 403);
  assert.equal(await send({ origin: "null" }), 403);
  assert.equal(await send({ origin: "http://localhost:8080" }), 403);
  assert.equal(await send({ "sec-fetch-site": "cross-site" }), 403);
  assert.equal(await send({ "sec-fetch-site": "same-site" }), 403);
  assert.equal(await send({ "sec-fetch-site": "none" }), 403);
  assert.equal(
    await send({
      origin: "http://evil.example",
      "sec-fetch-site": "same-origin",
    }),
    403,
  );
  assert.equal(
    await send({ origin: BASE, "sec-fetch-site": "cross-site" }),
    403,
  );
});

Deno.test("a cookie reads without origin, and a bearer needs none at all", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const read = await world.call("GET", "/api/agents", {
    as: null,
    headers: { cookie: `a=b; session=${world.tokens.viewer}; c=d` },
  });
  assert.equal(read.status, 200);
  const removed = await world.call("DELETE", `/api/agents/${id}`, {
    headers: { origin: "http://evil.example" },
  });
  assert.equal(removed.status, 204);
});

Deno.test("login and setup are refused from foreign pages", async () => {
  const world = createWorld();
  for (const path of ["/api/auth/login", "/api/auth/setup"]) {
    const response = await world.call("POST", path, {
      as: null,
      body: { email: "admin@example.com", password: PASSWORD },
      headers: { origin: "http://evil.example" },
    });
    await assertProblem(response, "ORIGIN_FOREIGN");
  }
});

Deno.test("the caller is cli, panel or api", async () => {
  const world = createWorld();
  const viaOf = async (
    as: "admin" | null,
    headers: Record<string, string>,
  ) => {
    const { id } = world.fleet.add();
    await world.call("DELETE", `/api/agents/${id}`, { as, headers });
    return world.fleet.calls.at(-1)!.caller.via;
  };
  assert.equal(
    await viaOf("admin", { "user-agent": "smc-fleet-cli/1" }),
    "cli",
  );
  assert.equal(await viaOf("admin", {}), "api");
  const cookie = `session=${world.tokens.admin}`;
  assert.equal(await viaOf(null, { cookie, origin: BASE }), "panel");
});
