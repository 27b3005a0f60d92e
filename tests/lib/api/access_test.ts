import assert from "node:assert/strict";
import {
  type Action,
  ACTIONS,
  isAllowed,
  ROLES,
} from "../../../lib/contracts/policy.ts";
import { listDeclarations, listRoutes } from "../../../lib/api/api.ts";
import { OPEN_PATHS } from "../../../lib/api/gate.ts";
import { assertProblem } from "./assertions.ts";
import { sampleConfig } from "./samples.ts";
import { createWorld, UNKNOWN_ID, type World } from "./world.ts";

/** The action behind every route, written down a second time so that a route cannot slip through unnoticed. */
const ACTION_OF: Readonly<Record<string, Action | "open" | "by body">> = {
  "GET /api/health": "open",
  "GET /api/health/live": "open",
  "GET /api/health/ready": "open",
  "POST /api/auth/setup": "open",
  "POST /api/auth/login": "open",
  "POST /api/auth/token": "open",
  "POST /api/auth/refresh": "open",
  "GET /api/sessions": "sessions.read",
  "POST /api/sessions/revoke-others": "sessions.revoke",
  "DELETE /api/sessions/:session": "sessions.revoke",
  "GET /api/quotas": "account.read",
  "GET /api/metrics": "metrics.read",
  "GET /api/system": "system.read",
  "GET /api/hosts": "hosts.read",
  "POST /api/hosts/:host/drain": "hosts.manage",
  "POST /api/hosts/:host/forget": "hosts.manage",
  "GET /api/risk": "agents.read",
  "POST /api/bundles/export": "templates.import",
  "POST /api/bundles/read": "templates.read",
  "POST /api/bundles/import": "templates.import",
  "GET /api/bundles/authors": "templates.read",
  "PUT /api/bundles/authors": "templates.import",
  "GET /api/bundles/compare": "templates.read",
  "GET /api/bundles/checks": "templates.read",
  "POST /api/bundles/checks": "backtests.run",
  "GET /api/analytics": "agents.read",
  "GET /api/analytics/export": "agents.read",
  "GET /api/tokens": "tokens.read",
  "POST /api/tokens": "tokens.create",
  "DELETE /api/tokens/:token": "tokens.revoke",
  "POST /api/auth/logout": "account.logout",
  "GET /api/auth/me": "account.read",
  "GET /api/account/second-factor": "account.factor",
  "POST /api/account/second-factor": "account.factor",
  "POST /api/account/second-factor/confirm": "account.factor",
  "POST /api/account/second-factor/remove": "account.factor",
  "POST /api/account/step-up": "account.factor",
  "POST /api/account/step-up/options": "account.factor",
  "GET /api/account/passkeys": "account.factor",
  "POST /api/account/passkeys": "account.passkeys",
  "POST /api/account/passkeys/options": "account.passkeys",
  "PUT /api/account/passkeys/:passkey": "account.factor",
  "DELETE /api/account/passkeys/:passkey": "account.passkeys",
  "GET /api/account/preferences": "account.read",
  "PUT /api/account/preferences": "account.preferences",
  "POST /api/account/password": "account.password",
  "POST /api/auth/passkey": "open",
  "POST /api/auth/passkey/options": "open",
  "POST /api/auth/invite": "open",
  "GET /api/users": "users.read",
  "POST /api/users": "users.manage",
  "PUT /api/users/:user": "users.manage",
  "POST /api/users/:user/reset-link": "users.manage",
  "GET /api/invites": "users.read",
  "DELETE /api/invites/:invite": "users.manage",
  "GET /api/alerts/setup": "alerts.read",
  "GET /api/alerts/channels": "alerts.read",
  "POST /api/alerts/channels": "alerts.manage",
  "GET /api/alerts/channels/:channel/deliveries": "alerts.read",
  "POST /api/alerts/channels/:channel/test": "alerts.manage",
  "DELETE /api/alerts/channels/:channel": "alerts.remove",
  "GET /api/alerts/rules": "alerts.read",
  "POST /api/alerts/rules": "alerts.manage",
  "PUT /api/alerts/rules/:rule": "alerts.manage",
  "DELETE /api/alerts/rules/:rule": "alerts.remove",
  "GET /api/exchange-keys": "keys.read",
  "POST /api/exchange-keys": "keys.add",
  "POST /api/exchange-keys/:key/test": "keys.test",
  "POST /api/exchange-keys/:key/rotate": "keys.rotate",
  "PUT /api/exchange-keys/:key/live": "keys.live",
  "DELETE /api/exchange-keys/:key": "keys.revoke",
  "GET /api/templates": "templates.read",
  "GET /api/templates/:name/file": "templates.read",
  "POST /api/templates": "templates.import",
  "DELETE /api/templates/:name": "templates.delete",
  "GET /api/candle-files": "templates.read",
  "GET /api/models": "templates.read",
  "GET /api/stream": "stream.read",
  "GET /api/socket": "stream.read",
  "POST /api/socket/ticket": "stream.read",
  "GET /api/socket/with-ticket": "open",
  "POST /api/csp-report": "open",
  "GET /api/logs/export": "logs.read",
  "GET /api/docs": "account.read",
  "GET /api/openapi.json": "account.read",
  "GET /api/dead-letters": "logs.read",
  "GET /api/agents/logs": "logs.read",
  "GET /api/agents/:id/logs": "logs.read",
  "GET /api/agents": "agents.read",
  "POST /api/agents/validate": "agents.validate",
  "POST /api/agents/spawn": "agents.spawn",
  "GET /api/agents/:id": "agents.read",
  "POST /api/agents/control": "by body",
  "GET /api/agents/:id/config": "agents.read",
  "GET /api/agents/:id/config/history": "agents.read",
  "POST /api/agents/:id/config/preview": "agents.validate",
  "PUT /api/agents/:id/config": "agents.configure",
  "POST /api/agents/:id/control": "by body",
  "POST /api/agents/:id/orders/:order/absent": "orders.settle",
  "DELETE /api/agents/:id": "agents.delete",
  "GET /api/agents/:id/performance": "agents.read",
  "GET /api/agents/:id/resources": "agents.read",
  "GET /api/agents/:id/latency": "agents.read",
  "GET /api/agents/:id/chart": "agents.read",
  "GET /api/agents/:id/trades": "agents.read",
  "GET /api/agents/:id/orders": "agents.read",
  "GET /api/agents/:id/decisions": "agents.read",
  "GET /api/teams": "agents.read",
  "GET /api/teams/templates": "templates.read",
  "POST /api/teams/validate": "agents.validate",
  "POST /api/teams/spawn": "agents.spawn",
  "GET /api/teams/:id": "agents.read",
  "POST /api/teams/:id/control": "by body",
  "DELETE /api/teams/:id": "agents.delete",
  "GET /api/backtests": "backtests.read",
  "GET /api/backtests/:id": "backtests.read",
  "GET /api/backtests/:id/report.html": "backtests.read",
  "GET /api/backtests/:id/candles": "backtests.read",
  "GET /api/backtests/:id/replay": "backtests.read",
  "POST /api/backtests": "backtests.run",
  "POST /api/backtests/:id/cancel": "backtests.cancel",
  "DELETE /api/backtests/:id": "backtests.delete",
  "GET /api/emergency": "emergency.read",
  "POST /api/emergency": "emergency.stop",
  "POST /api/emergency/drill": "emergency.read",
  "POST /api/emergency/:id/release": "emergency.release",
  "GET /api/agents/:id/template": "agents.read",
  "GET /api/agents/:id/risk": "agents.read",
  "GET /api/agents/:id/recordings": "recordings.read",
  "GET /api/agents/:id/recordings/:name": "recordings.read",
  "GET /api/audit": "audit.read",
  "GET /api/audit/export": "audit.read",
  "GET /api/audit/check": "audit.read",
};

