import assert from "node:assert/strict";
import { Hono } from "hono";
import { createAuthorizer } from "../../../lib/api/authorizer.ts";
import type { ApiEnv } from "../../../lib/api/context.ts";
import { assertDeclared } from "../../../lib/api/declarations.ts";
import { createJudge } from "../../../lib/api/judge.ts";
import { identityOf, userOf } from "../../support/users.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

const TRADER = identityOf(userOf());
const FOREIGN = { ownerId: "usr_2", ownerEmail: "two@example.com" };

Deno.test("verdict() looks at role, scope, owner and proof in this order", async () => {
  const { verdict } = createJudge(createWorld().options);
  const codeOf = async (...asked: Parameters<typeof verdict>) =>
    (await verdict(...asked))?.code ?? null;
  const live = { ownerId: TRADER.user.id, isLive: true };
  const foreign = { ...FOREIGN, isLive: true };
  assert.equal(await codeOf(TRADER, "agents.kill", foreign), "ROLE_MISSING");
  const token = { ...TRADER, scopes: ["agents.start"] as const };
  assert.equal(await codeOf(token, "agents.delete", foreign), "SCOPE_MISSING");
  assert.equal(await codeOf(TRADER, "agents.configure", foreign), "NOT_OWNER");
  assert.equal(
    await codeOf(TRADER, "agents.configure", live),
    "FRESH_PROOF_NEEDED",
  );
  assert.equal(
    await codeOf(TRADER, "agents.configure", { ...live, isLive: false }),
    null,
  );
  assert.equal(
    await codeOf(token, "agents.start", foreign),
    "FRESH_PROOF_NEEDED",
  );
  assert.equal(await codeOf(TRADER, "agents.stop", foreign), null);
});

Deno.test("a refusal stands although it cannot be recorded, and that is logged", async () => {
  const world = createWorld();
  world.options.audit = () => Promise.reject(new Error("the store is down"));
  const { id } = world.fleet.add();
  await assertProblem(
    await world.call("DELETE", `/api/agents/${id}`, { as: "viewer" }),
    "ROLE_MISSING",
  );
  assert.match(world.errors[0]!.error, /not recorded: the store is down/);
});

Deno.test("judge() answers for one of several things, and puts each refusal on record", async () => {
  const world = createWorld();
  const { judge } = createAuthorizer(world.options);
  const app = new Hono<ApiEnv>().get("/", async (c) => {
    c.set("login", { identity: TRADER, transport: "bearer" });
    const things = [
      { ownerId: TRADER.user.id, isLive: false, id: "agt_own" },
      { ...FOREIGN, isLive: false, id: "agt_foreign" },
    ];
    const codes = [];
    for (const thing of things) {
      // deno-lint-ignore no-await-in-loop -- in the order of the answer
      const refusal = await judge(c, "agents.configure", thing);
      codes.push(refusal?.code ?? "ok");
    }
    return c.json(codes);
  });
  const answer = await app.request("/", {}, {
    requestId: "req_1",
    remoteAddress: "192.0.2.1",
    extraHeaders: new Map(),
  });
  assert.deepEqual(await answer.json(), ["ok", "NOT_OWNER"]);
  assert.deepEqual(world.audits.map(({ target }) => target), ["agt_foreign"]);
});

Deno.test("assertDeclared() lets no route be that names no action", () => {
  const { allow } = createAuthorizer(createWorld().options);
  const app = new Hono<ApiEnv>()
    .get("/open", (c) => c.text("open"))
    .get("/guarded", allow("agents.read"), (c) => c.text("guarded"));
  assertDeclared(app.routes, ["/open"]);
  assert.throws(
    () => assertDeclared(app.routes, []),
    /GET \/open names no act/,
  );
});
