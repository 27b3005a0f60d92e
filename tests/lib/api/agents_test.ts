import assert from "node:assert/strict";
import type { AgentView } from "../../../lib/contracts/agent.ts";
import type { ListResponse } from "../../../lib/api/client.ts";
import { cursors } from "../../../lib/contracts/cursor.ts";
import { assertProblem } from "./assertions.ts";
import { sampleConfig } from "./samples.ts";
import { createWorld, UNKNOWN_ID } from "./world.ts";

Deno.test("GET /api/agents lists newest first and filters by state, mode, symbol and text", async () => {
  const world = createWorld();
  world.fleet.add({ name: "alpha", observed: "paused" });
  world.fleet.add({ name: "beta", symbol: "ETH/USDT" });
  world.fleet.add({ name: "gamma", mode: "live", observed: "stopped" });
  const names = async (query: string) => {
    const response = await world.call("GET", `/api/agents${query}`);
    assert.equal(response.status, 200, query);
    assert.match(response.headers.get("content-type")!, /^application\/json/);
    const page: ListResponse<AgentView> = await response.json();
    return page.items.map((agent) => agent.name).join();
  };
  assert.equal(await names(""), "gamma,beta,alpha");
  assert.equal(await names("?state=running,paused"), "beta,alpha");
  assert.equal(await names("?mode=live"), "gamma");
  assert.equal(await names("?symbol=ethusdt"), "beta");
  assert.equal(await names("?symbol=ETH%2FUSDT"), "beta");
  assert.equal(await names("?q=LPH"), "alpha");
  assert.equal(await names("?state=&mode=&q="), "gamma,beta,alpha");
  assert.equal(await names("?state=killed"), "");
});

Deno.test("GET /api/agents pages by cursor without loss or repetition", async () => {
  const world = createWorld();
  for (let index = 0; index < 7; index++) {
    world.clock.now++;
    world.fleet.add({ name: `a${index}` });
  }
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const response: Response = await world.call(
      "GET",
      `/api/agents?limit=3&cursor=${cursor}`,
    );
    const page: ListResponse<AgentView> = await response.json();
    seen.push(...page.items.map((agent) => agent.name));
    cursor = page.nextCursor;
    // An agent that comes in between must not shift the pages.
    world.clock.now++;
    world.fleet.add({ name: "late" });
  }
  assert.deepEqual(seen, ["a6", "a5", "a4", "a3", "a2", "a1", "a0"]);
});

Deno.test("GET /api/agents refuses a wrong filter with a pointer and what is allowed", async () => {
  const world = createWorld();
  for (
    const [query, pointer] of [
      ["?state=runing", "/state"],
      ["?mode=demo", "/mode"],
      ["?limit=0", "/limit"],
      ["?limit=201", "/limit"],
      ["?limit=many", "/limit"],
      ["?cursor=xyz", "/cursor"],
      ["?stat=running", "/stat"],
    ] as const
  ) {
    const response = await world.call("GET", `/api/agents${query}`);
    const problem = await assertProblem(response, "REQUEST_INVALID");
    assert.equal(problem.errors?.[0]?.pointer, pointer, query);
    assert.ok(problem.errors[0].detail.length > 10, query);
  }
});

Deno.test("POST /api/agents/spawn answers 201 with Location, ETag and the agent", async () => {
  const world = createWorld();
  const response = await world.call("POST", "/api/agents/spawn", {
    as: "trader",
    body: { template: "smc-order-block", config: sampleConfig() },
    headers: { "idempotency-key": "k1" },
  });
  assert.equal(response.status, 201);
  const agent: AgentView = await response.json();
  assert.equal(response.headers.get("location"), `/api/agents/${agent.id}`);
  assert.equal(response.headers.get("etag"), '"1"');
  assert.equal(agent.name, "btc-ob");
  assert.equal(world.fleet.calls[0]!.caller.userId, "usr_trader");
});

Deno.test("POST /api/agents/spawn points into the request for every wrong field", async () => {
  const world = createWorld();
  const config = {
    ...sampleConfig(),
    timeframe: "7m",
    risk: { leverage: 500 },
    typo: 1,
  };
  const response = await world.call("POST", "/api/agents/spawn", {
    body: { config },
    headers: { "idempotency-key": "k1" },
  });
  const problem = await assertProblem(response, "CONFIG_INVALID");
  const pointers = problem.errors!.map((field) => field.pointer);
  assert.ok(pointers.includes("/config/timeframe"));
  assert.ok(pointers.includes("/config/risk/leverage"));
  assert.ok(pointers.includes("/config/risk/initialCapital"));
  assert.ok(pointers.includes("/config/typo"));
  const missing = problem.errors!.find((field) =>
    field.pointer === "/config/risk/dailyLossLimit"
  );
  assert.equal(missing?.code, "FIELD_MISSING");
  for (const field of problem.errors!) {
    assert.doesNotMatch(field.detail, /Invalid input|Unrecognized/);
  }
});

Deno.test("POST /api/agents/spawn tells a taken name and unread warnings with pointers into the request", async () => {
  const world = createWorld();
  world.fleet.add();
  const taken = await assertProblem(
    await world.call("POST", "/api/agents/spawn", {
      body: { config: sampleConfig() },
      headers: { "idempotency-key": "k1" },
    }),
    "AGENT_NAME_TAKEN",
  );
  assert.equal(taken.errors?.[0]?.pointer, "/config/name");
  const risk = { ...sampleConfig().risk, leverage: 50 };
  const unread = await assertProblem(
    await world.call("POST", "/api/agents/spawn", {
      body: { config: sampleConfig({ name: "other", risk }) },
      headers: { "idempotency-key": "k2" },
    }),
    "WARNINGS_UNREAD",
  );
  assert.equal(unread.warnings?.[0]?.pointer, "/config/risk/leverage");
  assert.equal(unread.errors, undefined);
});

