import assert from "node:assert/strict";
import { assertProblem } from "./assertions.ts";
import { TEMPLATE } from "./samples.ts";
import { createWorld } from "./world.ts";

Deno.test("GET /api/templates/{name}/file answers a file to keep, or 404", async () => {
  const world = createWorld();
  const path = "/api/templates/smc-order-block/file";
  const response = await world.call("GET", path);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(
    response.headers.get("content-disposition"),
    'attachment; filename="smc-order-block.template.json"',
  );
  assert.equal((await response.json()).template.name, "smc-order-block");
  const unknown = await world.call("GET", "/api/templates/nothing/file");
  await assertProblem(unknown, "TEMPLATE_NOT_FOUND");
});

Deno.test("GET /api/agents/{id}/template answers the agent's configuration as a file, or 422 without a good name", async () => {
  const world = createWorld();
  const { id } = world.fleet.add({ name: "alpha" });
  const response = await world.call(
    "GET",
    `/api/agents/${id}/template?name=my-gaps`,
  );
  assert.equal(response.status, 200);
  assert.deepEqual((await response.json()).template, {
    name: "my-gaps",
    title: "alpha",
  });
  for (const query of ["", "?name=No Spaces", "?name=../x"]) {
    // deno-lint-ignore no-await-in-loop -- one request after the other
    const wrong = await world.call("GET", `/api/agents/${id}/template${query}`);
    // deno-lint-ignore no-await-in-loop -- as above
    await assertProblem(wrong, "REQUEST_INVALID");
  }
});

Deno.test("POST /api/templates takes a file once per key", async () => {
  const world = createWorld();
  const file = { format: "smc-fleet-template" };
  const send = () =>
    world.call("POST", "/api/templates", {
      body: file,
      headers: { "idempotency-key": "k-1" },
    });
  const first = await send();
  assert.equal(first.status, 201);
  assert.equal(
    first.headers.get("location"),
    "/api/templates/smc-order-block/file",
  );
  const second = await send();
  assert.equal(second.headers.get("idempotency-replayed"), "true");
  const imports = world.fleet.calls.filter(({ method }) =>
    method === "importTemplate"
  );
  assert.deepEqual(imports.map(({ request }) => request), [file]);
});

Deno.test("POST /api/templates is refused without a key and while nothing can be stored", async () => {
  const world = createWorld();
  const bare = await world.call("POST", "/api/templates", { body: {} });
  await assertProblem(bare, "IDEMPOTENCY_KEY_MISSING");
  world.fleet.held = "The disk is full";
  const held = await world.call("POST", "/api/templates", {
    body: {},
    headers: { "idempotency-key": "k-2" },
  });
  await assertProblem(held, "STORE_UNAVAILABLE");
});

Deno.test("DELETE /api/templates/{name} answers 204", async () => {
  const world = createWorld();
  const { name } = TEMPLATE;
  const response = await world.call("DELETE", `/api/templates/${name}`);
  assert.equal(response.status, 204);
  assert.deepEqual(world.fleet.calls.map(({ id }) => id), [name]);
  await assertProblem(
    await world.call("DELETE", "/api/templates/nobodys"),
    "TEMPLATE_NOT_FOUND",
  );
});
