import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { type ProblemCode, PROBLEMS } from "../../../lib/contracts/problem.ts";
import { toProblem } from "../../../lib/api/problem.ts";
import { assertProblem } from "./assertions.ts";
import { sampleConfig } from "./samples.ts";
import { BASE, createWorld } from "./world.ts";

const KEY = { "idempotency-key": "k" };

Deno.test("every answer carries the security headers and a request id", async () => {
  const world = createWorld();
  for (
    const [path, as] of [
      ["/api/agents", "admin"],
      ["/api/nothing", "admin"],
      ["/api/agents", null],
      ["/api/health/live", null],
      ["/api/stream", "viewer"],
      ["/api/logs/export", "viewer"],
    ] as const
  ) {
    const { headers, body } = await world.call("GET", path, { as });
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("referrer-policy"), "no-referrer", path);
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      path,
    );
    assert.match(headers.get("x-request-id")!, /^req_[0-9A-Z]{26}$/, path);
    await body?.cancel();
  }
});

Deno.test("X-Request-Id is taken over when it is plain and replaced when it is not", async () => {
  const world = createWorld();
  const idOf = async (given: string) =>
    (await world.call("GET", "/api/agents", {
      headers: { "x-request-id": given },
    })).headers.get("x-request-id");
  assert.equal(await idOf("trace-12345.a_b"), "trace-12345.a_b");
  for (const bad of ["short", "x".repeat(65), "has space", "a\tb<script>"]) {
    assert.match((await idOf(bad))!, /^req_/, bad);
  }
});

Deno.test("unknown paths are 404, wrong methods 405 with Allow, HEAD follows GET", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  for (
    const path of ["/api/nope", "/api/agents/", "/api", "/api/agents/a/b/c"]
  ) {
    await assertProblem(await world.call("GET", path), "NOT_FOUND");
  }
  for (
    const [method, path, allow] of [
      ["GET", "/api/agents/spawn", "POST"],
      ["GET", "/api/agents/validate", "POST"],
      ["POST", "/api/agents", "GET, HEAD"],
      ["PATCH", `/api/agents/${id}`, "GET, DELETE, HEAD"],
      ["POST", `/api/agents/${id}/config`, "PUT, GET, HEAD"],
      ["GET", "/api/agents/control", "POST"],
      ["DELETE", "/api/agents/logs", "GET, HEAD"],
      ["GET", "/api/auth/login", "POST"],
    ] as const
  ) {
    const response = await world.call(method, path);
    assert.equal(response.headers.get("allow"), allow, `${method} ${path}`);
    await assertProblem(response, "METHOD_NOT_ALLOWED");
  }
  const head = await world.call("HEAD", "/api/agents");
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
});

Deno.test("readJson names the place of the first wrong character", async () => {
  const world = createWorld();
  const wide = `{"a": "${"y".repeat(200)}",\n "b": nope}`;
  for (
    const [body, line, column] of [
      ["{a:1}", 1, 2],
      ["abc", 1, 1],
      ['{"a":tru}', 1, 9],
      ['{"a":1} x', 1, 9],
      ['{"a":\n[1,2', 2, 5],
      [wide, 2, 8],
      ['{"a":"\\q"}', 1, 8],
    ] as const
  ) {
    const problem = await assertProblem(
      await world.call("POST", "/api/agents/validate", { body }),
      "REQUEST_MALFORMED",
    );
    assert.match(
      problem.detail,
      new RegExp(`line ${line}, column ${column}:`),
      `${body} → ${problem.detail}`,
    );
  }
});

Deno.test("readJson refuses empty, mislabelled and wrongly encoded bodies", async () => {
  const world = createWorld();
  const post = (body: BodyInit, type: string) =>
    world.api(
      new Request(`${BASE}/api/agents/validate`, {
        method: "POST",
        body,
        headers: {
          "content-type": type,
          authorization: `Bearer ${world.tokens.admin}`,
        },
      }),
      { remoteAddress: "192.0.2.1" },
    );
  for (
    const [body, type, pattern] of [
      ["", "application/json", /empty/],
      ["{}", "text/plain", /Content-Type: application\/json/],
      ["a=1", "application/x-www-form-urlencoded", /application\/json/],
      [new Uint8Array([0x22, 0xff, 0x22]), "application/json", /UTF-8/],
    ] as const
  ) {
    const problem = await assertProblem(
      await post(body, type),
      "REQUEST_MALFORMED",
    );
    assert.match(problem.detail, pattern);
  }
  const labelled = await post("{}", "application/json; charset=utf-8");
  assert.equal(labelled.status, 200);
});