Deno.test("GET /api/agents/{id} answers with ETag and the place in the stream", async () => {
  const world = createWorld();
  const { id } = world.fleet.add({ configVersion: 3 });
  const response = await world.call("GET", `/api/agents/${id}`, {
    as: "viewer",
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("etag"), '"3"');
  assert.equal(response.headers.get("x-stream-seq"), "41");
  assert.equal((await response.json()).id, id);
});

Deno.test("/api/agents/{id} answers AGENT_NOT_FOUND for unknown and malformed ids on every path", async () => {
  const world = createWorld();
  for (const id of [UNKNOWN_ID, "1", "agt_x", "agt_%00", "..%2f", "AGT_1"]) {
    for (
      const tail of [
        "",
        "/logs",
        "/performance",
        "/resources",
        "/chart",
        "/trades",
      ]
    ) {
      const response = await world.call("GET", `/api/agents/${id}${tail}`);
      await assertProblem(response, "AGENT_NOT_FOUND");
    }
    await assertProblem(
      await world.call("DELETE", `/api/agents/${id}`),
      "AGENT_NOT_FOUND",
    );
    await assertProblem(
      await world.call("POST", `/api/agents/${id}/control`, {
        body: { action: "stop" },
        headers: { "idempotency-key": "k" },
      }),
      "AGENT_NOT_FOUND",
    );
    world.idempotency.clear();
  }
});

Deno.test("PUT /api/agents/{id}/config needs If-Match, refuses a stale one and raises the ETag", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const put = (headers: Record<string, string>) =>
    world.call("PUT", `/api/agents/${id}/config`, {
      body: { config: sampleConfig({ timeframe: "5m" }) },
      headers,
    });
  await assertProblem(await put({}), "IF_MATCH_MISSING");
  for (const header of ["1", "*", 'W/"1"', '"x"', '"1", "2"']) {
    await assertProblem(await put({ "if-match": header }), "REQUEST_MALFORMED");
  }
  const first = await put({ "if-match": '"1"' });
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("etag"), '"2"');
  assert.equal((await first.json()).effect, "applied");
  await assertProblem(await put({ "if-match": '"1"' }), "CONFIG_STALE");
  assert.equal((await put({ "if-match": '"2"' })).status, 200);
});

Deno.test("POST /api/agents/{id}/control stores the wish with its reason and answers 202", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const response = await world.call("POST", `/api/agents/${id}/control`, {
    as: "operator",
    body: { action: "stop", reason: "news at noon", positions: "keep" },
    headers: { "idempotency-key": "k1" },
  });
  assert.equal(response.status, 202);
  assert.equal((await response.json()).observed, "stopping");
  assert.deepEqual(world.fleet.calls[0]!.request, {
    action: "stop",
    reason: "news at noon",
    positions: "keep",
  });
  await assertProblem(
    await world.call("POST", `/api/agents/${id}/control`, {
      body: { action: "explode" },
      headers: { "idempotency-key": "k2" },
    }),
    "REQUEST_INVALID",
  );
  world.fleet.agents.get(id)!.observed = "running";
  await assertProblem(
    await world.call("POST", `/api/agents/${id}/control`, {
      body: { action: "resume" },
      headers: { "idempotency-key": "k3" },
    }),
    "AGENT_STATE_CONFLICT",
  );
});

Deno.test("DELETE /api/agents/{id} answers 204 without a body, then 404", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const response = await world.call("DELETE", `/api/agents/${id}`);
  assert.equal(response.status, 204);
  assert.equal(await response.text(), "");
  await assertProblem(
    await world.call("DELETE", `/api/agents/${id}`),
    "AGENT_NOT_FOUND",
  );
});

Deno.test("POST /api/agents/validate answers 200 for valid and invalid input, bare or wrapped", async () => {
  const world = createWorld();
  for (const body of [sampleConfig(), { config: sampleConfig() }]) {
    const response = await world.call("POST", "/api/agents/validate", { body });
    assert.equal(response.status, 200);
    assert.equal((await response.json()).valid, true);
  }
  const wrong = await world.call("POST", "/api/agents/validate", {
    body: { config: { name: "x" } },
  });
  assert.equal(wrong.status, 200);
  const answer = await wrong.json();
  assert.equal(answer.valid, false);
  assert.ok(answer.errors.length > 0);
});

Deno.test("agent views pass their limits on and answer as JSON", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  for (
    const name of ["performance", "resources", "latency", "chart", "trades"]
  ) {
    const response = await world.call("GET", `/api/agents/${id}/${name}`);
    assert.equal(response.status, 200, name);
    assert.match(response.headers.get("content-type")!, /^application\/json/);
    await response.body?.cancel();
  }
  const chart = await world.call(
    "GET",
    `/api/agents/${id}/chart?afterSeq=99&limit=10`,
  );
  assert.equal(chart.status, 200);
  assert.deepEqual(world.fleet.calls.at(-1)!.request, {
    afterSeq: 99,
    limit: 10,
  });
  await world.call(
    "GET",
    `/api/agents/${id}/trades?limit=5&cursor=${cursors.trades.write("77")}`,
  );
  assert.deepEqual(world.fleet.calls.at(-1)!.request, {
    limit: 5,
    cursor: "77",
  });
  await assertProblem(
    await world.call("GET", `/api/agents/${id}/chart?limit=601`),
    "REQUEST_INVALID",
  );
  await assertProblem(
    await world.call("GET", `/api/agents/${id}/trades?cursor=77`),
    "REQUEST_INVALID",
  );
});
