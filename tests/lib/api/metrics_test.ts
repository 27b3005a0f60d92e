import assert from "node:assert/strict";
import { createWorld } from "./world.ts";

Deno.test("GET /api/metrics answers who is logged in, in Prometheus' text", async () => {
  const { call, fleet } = createWorld();
  fleet.add({ name: "seen" });
  const answer = await call("GET", "/api/metrics", { as: "viewer" });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
  assert.match(await answer.text(), /smc_agent_running\{.*name="seen"\} [01]/);
});

Deno.test("GET /api/metrics tells nothing to strangers", async () => {
  const { call } = createWorld();
  const answer = await call("GET", "/api/metrics", { as: null });
  assert.equal(answer.status, 401);
  assert.doesNotMatch(await answer.text(), /smc_/);
});

Deno.test("GET /api/metrics counts requests by declared route; what nobody declared is one", async () => {
  const { call } = createWorld();
  for (const path of ["/api/agents", "/api/none-1", "/api/none-2"]) {
    // deno-lint-ignore no-await-in-loop -- one request after the other
    await (await call("GET", path)).body?.cancel();
  }
  const text = await (await call("GET", "/api/metrics")).text();
  const count = (route: string, status: number) =>
    text.includes(
      `smc_http_requests_total{method="GET",route="${route}",status="${status}"} `,
    );
  assert.ok(count("/api/agents", 200));
  assert.ok(
    text.includes(
      'smc_http_requests_total{method="GET",route="none",status="404"} 2',
    ),
    text,
  );
  assert.doesNotMatch(text, /none-1/);
});

Deno.test("GET /api/metrics tells no method apart that is only a word", async () => {
  const { call } = createWorld();
  for (const method of ["WORD1", "WORD2"]) {
    // deno-lint-ignore no-await-in-loop -- one request after the other
    await (await call(method, "/api/agents", { as: null })).body?.cancel();
  }
  const text = await (await call("GET", "/api/metrics")).text();
  assert.match(text, /smc_http_requests_total\{method="other",.*\} 2/);
  assert.doesNotMatch(text, /WORD/);
});