function routesOf(world: World) {
  return listRoutes(world.options).map((route) => ({
    ...route,
    name: `${route.method} ${route.path}`,
  }));
}

Deno.test("listDeclarations says of every route what is written down here", () => {
  const declared = listDeclarations(createWorld().options).map((
    { method, path, declared },
  ) => [
    `${method} ${path}`,
    declared === null ? "open" : declared.actions.join(" ") || "by body",
  ]);
  assert.deepEqual(
    Object.fromEntries(declared.toSorted()),
    Object.fromEntries(Object.entries(ACTION_OF).toSorted()),
  );
});

Deno.test("every route but the open ones answers 401 without a login and with a wrong one", async () => {
  const world = createWorld();
  for (const { method, path, name } of routesOf(world)) {
    if (OPEN_PATHS.includes(path)) continue;
    for (
      const headers of [
        {},
        { authorization: "Bearer wrong" },
        { authorization: "Basic YTpi" },
        { cookie: "session=wrong" },
      ]
    ) {
      world.clock.now += 1_000;
      const response = await world.call(
        method,
        path.replaceAll(/:id|:name/g, "x"),
        {
          as: null,
          headers: headers as Record<string, string>,
        },
      );
      const problem = await assertProblem(response, "AUTH_REQUIRED");
      assert.equal(
        response.headers.get("www-authenticate"),
        'Bearer realm="smc-fleet"',
        name,
      );
      assert.match(problem.detail, /[Ll]og in/);
    }
  }
  assert.equal(world.fleet.calls.length, 0);
});

Deno.test("unknown paths tell nothing to who is not logged in", async () => {
  const world = createWorld();
  await assertProblem(
    await world.call("GET", "/api/secret", { as: null }),
    "AUTH_REQUIRED",
  );
});

Deno.test("POLICY gives each role what the one before has, and the spec's steps", () => {
  const least = (action: Action) =>
    ROLES.find((role) => isAllowed(role, action));
  for (const action of ACTIONS) {
    let before = false;
    for (const role of ROLES) {
      const now = isAllowed(role, action);
      assert.ok(now || !before, `${role} lost ${action}`);
      before = now;
    }
    assert.ok(isAllowed("admin", action));
  }
  assert.equal(least("agents.read"), "viewer");
  assert.equal(least("agents.stop"), "operator");
  assert.equal(least("agents.spawn"), "trader");
  assert.equal(least("agents.kill"), "risk");
  assert.equal(least("agents.rearm"), "risk");
  assert.equal(least("orders.settle"), "risk");
  assert.equal(isAllowed("nobody" as "viewer", "agents.read"), false);
});

Deno.test("a refusal by role is audited with who, what and where", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  await world.call("DELETE", `/api/agents/${id}`, { as: "viewer" });
  assert.equal(world.audits.length, 1);
  assert.equal(world.audits[0]!.actor.name, "viewer@example.com");
  assert.equal(world.audits[0]!.action, "agents.delete");
  assert.equal(world.audits[0]!.target, `/api/agents/${id}`);
  assert.equal(world.audits[0]!.outcome, "refused");
});

Deno.test("an id of nobody is a 404 only for who may ask", async () => {
  const world = createWorld();
  await assertProblem(
    await world.call("DELETE", `/api/agents/${UNKNOWN_ID}`, { as: "viewer" }),
    "ROLE_MISSING",
  );
});

Deno.test("POST /api/agents/spawn as an operator is refused before the body is read", async () => {
  const world = createWorld();
  const response = await world.call("POST", "/api/agents/spawn", {
    as: "operator",
    body: { config: sampleConfig() },
  });
  await assertProblem(response, "ROLE_MISSING");
});