Deno.test("a body above 64 KiB is refused, with and without a declared length", async () => {
  const world = createWorld();
  const big = `"${"x".repeat(64 * 1024)}"`;
  await assertProblem(
    await world.call("POST", "/api/agents/validate", { body: big }),
    "BODY_TOO_LARGE",
  );
  await assertProblem(
    await world.call("POST", "/api/agents/validate", {
      body: "{}",
      headers: { "content-length": "70000" },
    }),
    "BODY_TOO_LARGE",
  );
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(16 * 1024));
    },
  });
  const response = await world.api(
    new Request(`${BASE}/api/agents/validate`, {
      method: "POST",
      body: endless,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${world.tokens.admin}`,
      },
    }),
    { remoteAddress: "192.0.2.1" },
  );
  await assertProblem(response, "BODY_TOO_LARGE");
  assert.ok(pulled < 10, `read ${pulled} chunks of an endless body`);
  const fits = `"${"x".repeat(64 * 1024 - 2)}"`;
  assert.equal(
    (await world.call("POST", "/api/agents/validate", { body: fits })).status,
    200,
  );
});

Deno.test("toProblem gives every code its status, title and waiting time", () => {
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const { problem, headers, isUnexpected } = toProblem(
      new AppError(code, "What, where and how to mend it"),
      "req_1",
    );
    assert.equal(problem.status, PROBLEMS[code].status);
    assert.equal(problem.title, PROBLEMS[code].title);
    assert.equal(problem.detail, "What, where and how to mend it");
    assert.equal(isUnexpected, false);
    const waits = problem.status === 429 || problem.status === 503;
    assert.equal(
      "Retry-After" in headers,
      waits || code === "IDEMPOTENCY_IN_FLIGHT",
      code,
    );
    assert.equal("WWW-Authenticate" in headers, problem.status === 401, code);
  }
});

Deno.test("an unexpected error shows only the request id; the log gets it without secrets", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  world.fleet.failure = new Error(
    'disk /secret/path broke, password="hunter2hunter2", Authorization: Bearer abc.def, session=tok123',
  );
  const response = await world.call("DELETE", `/api/agents/${id}?x=1`);
  const text = await response.clone().text();
  const problem = await assertProblem(response, "INTERNAL");
  assert.match(problem.detail, new RegExp(problem.instance));
  assert.doesNotMatch(text, /disk|secret|hunter2/);
  assert.equal(world.errors.length, 1);
  const [entry] = world.errors;
  assert.equal(entry!.requestId, problem.instance);
  assert.equal(entry!.path, `/api/agents/${id}`);
  assert.match(entry!.error, /disk \/secret\/path broke/);
  assert.doesNotMatch(entry!.error, /hunter2|abc\.def|tok123/);
});

Deno.test("an AppError with a code that no client knows is INTERNAL and is logged", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  world.fleet.failure = new AppError("toString", "inner words");
  const response = await world.call("DELETE", `/api/agents/${id}`);
  const problem = await assertProblem(response, "INTERNAL");
  assert.doesNotMatch(problem.detail, /inner words/);
  assert.equal(world.errors.length, 1);
});

Deno.test("state changes are refused while draining; reads, checks and probes go on", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  world.draining.on = true;
  const { call } = world;
  const refused = [
    await call("DELETE", `/api/agents/${id}`),
    await call("POST", `/api/agents/${id}/control`, { body: {}, headers: KEY }),
    await call("POST", "/api/agents/spawn", { body: {}, headers: KEY }),
    await call("PUT", `/api/agents/${id}/config`, { body: {} }),
    await call("POST", "/api/auth/login", { as: null, body: {} }),
  ];
  for (const response of refused) {
    assert.equal(response.headers.get("retry-after"), "5");
    await assertProblem(response, "DRAINING");
  }
  assert.equal((await call("GET", `/api/agents/${id}`)).status, 200);
  const body = sampleConfig();
  assert.equal(
    (await call("POST", "/api/agents/validate", { body })).status,
    200,
  );
  const ready = await call("GET", "/api/health/ready", { as: null });
  assert.equal(ready.status, 503);
  assert.equal((await ready.json()).ready, false);
  assert.equal(
    (await call("GET", "/api/health/live", { as: null })).status,
    200,
  );
});

Deno.test("GET /api/health/ready names the check that fails", async () => {
  const world = createWorld();
  const ready = await world.call("GET", "/api/health/ready", { as: null });
  assert.equal(ready.status, 200);
  assert.deepEqual(
    (await ready.json()).checks.map((check: { name: string }) => check.name),
    ["store", "drain", "feed", "audit"],
  );
  world.options.storeHealth = () => ({ ok: false, detail: "disk full" });
  const broken = await world.call("GET", "/api/health/ready", { as: null });
  assert.equal(broken.status, 503);
  const answer = await broken.json();
  assert.deepEqual(answer.checks[0], {
    name: "store",
    ok: false,
    detail: "disk full",
  });
});

Deno.test("a worker that ends while it is asked is a conflict or unreachable, not a fault of the server", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  for (
    const [code, expected] of [
      ["ACTOR_STATE_REFUSED", "AGENT_STATE_CONFLICT"],
      ["ACTOR_ENDED", "AGENT_UNREACHABLE"],
    ] as const
  ) {
    world.fleet.failure = new AppError(code, "Cannot ask actor");
    const problem = await assertProblem(
      await world.call("DELETE", `/api/agents/${id}`),
      expected,
    );
    assert.doesNotMatch(problem.detail, /actor/);
  }
  assert.deepEqual(world.errors, []);
});
