import assert from "node:assert/strict";
import { createRateLimiter } from "../../../lib/api/rate_limit.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

const RATE = { perSecond: 2, burst: 3 };

Deno.test("createRateLimiter allows a burst, then the rate, and tells the wait", () => {
  const clock = { now: 0 };
  const limiter = createRateLimiter({ now: () => clock.now });
  const take = () => limiter.take("a", RATE);
  assert.deepEqual([take(), take(), take()].map((one) => one.remaining), [
    2,
    1,
    0,
  ]);
  const refused = take();
  assert.equal(refused.allowed, false);
  assert.equal(refused.retryAfterMs, 500);
  assert.equal(refused.resetSeconds, 2);
  clock.now = 499;
  assert.equal(take().allowed, false);
  clock.now = 500;
  assert.equal(take().allowed, true);
  clock.now = 100_000;
  assert.equal(take().remaining, 2);
  clock.now = 0;
  assert.equal(take().remaining, 1, "a clock set back takes nothing away");
});

Deno.test("createRateLimiter keeps buckets apart and forgets the one unused for longest", () => {
  const limiter = createRateLimiter({ now: () => 0, maxBuckets: 2 });
  limiter.take("a", RATE);
  limiter.take("b", RATE);
  limiter.take("a", RATE);
  limiter.take("c", RATE);
  assert.equal(limiter.take("a", RATE).remaining, 0, "a was used lately");
  assert.equal(limiter.take("b", RATE).remaining, 2, "b was forgotten");
});

Deno.test("a user is limited to 50 a second with a burst of 100, whoever else asks", async () => {
  const world = createWorld();
  const get = (as: "viewer" | "trader") =>
    world.call("GET", "/api/templates", { as });
  const first = await get("viewer");
  assert.equal(first.headers.get("ratelimit-limit"), "100");
  assert.equal(first.headers.get("ratelimit-remaining"), "99");
  assert.equal(first.headers.get("ratelimit-reset"), "1");
  for (let index = 1; index < 100; index++) await get("viewer");
  const refused = await get("viewer");
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.equal(refused.headers.get("ratelimit-remaining"), "0");
  await assertProblem(refused, "RATE_LIMITED");
  assert.equal((await get("trader")).status, 200);
  world.clock.now += 1_000;
  for (let index = 0; index < 50; index++) {
    assert.equal((await get("viewer")).status, 200);
  }
  await assertProblem(await get("viewer"), "RATE_LIMITED");
});

Deno.test("an address without a login is limited to 10 a second; probes and users behind it are not", async () => {
  const world = createWorld();
  const guess = (address: string) =>
    world.call("GET", "/api/agents", {
      as: null,
      address,
      headers: { authorization: "Bearer guess" },
    });
  for (let index = 0; index < 100; index++) {
    assert.equal((await guess("192.0.2.9")).status, 401);
  }
  await assertProblem(await guess("192.0.2.9"), "RATE_LIMITED");
  assert.equal((await guess("192.0.2.10")).status, 401);
  const options = { as: null, address: "192.0.2.9" } as const;
  assert.equal(
    (await world.call("GET", "/api/health/live", options)).status,
    200,
  );
  const user = await world.call("GET", "/api/agents", { address: "192.0.2.9" });
  assert.equal(user.status, 200);
  world.clock.now += 1_000;
  for (let index = 0; index < 10; index++) {
    assert.equal((await guess("192.0.2.9")).status, 401);
  }
  await assertProblem(await guess("192.0.2.9"), "RATE_LIMITED");
});
