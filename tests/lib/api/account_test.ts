import assert from "node:assert/strict";
import { createApi } from "../../../lib/api/api.ts";
import { assertProblem } from "./assertions.ts";
import { PASSWORD, SETUP_TOKEN } from "./fake_ports.ts";
import { BASE, createWorld } from "./world.ts";

const LOGIN = { email: "Trader@Example.com ", password: PASSWORD };

Deno.test("POST /api/auth/login sets a strict cookie, whose value is not in the answer", async () => {
  const world = createWorld();
  const response = await world.call("POST", "/api/auth/login", {
    as: null,
    body: LOGIN,
  });
  assert.equal(response.status, 200);
  const session = await response.json();
  assert.equal(session.user.email, "trader@example.com");
  assert.deepEqual(Object.keys(session).toSorted(), ["expiresAt", "user"]);
  const cookie = response.headers.get("set-cookie")!;
  const token = /^session=(session-\d+);/.exec(cookie)?.[1];
  assert.equal(
    cookie,
    `session=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600`,
  );
  const me = await world.call("GET", "/api/auth/me", {
    as: null,
    headers: { cookie: `session=${token}` },
  });
  assert.equal((await me.json()).user.role, "trader");
});

Deno.test("POST /api/auth/login uses the __Host- cookie over https, also behind a proxy", async () => {
  const world = createWorld();
  const login = (api: typeof world.api, url: string) =>
    api(
      new Request(`${url}/api/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(LOGIN),
      }),
      { remoteAddress: "192.0.2.1" },
    );
  const direct = await login(world.api, "https://fleet.example");
  assert.match(
    direct.headers.get("set-cookie")!,
    /^__Host-session=.*; Secure$/,
  );
  const behind = createApi({
    ...world.options,
    allowedOrigins: ["https://fleet.example"],
  });
  const proxied = await login(behind, "http://fleet.example");
  const cookie = proxied.headers.get("set-cookie")!;
  assert.match(cookie, /^__Host-session=.*; Secure$/);
  // The plain name could have been planted over http.
  const planted = await behind(
    new Request("http://fleet.example/api/auth/me", {
      headers: { cookie: `session=${world.tokens.admin}` },
    }),
    { remoteAddress: "192.0.2.1" },
  );
  assert.equal(planted.status, 401);
});

Deno.test("POST /api/auth/login refuses wrong credentials, missing fields and tells how long to wait", async () => {
  const world = createWorld();
  const post = (body: unknown) =>
    world.call("POST", "/api/auth/login", { as: null, body });
  await assertProblem(
    await post({ ...LOGIN, password: "nope" }),
    "AUTH_INVALID",
  );
  const problem = await assertProblem(
    await post({ email: "x" }),
    "REQUEST_INVALID",
  );
  assert.deepEqual(
    problem.errors!.map((field) => field.pointer),
    ["/email", "/password"],
  );
  const delayed = await post({ ...LOGIN, email: "slow@example.com" });
  assert.equal(delayed.headers.get("retry-after"), "8");
  await assertProblem(delayed, "LOGIN_DELAYED");
});

Deno.test("POST /api/auth/setup makes the first account with 201 and logs it in", async () => {
  const world = createWorld();
  const body = {
    token: SETUP_TOKEN,
    email: "a@example.com",
    password: PASSWORD,
  };
  const response = await world.call("POST", "/api/auth/setup", {
    as: null,
    body,
  });
  assert.equal(response.status, 201);
  assert.match(response.headers.get("set-cookie")!, /^session=/);
  await assertProblem(
    await world.call("POST", "/api/auth/setup", {
      as: null,
      body: { ...body, token: "wrong" },
    }),
    "SETUP_TOKEN_INVALID",
  );
  const short = await assertProblem(
    await world.call("POST", "/api/auth/setup", {
      as: null,
      body: { ...body, password: "short" },
    }),
    "REQUEST_INVALID",
  );
  assert.match(short.errors![0]!.detail, /at least 15/);
});

Deno.test("POST /api/auth/logout ends the session and removes the cookie", async () => {
  const world = createWorld();
  const headers = { cookie: `session=${world.tokens.viewer}`, origin: BASE };
  const response = await world.call("POST", "/api/auth/logout", {
    as: null,
    headers,
  });
  assert.equal(response.status, 204);
  assert.match(response.headers.get("set-cookie")!, /^session=; .*Max-Age=0/);
  await assertProblem(
    await world.call("GET", "/api/auth/me", { as: null, headers }),
    "AUTH_REQUIRED",
  );
});

Deno.test("GET /api/auth/me names the user and what the role may do, nothing more", async () => {
  const world = createWorld();
  const me = await (await world.call("GET", "/api/auth/me", { as: "operator" }))
    .json();
  assert.deepEqual(me.user, {
    id: "usr_operator",
    email: "operator@example.com",
    role: "operator",
  });
  assert.ok(me.actions.includes("agents.stop"));
  assert.ok(!me.actions.includes("agents.spawn"));
  assert.equal(me.reach["agents.stop"], "any");
  assert.equal(me.reach["account.factor"], "own");
  assert.ok(!("agents.spawn" in me.reach));
});

Deno.test("GET /api/auth/me tells of an API token only what it was made for", async () => {
  const world = createWorld();
  const identity = await world.options.auth.authenticate(world.tokens.risk);
  world.options.auth.authenticate = () =>
    Promise.resolve({
      ...identity!,
      kind: "api_token",
      scopes: ["account.read", "agents.configure", "users.manage"],
    });
  const me = await (await world.call("GET", "/api/auth/me")).json();
  assert.deepEqual(me.actions, ["account.read", "agents.configure"]);
  assert.deepEqual(me.reach, {
    "account.read": "own",
    "agents.configure": "any",
  });
});
