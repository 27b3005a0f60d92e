import assert from "node:assert/strict";
import { describeApi } from "../../../lib/api/api.ts";
import { OPEN_PATHS } from "../../../lib/api/gate.ts";
import { braced, parametersOf } from "../../../lib/api/openapi/path.ts";
import { PROBLEMS } from "../../../lib/contracts/problem.ts";
import { checkOpenApi } from "./openapi_check.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

Deno.test("GET /api/openapi.json is a valid OpenAPI 3.1 document of every route", async () => {
  const world = createWorld();
  const response = await world.call("GET", "/api/openapi.json", {
    as: "viewer",
  });
  assert.equal(response.status, 200);
  const document = await response.json();
  checkOpenApi(document);
  const { routes } = describeApi(world.options);
  for (const { method, path } of routes) {
    assert.ok(
      document.paths[braced(path)]?.[method.toLowerCase()],
      `${method} ${path} is missing`,
    );
  }
  assert.deepEqual(
    document.components.schemas.Problem.properties.code.enum,
    Object.keys(PROBLEMS),
  );
  assert.deepEqual(Object.keys(document.components.securitySchemes), [
    "bearer",
    "session",
  ]);
});

Deno.test("the document tells guards, keys, versions and problems of an endpoint", () => {
  const { document } = describeApi(createWorld().options);
  const change = document.paths["/api/agents/{id}/config"]!["put"]!;
  assert.equal(change["x-action"], "agents.configure");
  assert.deepEqual(
    change.parameters.map((parameter) =>
      parameter["$ref"] ?? parameter["name"]
    ),
    [
      "id",
      "#/components/parameters/IfMatch",
      "#/components/parameters/RequestId",
    ],
  );
  const refs = Object.values(change.responses).map((response) =>
    String((response as { $ref?: string }).$ref)
  );
  assert.ok(refs.some((ref) => ref.includes("CONFIG_STALE")), refs.join());
  const spawn = document.paths["/api/agents/spawn"]!["post"]!;
  assert.ok(
    spawn.parameters.some((parameter) =>
      parameter["$ref"] === "#/components/parameters/IdempotencyKey"
    ),
  );
  for (const path of OPEN_PATHS) {
    for (const operation of Object.values(document.paths[path] ?? {})) {
      assert.deepEqual(operation.security, [], path);
    }
  }
});

Deno.test("what sets a cookie says so, and what needs no login has problems of its own", () => {
  const { document } = describeApi(createWorld().options);
  const withCookie = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).filter(([, { responses }]) =>
      Object.values(responses).some((answer) =>
        "Set-Cookie" in ((answer as { headers?: object }).headers ?? {})
      )
    ).map(([method]) => `${method.toUpperCase()} ${path}`)
  );
  assert.deepEqual(withCookie, [
    "POST /api/account/password",
    "POST /api/account/second-factor/confirm",
    "POST /api/account/step-up",
    "POST /api/auth/login",
    "POST /api/auth/logout",
    "POST /api/auth/passkey",
    "POST /api/auth/setup",
    "POST /api/emergency/{id}/release",
  ]);
  const login = document.paths["/api/auth/login"]!["post"]!;
  assert.deepEqual(login.security, []);
  const told = JSON.stringify(login.responses);
  for (const code of ["LOGIN_DELAYED", "FACTOR_NEEDED", "ORIGIN_FOREIGN"]) {
    assert.ok(told.includes(code), code);
  }
});

Deno.test("the document tells streams and sockets: media type, events, upgrade", () => {
  const { document } = describeApi(createWorld().options);
  const answer = (path: string, status: string) =>
    document.paths[path]!["get"]!.responses[status] as Record<string, unknown>;
  const frame = {
    anyOf: [
      { $ref: "#/components/schemas/StreamControlFrame" },
      { $ref: "#/components/schemas/StreamEvent" },
    ],
  };
  assert.deepEqual(answer("/api/stream", "200")["content"], {
    "text/event-stream": { schema: frame },
  });
  assert.deepEqual(answer("/api/socket", "101")["x-messages"], {
    server: frame,
    client: { $ref: "#/components/schemas/SubscribeFrame" },
  });
  const stop = document.paths["/api/emergency"]!["post"]!;
  assert.ok(
    stop.parameters.some((parameter) =>
      parameter["$ref"] === "#/components/parameters/IdempotencyKey"
    ),
  );
});

Deno.test("GET /api/docs is a page without script or style of its own, for who is logged in", async () => {
  const world = createWorld();
  await assertProblem(
    await world.call("GET", "/api/docs", { as: null }),
    "AUTH_REQUIRED",
  );
  const response = await world.call("GET", "/api/docs", { as: "viewer" });
  assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const html = await response.text();
  assert.doesNotMatch(html, /<script|<style|\sstyle=|\son[a-z]+=/i);
  assert.match(html, /\/api\/agents\/\{id\}\/control/);
  // Every link within the page leads to something.
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) {
    assert.ok(ids.has(target), `#${target}`);
  }
});

Deno.test("braced() and parametersOf() take a parameter's whole name, whatever its letters", () => {
  const written = braced("/agents/:id/orders/:orderId/legs/:leg2");
  assert.equal(written, "/agents/{id}/orders/{orderId}/legs/{leg2}");
  assert.deepEqual(parametersOf(written), ["id", "orderId", "leg2"]);
  assert.deepEqual(parametersOf(braced("/agents")), []);
});
