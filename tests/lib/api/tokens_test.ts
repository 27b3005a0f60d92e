import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { type AuthSetup, CLIENT, EMAIL, PASSWORD } from "../auth/support.ts";
import { auditOf } from "../store/support.ts";
import { userOf } from "../../support/users.ts";
import { assertProblem } from "./assertions.ts";
import { type Call, json, LOGIN, withApi } from "./logins_world.ts";

/** Makes one more account and logs it in as a program. */
async function another(
  { store, auth }: AuthSetup,
  role: "viewer" | "trader",
): Promise<{ token: string; sessionId: string }> {
  const user = userOf({
    id: `usr_${role}`,
    email: `${role}@example.com`,
    role,
  });
  const admin = (await store.users.byEmail(EMAIL))!;
  await store.users.create(user, {
    passwordHash: admin.passwordHash,
    onlyFirst: false,
    audit: auditOf("users.create"),
  });
  const login = await auth.loginProgram(
    { email: user.email, password: PASSWORD },
    CLIENT,
  );
  const { sessionId } = (await auth.authenticate(login.accessToken))!;
  return { token: login.accessToken, sessionId };
}

/** A fresh proof of a second factor, for whoever the token belongs to. */
async function prove(call: Call, time: AuthSetup["time"], token: string) {
  const { secret } = await json(
    await call("POST", "/api/account/second-factor", {
      token,
      body: { password: PASSWORD },
    }),
  );
  const code = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
    .generate({ timestamp: time.nowMs() });
  await json(
    await call("POST", "/api/account/second-factor/confirm", {
      token,
      body: { code },
    }),
  );
}

Deno.test("another's logins and tokens are not there for anybody but an admin", () =>
  withApi(async (setup) => {
    const { call, cookie, auth } = setup;
    const trader = await another(setup, "trader");
    const viewer = await another(setup, "viewer");
    const { token } = viewer;
    const as = (method: string, path: string) => call(method, path, { token });
    await assertProblem(
      await as("DELETE", `/api/sessions/${trader.sessionId}`),
      "SESSION_NOT_FOUND",
    );
    for (const path of ["/api/sessions", "/api/tokens"]) {
      // deno-lint-ignore no-await-in-loop -- one list after the other
      await assertProblem(
        await as("GET", `${path}?user=usr_trader`),
        "NOT_OWNER",
      );
    }
    const others = "/api/sessions/revoke-others?user=usr_trader";
    await assertProblem(await as("POST", others), "NOT_OWNER");
    const made = await auth.apiTokens.create(
      userOf({ id: "usr_trader", role: "trader" }),
      { name: "x", scopes: ["agents.read"], expiresInDays: 1 },
      { userId: "usr_trader", email: "t", via: "api" },
    );
    const tokenPath = `/api/tokens/${made.view.id}`;
    await assertProblem(await as("DELETE", tokenPath), "TOKEN_NOT_FOUND");
    // An admin sees and ends them.
    const listed = await json(
      await call("GET", "/api/tokens?user=usr_trader", { cookie }),
    );
    assert.equal(listed.items[0].name, "x");
    assert.equal((await call("DELETE", tokenPath, { cookie })).status, 204);
    assert.deepEqual(await json(await call("POST", others, { cookie })), {
      revoked: 1,
    });
    await assertProblem(
      await call("GET", "/api/auth/me", { token: trader.token }),
      "AUTH_REQUIRED",
    );
  }));

Deno.test("an API token is made after a fresh proof, does what it was made for and nothing else", () =>
  withApi(async ({ call, time, store }) => {
    const { accessToken: token } = await json(
      await call("POST", "/api/auth/token", { body: LOGIN }),
    );
    const body = {
      name: "reader",
      scopes: ["agents.read", "logs.read"],
      expiresInDays: 1,
    };
    const create = () => call("POST", "/api/tokens", { token, body });
    await assertProblem(await create(), "FRESH_PROOF_NEEDED");
    await prove(call, time, token);
    const made = await json(await create());
    const read = (path: string) => call("GET", path, { token: made.token });
    assert.equal((await read("/api/agents")).status, 200);
    await assertProblem(await read("/api/backtests"), "SCOPE_MISSING");
    await assertProblem(await read("/api/sessions"), "SCOPE_MISSING");
    await assertProblem(
      await call("POST", "/api/auth/logout", { token: made.token }),
      "SCOPE_MISSING",
    );
    const mistyped = await assertProblem(
      await call("GET", "/api/agents", { token: `${made.token}x` }),
      "AUTH_REQUIRED",
    );
    assert.match(mistyped.detail, /checksum/);
    // The role counts at each use: a scope that the person has lost is lost.
    const wide = await json(
      await call("POST", "/api/tokens", {
        token,
        body: { ...body, scopes: ["agents.stop", "agents.kill"] },
      }),
    );
    const admin = (await store.users.byEmail(EMAIL))!.user;
    store.users.byId = () => Promise.resolve({ ...admin, role: "operator" });
    time.advance(5_000);
    await assertProblem(
      await call("POST", `/api/agents/agt_${"0".repeat(26)}/control`, {
        token: wide.token,
        body: { action: "kill", reason: "test" },
        idempotencyKey: "one",
      }),
      "ROLE_MISSING",
    );
  }));
