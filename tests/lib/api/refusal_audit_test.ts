import assert from "node:assert/strict";
import { createApi } from "../../../lib/api/api.ts";
import { rememberConnection } from "../../../lib/api/connection.ts";
import { auditedGate, createFormAudit } from "../../../lib/api/form_audit.ts";
import { createPageGate } from "../../../lib/api/page_gate.ts";
import type { AuditRecord } from "../../../lib/contracts/audit_trail.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { MAX_REFUSALS_PER_ACTOR } from "../../../lib/store/audit/limits.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { identityOf, userOf } from "../../support/users.ts";
import {
  type AuthSetup,
  EMAIL,
  PASSWORD,
  setUp,
  SETUP_TOKEN,
  withAuth,
} from "../auth/support.ts";
import { BASE, createWorld } from "./world.ts";

const EVIL = "https://evil.example";

/** The API over the real service and a real trail. */
function apiOver({ auth, store }: Pick<AuthSetup, "auth" | "store">) {
  const { options } = createWorld();
  const api = createApi({ ...options, auth, audit: store.audit });
  return async (
    path: string,
    { body, headers = {} }: {
      body?: unknown;
      headers?: Record<string, string>;
    } = {},
  ) => {
    const response = await api(
      new Request(`${BASE}/api${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      { remoteAddress: "192.0.2.1" },
    );
    await response.body?.cancel();
    return response.status;
  };
}

async function accesses(store: OpenedStore): Promise<readonly AuditRecord[]> {
  const page = { limit: 200, cursor: null, stream: "access" } as const;
  return (await store.auditPage(page)).items.toReversed();
}

function told({ actor, via, action, outcome, reason }: AuditRecord): string {
  return [actor.name, via, action, outcome, reason].join(" | ");
}

const PANEL = { origin: BASE, "sec-fetch-site": "same-origin" };
const CLI = { "user-agent": "smc-fleet-cli/1" };

Deno.test("refused setups are on record with the kind of client that they came from", () =>
  withAuth(async (setup) => {
    const post = apiOver(setup);
    const right = { token: SETUP_TOKEN, email: EMAIL, password: PASSWORD };
    const weak = { ...right, password: "passwordpassword" };
    assert.equal(
      await post("/auth/setup", { body: { ...right, token: "guess" } }),
      401,
    );
    assert.equal(
      await post("/auth/setup", { body: weak, headers: PANEL }),
      422,
    );
    assert.equal(
      await post("/auth/setup", {
        body: { ...right, password: "short" },
        headers: CLI,
      }),
      422,
    );
    await setUp(setup);
    assert.equal(
      await post("/auth/setup", { body: right, headers: PANEL }),
      409,
    );
    const entries = await accesses(setup.store);
    assert.deepEqual(entries.map(told), [
      "anonymous | api | auth.setup | refused | wrong setup token",
      "anonymous | panel | auth.setup | refused | the password is easily guessed",
      "anonymous | cli | auth.setup | refused | password is not as it should be; Use at least 15 characters; a few words are easy to remember",
      "anonymous | panel | auth.setup | refused | the first account exists already",
    ]);
    assert.deepEqual(entries[0]!.detail, { address: "192.0.2.1" });
    assert.ok(!JSON.stringify(entries).includes(PASSWORD));
  }));

Deno.test("a first account is on record with the kind of client that made it", () =>
  withAuth(async (setup) => {
    const body = { token: SETUP_TOKEN, email: EMAIL, password: PASSWORD };
    await apiOver(setup)("/auth/setup", { body });
    const { items } = await setup.store.auditPage({ limit: 9, cursor: null });
    assert.deepEqual(items.map(({ action, via }) => [action, via]), [
      ["auth.setup", "api"],
    ]);
  }));

Deno.test("refused logins by form, API, passkey and link say how they came", () =>
  withAuth(async (setup) => {
    const { auth, store } = setup;
    await setUp(setup);
    const post = apiOver(setup);
    const body = { email: EMAIL, password: "not the password" };
    const form = { userAgent: "browser", address: "192.0.2.7", via: "panel" };
    await assert.rejects(auth.beginLogin(body, form));
    await assert.rejects(
      auth.finishLogin({ ticket: "too old", code: "123456" }, form),
    );
    assert.equal(await post("/auth/login", { body }), 401);
    assert.equal(await post("/auth/login", { body, headers: PANEL }), 401);
    const response = { clientDataJSON: "a", authenticatorData: "a" };
    assert.equal(
      await post("/auth/passkey", {
        headers: PANEL,
        body: {
          credential: {
            id: "a",
            rawId: "a",
            type: "public-key",
            response: { ...response, signature: "a" },
          },
        },
      }),
      401,
    );
    assert.equal(
      await post("/auth/invite", { body: { token: "x", password: PASSWORD } }),
      401,
    );
    const wrong = "auth.login | refused | wrong e-mail or password";
    assert.deepEqual((await accesses(store)).map(told), [
      `${EMAIL} | panel | ${wrong}`,
      "anonymous | panel | auth.login | refused | the first step was too long ago",
      `${EMAIL} | api | ${wrong}`,
      `${EMAIL} | panel | ${wrong}`,
      "anonymous | panel | auth.login | refused | the passkey was not accepted",
      "anonymous | api | users.accept | refused | the link was used, has expired or is none",
    ]);
  }));

Deno.test("an attempt that had to wait says how it came", () =>
  withAuth(async (setup) => {
    const { auth, store } = setup;
    await setUp(setup);
    const form = { userAgent: "browser", address: "192.0.2.7", via: "panel" };
    const body = { email: EMAIL, password: "not the password" };
    for (let attempt = 0; attempt < 6; attempt++) {
      // deno-lint-ignore no-await-in-loop -- one after another
      await assert.rejects(auth.beginLogin(body, form));
    }
    // The entry of what had to wait is not waited for; the next one follows it.
    const session = { ...form, address: "192.0.2.8" };
    await assert.rejects(
      auth.finishLogin({ ticket: "too old", code: "123456" }, session),
    );
    const last = (await accesses(store)).filter(({ reason }) =>
      reason.startsWith("too many")
    );
    assert.deepEqual(last.map(told), [
      `${EMAIL} | panel | auth.login | refused | too many failed attempts before; had to wait`,
    ]);
  }));

Deno.test("a request that another site made a browser send is on record, with and without a login", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    const post = apiOver(setup);
    const cookie = `session=${token}`;
    assert.equal(
      await post("/auth/logout", { headers: { cookie, origin: EVIL } }),
      403,
    );
    assert.equal(
      await post("/auth/login", {
        body: { email: EMAIL, password: PASSWORD },
        headers: { "sec-fetch-site": "cross-site" },
      }),
      403,
    );
    const entries = await accesses(setup.store);
    assert.deepEqual(
      entries.map(({ actor, action, target, outcome }) => [
        actor.name,
        action,
        target,
        outcome,
      ]),
      [
        [EMAIL, "access.origin", "/api/auth/logout", "refused"],
        ["anonymous", "access.origin", "/api/auth/login", "refused"],
      ],
    );
    const ids = entries.map(({ requestId }) => requestId);
    assert(ids.every((id) => typeof id === "string" && id !== ""));
    assert.notEqual(ids[0], ids[1]);
    const [first, second] = entries.map(({ detail }) => detail);
    assert.equal(first!["origin"], EVIL);
    assert.equal(second!["fetchSite"], "cross-site");
    assert.equal(second!["address"], "192.0.2.1");
  }));

Deno.test("a flood of forms of another site is counted, and each one refused", () =>
  withAuth(async ({ store }) => {
    const identity = identityOf(userOf({ email: EMAIL }));
    const many = 3 * MAX_REFUSALS_PER_ACTOR;
    const gate = createPageGate({
      allowedOrigins: [],
      now: () => 0,
      isDraining: () => false,
      limits: {
        ...createWorld().options.limits,
        userBurst: many,
      },
    });
    const record = createFormAudit({
      audit: store.audit,
      now: () => 0,
      ids: () => "req_1",
    });
    const admit = auditedGate(gate, record);
    for (let n = 0; n < many; n++) {
      const request = new Request(`${BASE}/settings/keys`, {
        method: "POST",
        headers: { origin: `${EVIL}/${"x".repeat(5_000)}` },
      });
      rememberConnection(request, { address: "192.0.2.9", isHttps: false });
      // deno-lint-ignore no-await-in-loop -- one after another
      await assert.rejects(admit(request, identity), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "ORIGIN_FOREIGN");
        return true;
      });
    }
    const entries = await accesses(store);
    assert.equal(entries.length, MAX_REFUSALS_PER_ACTOR);
    assert.equal(
      told(entries[0]!),
      `${EMAIL} | panel | access.origin | refused | the form came from another site`,
    );
    assert.ok(String(entries[0]!.detail["origin"]).length <= 200);
    assert.equal(entries[0]!.detail["address"], "192.0.2.9");
  }));

Deno.test("a form without the token of its login is on record, and a trail that is full keeps nobody from the answer", async () => {
  const audits: string[] = [];
  const identity = identityOf(userOf({ email: EMAIL }));
  const request = new Request(`${BASE}/settings/keys`, { method: "POST" });
  const record = createFormAudit({
    ids: () => "req_1",
    now: () => 0,
    audit: ({ action, reason }) => {
      audits.push(`${action}: ${reason}`);
      return Promise.reject(new Error("The disk is full"));
    },
  });
  await record("access.form", { request, identity });
  assert.deepEqual(audits, [
    "access.form: the form did not carry the token of its login",
  ]);
});

Deno.test("logins, attempts and the end of a login name the request that caused them", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    const post = apiOver(setup);
    const login = { email: EMAIL, password: PASSWORD };
    const requests: readonly [string, string, unknown, boolean][] = [
      ["req_login_1", "/auth/login", login, false],
      ["req_wrong_1", "/auth/login", { ...login, password: "wrong" }, false],
      ["req_logout_1", "/auth/logout", {}, true],
    ];
    for (const [id, path, body, isLoggedIn] of requests) {
      // deno-lint-ignore no-await-in-loop -- one after another
      await post(path, {
        body,
        headers: {
          "x-request-id": id,
          ...PANEL,
          ...(isLoggedIn ? { cookie: `session=${token}` } : {}),
        },
      });
    }
    const entries = await accesses(setup.store);
    const idOf = (action: string, outcome: string) =>
      entries.findLast((entry) =>
        entry.action === action && entry.outcome === outcome
      )?.requestId;
    assert.equal(idOf("auth.login", "ok"), "req_login_1");
    assert.equal(idOf("auth.login", "refused"), "req_wrong_1");
    assert.equal(idOf("auth.logout", "ok"), "req_logout_1");
  }));
