import { setImmediate } from "node:timers";
import assert from "node:assert/strict";
import { quotaExceeded } from "../../../lib/contracts/quota.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { assertProblem } from "./assertions.ts";
import { sampleConfig } from "./samples.ts";
import { createWorld, type World } from "./world.ts";

function spawn(
  world: World,
  options: { key: string; name?: string; as?: "admin" | "trader" },
): Promise<Response> {
  const { key, name = "btc-ob", as = "admin" } = options;
  return world.call("POST", "/api/agents/spawn", {
    as,
    body: { config: sampleConfig({ name }) },
    headers: { "idempotency-key": key },
  });
}

Deno.test("spawn and control need an Idempotency-Key of a plain form", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  for (const path of ["/api/agents/spawn", `/api/agents/${id}/control`]) {
    await assertProblem(
      await world.call("POST", path, { body: {} }),
      "IDEMPOTENCY_KEY_MISSING",
    );
    for (const key of ["a b", "x".repeat(129), "ü"]) {
      await assertProblem(
        await world.call("POST", path, {
          body: {},
          headers: { "idempotency-key": key },
        }),
        "REQUEST_MALFORMED",
      );
    }
  }
  assert.equal(world.idempotency.size, 0);
});

Deno.test("the same key and body give the first answer again and one effect", async () => {
  const world = createWorld();
  const first = await spawn(world, { key: "k1" });
  const again = await spawn(world, { key: "k1" });
  assert.equal(again.status, 201);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal(again.headers.get("location"), first.headers.get("location"));
  assert.equal(again.headers.get("etag"), '"1"');
  assert.equal(again.headers.get("content-type"), "application/json");
  assert.equal(await again.text(), await first.text());
  assert.equal(world.fleet.agents.size, 1);
});

Deno.test("the same key with another body or path is refused", async () => {
  const world = createWorld();
  const { id } = world.fleet.add({ name: "other" });
  await spawn(world, { key: "k1" });
  await assertProblem(
    await spawn(world, { key: "k1", name: "second" }),
    "IDEMPOTENCY_KEY_REUSED",
  );
  await assertProblem(
    await world.call("POST", `/api/agents/${id}/control`, {
      body: { action: "stop" },
      headers: { "idempotency-key": "k1" },
    }),
    "IDEMPOTENCY_KEY_REUSED",
  );
});

Deno.test("equal keys of two users do not meet", async () => {
  const world = createWorld();
  assert.equal((await spawn(world, { key: "k1" })).status, 201);
  const other = await spawn(world, { key: "k1", name: "mine", as: "trader" });
  assert.equal(other.status, 201);
});

Deno.test("of concurrent requests with one key exactly one has an effect, the others are told to wait", async () => {
  const world = createWorld();
  const gate = Promise.withResolvers<void>();
  world.fleet.hold = gate.promise;
  const all = Array.from({ length: 10 }, () => spawn(world, { key: "k1" }));
  // The first one ends only when all the others have been answered.
  const answered = Promise.withResolvers<Response>();
  let waiting = 0;
  for (const one of all) {
    void one.then((response) => {
      if (response.status === 409 && ++waiting === 9) {
        answered.resolve(response);
      }
    });
  }
  const refused = await answered.promise;
  assert.equal(refused.headers.get("retry-after"), "1");
  gate.resolve();
  const statuses = (await Promise.all(all)).map((one) => one.status);
  assert.deepEqual(statuses.toSorted(), [201, ...Array(9).fill(409)]);
  assert.equal(world.fleet.calls.length, 1);
  assert.equal((await spawn(world, { key: "k1" })).status, 201);
  assert.equal(world.fleet.calls.length, 1);
});

Deno.test("a refusal is kept, a failure of the server, 429 and a quota are not", async () => {
  const world = createWorld();
  world.fleet.failure = new AppError("AGENT_NAME_TAKEN", "It is taken");
  await assertProblem(await spawn(world, { key: "k1" }), "AGENT_NAME_TAKEN");
  for (
    const failure of [
      new Error("boom"),
      new AppError("STORE_UNAVAILABLE", "The store does not answer"),
      new AppError("MAILBOX_FULL", "Too many commands wait"),
      quotaExceeded({ quota: "agents", used: 10, limit: 10 }),
    ]
  ) {
    world.fleet.failure = failure;
    const response = await spawn(world, { key: "k2" });
    assert.ok(response.status >= 409);
    await response.body?.cancel();
  }
  world.fleet.failure = null;
  const kept = await spawn(world, { key: "k1" });
  assert.equal(kept.headers.get("idempotency-replayed"), "true");
  const problem = JSON.parse(await kept.text());
  assert.equal(problem.code, "AGENT_NAME_TAKEN");
  assert.equal((await spawn(world, { key: "k2" })).status, 201);
});

Deno.test("a failure after which nobody knows what was done is not run again", async () => {
  const world = createWorld();
  world.fleet.failure = new AppError(
    "STORE_UNAVAILABLE",
    "The store does not answer",
    {
      isOutcomeUnknown: true,
    },
  );
  await assertProblem(await spawn(world, { key: "k1" }), "STORE_UNAVAILABLE");
  world.fleet.failure = null;
  await assertProblem(
    await spawn(world, { key: "k1" }),
    "IDEMPOTENCY_OUTCOME_UNKNOWN",
  );
  assert.equal((await spawn(world, { key: "k2" })).status, 201);
});

Deno.test("a body that was never valid leaves its key free", async () => {
  const world = createWorld();
  const wrong = await world.call("POST", "/api/agents/spawn", {
    body: { config: {} },
    headers: { "idempotency-key": "k1" },
  });
  await assertProblem(wrong, "CONFIG_INVALID");
  assert.equal((await spawn(world, { key: "k1" })).status, 201);
});

Deno.test("an effect whose answer cannot be stored is still told, logged, and not repeatable", async () => {
  const world = createWorld();
  world.options.idempotency.finish = () =>
    Promise.reject(new Error("disk full"));
  assert.equal((await spawn(world, { key: "k1" })).status, 201);
  assert.match(world.errors[0]!.error, /disk full/);
  await assertProblem(
    await spawn(world, { key: "k1" }),
    "IDEMPOTENCY_IN_FLIGHT",
  );
});

Deno.test("a request that an earlier start of the server left unanswered is not run again, nor waited for", async () => {
  const world = createWorld();
  const gate = Promise.withResolvers<void>();
  world.fleet.hold = gate.promise;
  const first = spawn(world, { key: "k1" });
  // Its body is hashed elsewhere, so the second request could overtake it.
  while (world.idempotency.size === 0) await turnOfTheLoop();
  await assertProblem(
    await spawn(world, { key: "k1" }),
    "IDEMPOTENCY_IN_FLIGHT",
  );
  const [known] = world.idempotency.values();
  known!.isAbandoned = true;
  const again = await spawn(world, { key: "k1" });
  assert.equal(again.headers.get("retry-after"), null);
  await assertProblem(again, "IDEMPOTENCY_OUTCOME_UNKNOWN");
  assert.equal(world.fleet.calls.length, 1);
  gate.resolve();
  await (await first).body?.cancel();
});

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
