/** Logins, sessions and tokens over HTTP, with the real service behind them. */
import { withBearer } from "../../support/with_bearer.ts";
import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { createApi } from "../../../lib/api/api.ts";
import { createLiveHub } from "../../../lib/live/hub.ts";
import { runCli } from "../../../lib/cli/mod.ts";
import {
  type AuthSetup,
  CLIENT,
  EMAIL,
  PASSWORD,
  setUp,
  withAuth,
} from "../auth/support.ts";
import { auditOf } from "../store/support.ts";
import { userOf } from "../../support/users.ts";
import { assertProblem } from "./assertions.ts";
import { BASE, createWorld } from "./world.ts";
import { createMachine } from "../cli/machine.ts";

type Call = (
  method: string,
  path: string,
  options?: {
    token?: string;
    cookie?: string;
    body?: unknown;
    agent?: string;
    idempotencyKey?: string;
  },
) => Promise<Response>;

/** The whole API over a real auth service, with one admin. */
async function withApi(
  test: (setup: AuthSetup & { call: Call; cookie: string }) => Promise<void>,
): Promise<void> {
  await withAuth(async (setup) => {
    const world = createWorld();
    const api = createApi({
      ...world.options,
      auth: setup.auth,
      now: () => setup.time.nowMs(),
    });
    const call: Call = async (method, path, given = {}) => {
      const { token, cookie, body, agent = "test" } = given;
      const request = new Request(`${BASE}${path}`, {
        method,
        headers: {
          "user-agent": agent,
          "idempotency-key": given.idempotencyKey ?? "",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cookie === undefined
            ? {}
            : { cookie: `session=${cookie}`, origin: BASE }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return await api(request, { remoteAddress: CLIENT.address });
    };
    await test({ ...setup, call, cookie: await setUp(setup) });
  });
}

// deno-lint-ignore no-explicit-any -- the tests assert what they read
async function json(response: Response): Promise<any> {
  const text = await response.text();
  assert.ok(response.ok, text);
  return JSON.parse(text);
}

const LOGIN = { email: EMAIL, password: PASSWORD };

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

Deno.test("POST /api/auth/token and /refresh give a program five minutes at a time", () =>
  withApi(async ({ call, time }) => {
    const first = await json(
      await call("POST", "/api/auth/token", { body: LOGIN }),
    );
    assert.deepEqual(Object.keys(first).toSorted(), [
      "accessToken",
      "expiresAt",
      "loginEndsAt",
      "refreshToken",
      "user",
    ]);
    const me = (token: string) => call("GET", "/api/auth/me", { token });
    assert.equal((await me(first.accessToken)).status, 200);
    time.advance(5 * 60_000);
    await assertProblem(await me(first.accessToken), "AUTH_REQUIRED");
    const body = { refreshToken: first.refreshToken };
    const next = await json(await call("POST", "/api/auth/refresh", { body }));
    assert.equal((await me(next.accessToken)).status, 200);
    await assertProblem(
      await call("POST", "/api/auth/refresh", { body, agent: "thief" }),
      "REFRESH_INVALID",
    );
    await assertProblem(await me(next.accessToken), "AUTH_REQUIRED");
    await assertProblem(
      await call("POST", "/api/auth/token", {
        body: { ...LOGIN, password: "wrong" },
      }),
      "AUTH_INVALID",
    );
    await assertProblem(
      await call("POST", "/api/auth/refresh", { body: {} }),
      "REQUEST_INVALID",
    );
  }));

Deno.test("a cookie works as a cookie alone, and a program's tokens as a bearer alone", () =>
  withApi(async ({ call, cookie }) => {
    const { accessToken, refreshToken } = await json(
      await call("POST", "/api/auth/token", { body: LOGIN }),
    );
    const me = (given: { token?: string; cookie?: string }) =>
      call("GET", "/api/auth/me", given);
    assert.equal((await me({ cookie })).status, 200);
    await assertProblem(await me({ token: cookie }), "AUTH_REQUIRED");
    await assertProblem(await me({ cookie: accessToken }), "AUTH_REQUIRED");
    await assertProblem(await me({ token: refreshToken }), "AUTH_REQUIRED");
  }));

Deno.test("GET /api/sessions shows one's own logins and no secret; DELETE ends one at once", () =>
  withApi(async ({ call, cookie }) => {
    const { accessToken } = await json(
      await call("POST", "/api/auth/token", { body: LOGIN, agent: "bot/2" }),
    );
    const response = await call("GET", "/api/sessions", { cookie });
    const text = await response.text();
    assert.ok(!text.includes(cookie) && !text.includes("Hash"));
    const { items } = JSON.parse(text);
    assert.equal(items.length, 2);
    const program = items.find(({ kind }: { kind: string }) =>
      kind === "program"
    );
    assert.equal(program.userAgent, "bot/2");
    assert.equal(program.isThis, false);
    const path = `/api/sessions/${program.id}`;
    assert.equal((await call("DELETE", path, { cookie })).status, 204);
    await assertProblem(
      await call("GET", "/api/auth/me", { token: accessToken }),
      "AUTH_REQUIRED",
    );
    await assertProblem(
      await call("DELETE", path, { cookie }),
      "SESSION_NOT_FOUND",
    );
    for (let n = 0; n < 3; n++) {
      // deno-lint-ignore no-await-in-loop -- one login after the other
      await json(await call("POST", "/api/auth/login", { body: LOGIN }));
    }
    const revoked = await json(
      await call("POST", "/api/sessions/revoke-others", { cookie }),
    );
    assert.deepEqual(revoked, { revoked: 3 });
    assert.equal((await call("GET", "/api/auth/me", { cookie })).status, 200);
  }));

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

Deno.test("a revoked login's socket and stream are closed, that of others stay", () =>
  withAuth(async (setup) => {
    const { store, time } = setup;
    const world = createWorld();
    const hub = createLiveHub({
      events: store.events,
      time,
      // Nothing to read, so that nobody counts as stuck while time leaps.
      heartbeatMs: 3_600_000,
    });
    const cookie = await setUp(setup);
    const api = createApi({
      ...world.options,
      auth: setup.auth,
      hub,
      now: () => time.nowMs(),
    });
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => api(request, { remoteAddress: "127.0.0.1" }),
    );
    const url = `127.0.0.1:${server.addr.port}`;
    const login = () => setup.auth.loginProgram(LOGIN, CLIENT);
    const [ended, going] = [await login(), await login()];
    const open = async (token: string) => {
      const socket = new WebSocket(
        `ws://${url}/api/socket?topics=agent:update`,
        withBearer(token),
      );
      const closed = new Promise<CloseEvent>((resolve) => {
        socket.onclose = resolve;
      });
      await new Promise((resolve) => socket.onmessage = resolve);
      return { socket, closed };
    };
    const sockets = [
      await open(ended.accessToken),
      await open(going.accessToken),
    ] as const;
    const stream = await fetch(`http://${url}/api/stream`, {
      headers: { authorization: `Bearer ${ended.accessToken}` },
    });
    // The token of five minutes has ended long ago; the login has not.
    time.advance(6 * 60_000);
    assert.equal(sockets[0].socket.readyState, WebSocket.OPEN);
    // Another process ends the login: the hub finds out by itself.
    const { items } = await json(
      await api(
        new Request(`${BASE}/api/sessions`, {
          headers: { cookie: `session=${cookie}` },
        }),
        { remoteAddress: "127.0.0.1" },
      ),
    );
    const programs = items.filter(({ kind }: { kind: string }) =>
      kind === "program"
    ).map(({ id }: { id: string }) => id).toSorted();
    await store.sessions.remove([programs[0]!], null);
    for (let second = 0; second < 60; second++) time.advance(1_000);
    const { code, reason } = await sockets[0].closed;
    assert.equal(code, 4401);
    assert.match(reason, /log in again/);
    const text = await stream.text();
    assert.match(text, /The login has ended/);
    assert.equal(sockets[1].socket.readyState, WebSocket.OPEN);
    // This process ends one, and tells the hub at once.
    await setup.auth.sessions.revoke(programs[1]!, {
      userId: "usr",
      email: EMAIL,
      via: "api",
    });
    hub.recheck(going.user.id);
    assert.equal((await sockets[1].closed).code, 4401);
    await hub.close("The test ends");
  }));

Deno.test("two commands at once that must renew one login both go on with it", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    await using machine = createMachine();
    const { world, io, server, env } = machine;
    delete env["AGENT_TOKEN"];
    const api = createApi({
      ...world.options,
      auth: setup.auth,
      now: () => setup.time.nowMs(),
    });
    io.fetch = async (url, init) =>
      await api(new Request(url, init), { remoteAddress: "127.0.0.1" });
    io.now = () => setup.time.nowMs();
    machine.input.text = PASSWORD;
    assert.equal((await machine.run("login", "--email", EMAIL)).exitCode, 0);
    for (let round = 0; round < 3; round++) {
      setup.time.advance(6 * 60_000);
      // deno-lint-ignore no-await-in-loop -- rounds follow each other
      const codes = await Promise.all(
        [1, 2, 3].map(() => runCli(["list", "--server", server], io)),
      );
      assert.deepEqual(codes, [0, 0, 0]);
    }
  }));
