import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import type {
  EmergencyResponse,
  StopResponse,
} from "../../../lib/contracts/emergency.ts";
import { assertProblem } from "./assertions.ts";
import { PASSWORD } from "./fake_ports.ts";
import { createWorld, type World } from "./world.ts";

const RELEASE = { reason: "looked at", confirm: "RELEASE", password: PASSWORD };

function stop(
  world: World,
  { as = "operator", body = {}, key = crypto.randomUUID() as string } = {},
) {
  return world.call("POST", "/api/emergency", {
    as: as as "operator",
    body,
    headers: { "idempotency-key": key },
  });
}

async function stopped(world: World, as = "risk"): Promise<string> {
  const answer: StopResponse = await (await stop(world, { as })).json();
  return answer.stop.id;
}

function release(world: World, id: string, given: object = {}) {
  const { as = "admin", ...body } = given as { as?: "admin" };
  return world.call("POST", `/api/emergency/${id}/release`, {
    as,
    body: { ...RELEASE, ...body },
  });
}

Deno.test("POST emergency without a choice withdraws the entries of everything", async () => {
  const world = createWorld();
  const response = await stop(world);
  assert.equal(response.status, 202);
  const { stop: { scope, lever, by } }: StopResponse = await response.json();
  assert.deepEqual([scope.kind, lever], ["all", "cancel"]);
  assert.equal(by.name, "operator@example.com");
  const state: EmergencyResponse =
    await (await world.call("GET", "/api/emergency", { as: "viewer" })).json();
  assert.equal(state.latches.length, 1);
});

Deno.test("POST emergency with the same key is the same stop, for this user only", async () => {
  const world = createWorld();
  const ids = [];
  for (const as of ["operator", "operator", "trader"]) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const response = await stop(world, { as, key: "key-1" });
    // deno-lint-ignore no-await-in-loop -- as above
    ids.push((await response.json() as StopResponse).stop.id);
  }
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[0], ids[2]);
  assert.equal(world.fleet.emergency.latches.length, 2);
});

Deno.test("POST emergency refuses the key of another stop, and of one that was released since", async () => {
  const world = createWorld();
  const key = "key-1";
  const paper = { scope: { kind: "account", id: "paper" } };
  const { stop: { id } }: StopResponse =
    await (await stop(world, { key, body: paper })).json();
  const other = { scope: { kind: "account", id: "key_1" } };
  await assertProblem(
    await stop(world, { key, body: other }),
    "IDEMPOTENCY_KEY_REUSED",
  );
  assert.equal((await release(world, id)).status, 200);
  await assertProblem(
    await stop(world, { key, body: paper }),
    "IDEMPOTENCY_KEY_REUSED",
  );
  assert.equal(world.fleet.emergency.latches.length, 0);
});

Deno.test("POST emergency needs neither the store's keys nor a server that takes changes", async () => {
  const world = createWorld();
  world.options.idempotency.begin = () => Promise.reject(new Error("down"));
  world.fleet.held = "The disk is full";
  world.draining.on = true;
  assert.equal((await stop(world)).status, 202);
});

Deno.test("POST emergency says what is wrong with a request", async () => {
  const world = createWorld();
  await assertProblem(
    await world.call("POST", "/api/emergency", { body: {} }),
    "IDEMPOTENCY_KEY_MISSING",
  );
  for (
    const body of [
      { lever: "explode" },
      { scope: { kind: "galaxy" } },
      { scope: { kind: "agent" } },
      { deadlineMs: 1 },
      { levers: "block" },
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- each refusal is looked at
    await assertProblem(await stop(world, { body }), "REQUEST_INVALID");
  }
  assert.equal(world.fleet.emergency.latches.length, 0);
});

Deno.test("POST emergency/drill does nothing", async () => {
  const world = createWorld();
  const response = await world.call("POST", "/api/emergency/drill", {
    as: "viewer",
    body: { lever: "flatten" },
  });
  assert.equal(response.status, 200);
  assert.equal(world.fleet.emergency.drills.length, 1);
  assert.equal(world.fleet.emergency.latches.length, 0);
});

Deno.test("release needs a second person where there is one with the role", async () => {
  const world = createWorld();
  const id = await stopped(world, "admin");
  await assertProblem(await release(world, id), "SECOND_PERSON_NEEDED");
  assert.equal(world.fleet.emergency.latches.length, 1);
  const other = await release(world, id, { as: "risk" });
  assert.equal(other.status, 200);
  const { latches, released }: EmergencyResponse = await other.json();
  assert.deepEqual(latches, []);
  assert.equal(released[0]!.release!.by.name, "risk@example.com");
});

Deno.test("release is open to the same person where nobody else has the role", async () => {
  const world = createWorld();
  const id = await stopped(world, "admin");
  world.sessions.delete(world.tokens.risk);
  assert.equal((await release(world, id)).status, 200);
});

Deno.test("release of what an operator has stopped is anybody's with the role", async () => {
  const world = createWorld();
  const id = await stopped(world, "operator");
  await assertProblem(
    await release(world, id, { as: "trader" }),
    "ROLE_MISSING",
  );
  assert.equal((await release(world, id)).status, 200);
});

Deno.test("release needs the word, a reason and the password", async () => {
  const world = createWorld();
  const id = await stopped(world);
  for (const given of [{ confirm: "release" }, { reason: " " }]) {
    // deno-lint-ignore no-await-in-loop -- each refusal is looked at
    await assertProblem(await release(world, id, given), "REQUEST_INVALID");
  }
  await assertProblem(
    await release(world, id, { password: "a wrong one" }),
    "PROOF_INVALID",
  );
  assert.equal(world.fleet.emergency.latches.length, 1);
  await assertProblem(
    await release(world, "stop_unknown00"),
    "EMERGENCY_NOT_FOUND",
  );
});

Deno.test("release needs the second factor of who has one, in place of the password", async () => {
  const world = createWorld();
  const id = await stopped(world);
  const { secret } = await (await world.call(
    "POST",
    "/api/account/second-factor",
    { body: { password: "any" } },
  )).json();
  const code = () =>
    new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
      .generate({ timestamp: world.clock.now });
  await world.call("POST", "/api/account/second-factor/confirm", {
    body: { code: code() },
  });
  world.clock.now += 5 * 60_000;
  await assertProblem(await release(world, id), "FRESH_PROOF_NEEDED");
  await assertProblem(
    await release(world, id, { code: "12" }),
    "REQUEST_INVALID",
  );
  const released = await release(world, id, { password: "", code: code() });
  assert.equal(released.status, 200);
  assert.equal(world.fleet.emergency.latches.length, 0);
});
