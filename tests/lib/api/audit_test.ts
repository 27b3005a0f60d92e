import assert from "node:assert/strict";
import type { AuditRecord } from "../../../lib/contracts/audit_trail.ts";
import { parseLine } from "../../../lib/store/audit/lines.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

Deno.test("GET /api/audit filters, and refuses a filter that it does not know", async () => {
  const { call } = createWorld();
  const query = "actor=U1@&outcome=ok&from=2020-01-01&to=2100-01-01T00:00:00Z";
  const answer = await call("GET", `/api/audit?${query}`, { as: "risk" });
  assert.equal(answer.status, 200);
  const { items }: { items: AuditRecord[] } = await answer.json();
  assert.deepEqual(items.map(({ actor }) => actor.id), ["usr_1"]);
  for (
    const wrong of ["stream=all", "outcome=maybe", "from=yesterday", "who=me"]
  ) {
    // deno-lint-ignore no-await-in-loop -- one after another
    const refused = await call("GET", `/api/audit?${wrong}`);
    // deno-lint-ignore no-await-in-loop -- as above
    await assertProblem(refused, "REQUEST_INVALID");
  }
  await assertProblem(
    await call("GET", "/api/audit?cursor=12"),
    "REQUEST_INVALID",
  );
});

Deno.test("GET /api/audit/export streams one entry a line, and names a selection as such", async () => {
  const { call } = createWorld();
  const answer = await call("GET", "/api/audit/export");
  assert.match(answer.headers.get("content-type")!, /^application\/x-ndjson/);
  assert.match(
    answer.headers.get("content-disposition")!,
    /filename="smc-fleet-audit-2026-09-01\.ndjson"/,
  );
  const lines = (await answer.text()).trimEnd().split("\n").map(parseLine);
  assert.deepEqual(lines.map(({ kind }) => kind), Array(5).fill("record"));
  const part = await call("GET", "/api/audit/export?action=stop");
  assert.match(part.headers.get("content-disposition")!, /audit-part-/);
  await part.body?.cancel();
});

Deno.test("a refused command is on record with who, what and why, a refused look is not", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const send = (body: unknown) =>
    world.call("POST", `/api/agents/${id}/control`, {
      as: "trader",
      body,
      headers: { "idempotency-key": crypto.randomUUID() },
    });
  world.fleet.agents.get(id)!.observed = "running";
  await assertProblem(await send({ action: "dance" }), "REQUEST_INVALID");
  assert.equal(world.audits.length, 0, "what it was to be is not known");
  const spawn = await world.call("POST", "/api/agents/spawn", {
    as: "trader",
    body: { config: {} },
    headers: {
      "idempotency-key": "one-two-three",
      "x-request-id": "req_of_this_test",
    },
  });
  assert.equal(spawn.status, 422);
  await spawn.body?.cancel();
  const [entry] = world.audits;
  assert.equal(entry!.requestId, "req_of_this_test");
  assert.deepEqual(
    [entry!.actor.name, entry!.action, entry!.outcome, entry!.target],
    ["trader@example.com", "agents.spawn", "refused", "/api/agents/spawn"],
  );
  assert.equal(entry!.detail["code"], "CONFIG_INVALID");
  assert.notEqual(entry!.reason, "");
  await world.call("GET", "/api/agents?limit=x", { as: "viewer" });
  assert.equal(world.audits.length, 1);
});

Deno.test("a refusal is answered although its entry cannot be stored", async () => {
  const world = createWorld();
  world.options.audit = () => Promise.reject(new Error("disk full"));
  const answer = await world.call("POST", "/api/agents/spawn", {
    as: "trader",
    body: { config: {} },
    headers: { "idempotency-key": "one-two-three" },
  });
  await assertProblem(answer, "CONFIG_INVALID");
});

Deno.test("GET /api/health/ready tells of a broken trail and stays ready", async () => {
  const world = createWorld();
  const whole = world.options.auditTrail.check();
  world.options.auditTrail.check = () => ({ ...whole, ok: false });
  const answer = await world.call("GET", "/api/health/ready", { as: null });
  assert.equal(answer.status, 200);
  const { ready, checks } = await answer.json();
  assert.equal(ready, true);
  const audit = checks.find((check: { name: string }) =>
    check.name === "audit"
  );
  assert.equal(audit.ok, false);
  assert.match(audit.detail, /broken/);
});
