import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { createWorld, type World } from "./world.ts";

const KEY = {
  label: "main",
  exchange: "binance",
  apiKey: "canary-api-key-1234",
  secret: "canary-secret-5678",
};

async function json(response: Response) {
  // deno-lint-ignore no-explicit-any -- the tests assert what they read
  return await response.json() as any;
}

async function enrol(world: World, as: "admin" | "trader" = "admin") {
  const { secret } = await json(
    await world.call("POST", "/api/account/second-factor", {
      as,
      body: { password: "any" },
    }),
  );
  const code = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
    .generate({ timestamp: world.clock.now });
  const answer = await world.call(
    "POST",
    "/api/account/second-factor/confirm",
    {
      as,
      body: { code },
    },
  );
  assert.equal(answer.status, 200);
  return await json(answer);
}

Deno.test("POST /exchange-keys wants a fresh proof of the second factor", async () => {
  const world = createWorld();
  const refused = await world.call("POST", "/api/exchange-keys", { body: KEY });
  assert.equal(refused.status, 403);
  const problem = await json(refused);
  assert.equal(problem.code, "FRESH_PROOF_NEEDED");
  assert.match(problem.detail, /step-up/);
  const { recoveryCodes } = await enrol(world);
  assert.equal(recoveryCodes.length, 10);
  const added = await world.call("POST", "/api/exchange-keys", { body: KEY });
  assert.equal(added.status, 201);
  const view = await json(added);
  assert.equal(view.apiKeyEnd, "1234");
  // Five minutes later it is no longer fresh, and a recovery code proves it anew.
  world.clock.now += 5 * 60_000;
  const late = await world.call("PUT", `/api/exchange-keys/${view.id}/live`, {
    body: { allowed: true },
  });
  assert.equal((await json(late)).code, "FRESH_PROOF_NEEDED");
  const proven = await world.call("POST", "/api/account/step-up", {
    body: { code: recoveryCodes[0] },
  });
  assert.equal(proven.status, 200);
  const allowed = await world.call(
    "PUT",
    `/api/exchange-keys/${view.id}/live`,
    {
      body: { allowed: true },
    },
  );
  assert.equal((await json(allowed)).isLiveAllowed, true);
});

Deno.test("GET /exchange-keys shows no secret, and nobody else's key", async () => {
  const world = createWorld();
  await enrol(world);
  await enrol(world, "trader");
  await world.call("POST", "/api/exchange-keys", { body: KEY });
  const text = await (await world.call("GET", "/api/exchange-keys")).text();
  assert.match(text, /"apiKeyEnd":"1234"/);
  assert(!text.includes("canary"));
  const others = await json(
    await world.call("GET", "/api/exchange-keys", { as: "trader" }),
  );
  assert.deepEqual(others.items, []);
  const id = JSON.parse(text).items[0].id;
  const foreign = await world.call("DELETE", `/api/exchange-keys/${id}`, {
    as: "trader",
  });
  assert.equal((await json(foreign)).code, "KEY_NOT_FOUND");
});

Deno.test("GET /exchange-keys gives an admin anybody's keys without a secret, and nobody else", async () => {
  const world = createWorld();
  await enrol(world);
  await enrol(world, "trader");
  for (const as of ["admin", "trader"] as const) {
    // deno-lint-ignore no-await-in-loop -- one after another
    await world.call("POST", "/api/exchange-keys", { as, body: KEY });
  }
  const owners = async (query: string) => {
    const answer = await world.call("GET", `/api/exchange-keys${query}`);
    const text = await answer.text();
    assert(!text.includes("canary"));
    return JSON.parse(text).items.map((
      { ownerId }: { ownerId: string },
    ) => ownerId);
  };
  assert.deepEqual(await owners(""), ["usr_admin"]);
  assert.deepEqual(await owners("?owner=usr_trader"), ["usr_trader"]);
  assert.deepEqual(await owners("?owner=all"), ["usr_admin", "usr_trader"]);
  const page = await json(
    await world.call("GET", "/api/exchange-keys?owner=all&limit=1"),
  );
  assert.equal(page.items.length, 1);
  assert.deepEqual(await owners(`?owner=all&cursor=${page.nextCursor}`), [
    "usr_trader",
  ]);
  for (const owner of ["all", "usr_admin"]) {
    world.audits.length = 0;
    // deno-lint-ignore no-await-in-loop -- one after another
    const refused = await world.call(
      "GET",
      `/api/exchange-keys?owner=${owner}`,
      { as: "trader" },
    );
    // deno-lint-ignore no-await-in-loop -- as above
    assert.equal((await json(refused)).code, "NOT_OWNER");
    assert.equal(world.audits[0]?.action, "keys.read");
  }
  const own = await world.call("GET", "/api/exchange-keys?owner=usr_trader", {
    as: "trader",
  });
  assert.equal((await json(own)).items.length, 1);
});

Deno.test("POST /exchange-keys says what is wrong of each part and repeats none of it", async () => {
  const world = createWorld();
  await enrol(world);
  const answer = await world.call("POST", "/api/exchange-keys", {
    body: { ...KEY, exchange: "Not an id!", secret: "canary-secret\u0000" },
  });
  assert.equal(answer.status, 422);
  const problem = await json(answer);
  assert.deepEqual(
    problem.errors.map(({ pointer }: { pointer: string }) => pointer).sort(),
    ["/exchange", "/secret"],
  );
  assert(!JSON.stringify(problem).includes("canary"));
});

Deno.test("a viewer reads no exchange keys; only the role risk allows one for live trading", async () => {
  const world = createWorld();
  const viewed = await world.call("GET", "/api/exchange-keys", {
    as: "viewer",
  });
  assert.equal((await json(viewed)).code, "ROLE_MISSING");
  const allowed = await world.call("PUT", "/api/exchange-keys/key_1/live", {
    as: "trader",
    body: { allowed: true },
  });
  assert.equal((await json(allowed)).code, "ROLE_MISSING");
});
