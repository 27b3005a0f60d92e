import assert from "node:assert/strict";
import {
  type HostsResponse,
  hostsResponse,
} from "../../../lib/contracts/host.ts";
import { assertProblem } from "./assertions.ts";
import { HOST } from "./samples.ts";
import { createWorld } from "./world.ts";

/** A world where whoever asks proved it a moment ago. */
function provenWorld() {
  const world = createWorld();
  world.options.auth.factor.requireProven = () => Promise.resolve();
  return world;
}

Deno.test("GET /api/hosts lists the hosts to everybody", async () => {
  const world = createWorld();
  const response = await world.call("GET", "/api/hosts", { as: "viewer" });
  const { isShared, items, warnings }: HostsResponse = await response.json();
  assert.deepEqual([isShared, items, warnings], [true, [HOST], []]);
});

Deno.test("POST /api/hosts/{id}/drain wants the role admin and a host that is known", async () => {
  const world = provenWorld();
  const path = `/api/hosts/${HOST.id}/drain`;
  await assertProblem(
    await world.call("POST", path, { as: "risk" }),
    "ROLE_MISSING",
  );
  assert.equal((await world.call("POST", path)).status, 204);
  assert.equal(world.fleet.calls.at(-1)!.method, "drainHost");
  await assertProblem(
    await world.call("POST", "/api/hosts/none/drain"),
    "HOST_NOT_FOUND",
  );
});

Deno.test("POST /api/hosts/{id}/forget wants the name once more, and does nothing without", async () => {
  const world = provenWorld();
  const path = `/api/hosts/${HOST.id}/forget`;
  await assertProblem(
    await world.call("POST", path, { body: { confirm: "host-2" } }),
    "REQUEST_INVALID",
  );
  assert.equal(world.fleet.calls.length, 0);
  const done = await world.call("POST", path, { body: { confirm: HOST.id } });
  assert.equal(done.status, 204);
  assert.equal(world.fleet.calls.at(-1)!.method, "forgetHost");
});

Deno.test("hostsResponse() warns of versions that differ and of no host that is up", () => {
  const at = (change: Partial<typeof HOST>, version = HOST.version) =>
    hostsResponse({
      isShared: true,
      hosts: [{ ...HOST, ...change }],
      version,
    }).warnings;
  assert.deepEqual(at({}), []);
  assert.match(at({}, "9.9.9").join(), /different versions/);
  assert.match(at({ state: "gone" }, "9.9.9").join(), /No host is up/);
  assert.match(at({ state: "draining" }).join(), /No host is up/);
  const single = { isShared: false, hosts: [], version: "1.0.0" };
  assert.deepEqual(hostsResponse(single).warnings, []);
});
