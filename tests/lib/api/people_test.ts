import assert from "node:assert/strict";
import type { AuthService } from "../../../lib/auth/port.ts";
import { createApi } from "../../../lib/api/api.ts";
import { createAuthenticator } from "../../support/authenticator.ts";
import { EMAIL, PASSWORD, setUp, withAuth } from "../auth/support.ts";
import { assertProblem } from "./assertions.ts";
import { BASE, createWorld } from "./world.ts";

const NEW_PASSWORD = "violet kettle under stairs";

/** A browser at the API over the real service; it keeps its cookie. */
function createBrowser(auth: AuthService, origin = BASE) {
  const world = createWorld();
  const api = createApi({
    ...world.options,
    auth,
    allowedOrigins: origin === BASE ? [] : [origin],
  });
  let cookie = "";
  const call = async (method: string, path: string, body?: unknown) => {
    world.clock.now += 1_000;
    const response = await api(
      new Request(`${origin.replace("https:", "http:")}/api${path}`, {
        method,
        headers: {
          origin,
          "sec-fetch-site": "same-origin",
          "content-type": "application/json",
          ...(cookie === "" ? {} : { cookie }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      { remoteAddress: "192.0.2.1" },
    );
    const set = response.headers.get("set-cookie");
    if (set !== null) cookie = set.split(";")[0]!;
    return response;
  };
  return { call, cookie: () => cookie };
}

Deno.test("an admin proves anew, invites, and the link's code stays behind the #", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    const { call, cookie } = createBrowser(setup.auth);
    await call("POST", "/auth/login", { email: EMAIL, password: PASSWORD });
    const wish = { email: "Ben@Example.com", role: "trader" };
    await assertProblem(
      await call("POST", "/users", wish),
      "FRESH_PROOF_NEEDED",
    );
    const before = cookie();
    const proven = await call("POST", "/account/step-up", {
      password: PASSWORD,
    });
    assert.equal(proven.status, 200);
    assert.notEqual(cookie(), before, "the session has a new id");
    const made = await call("POST", "/users", wish);
    assert.equal(made.status, 201);
    const { link, invite } = await made.json();
    const url = new URL(link);
    assert.equal(url.origin + url.pathname + url.search, `${BASE}/invite`);
    const carried = new URLSearchParams(url.hash.slice(1));
    assert.equal(carried.get("for"), "ben@example.com");
    assert.equal(invite.role, "trader");
    const list = await (await call("GET", "/invites")).json();
    assert.equal(list.items.length, 1);
    assert(!JSON.stringify(list).includes(carried.get("token")!));
    const accepted = await createBrowser(setup.auth).call(
      "POST",
      "/auth/invite",
      { token: carried.get("token"), password: NEW_PASSWORD },
    );
    assert.equal(accepted.status, 201);
    assert.equal(accepted.headers.get("set-cookie"), null);
    const people = await (await call("GET", "/users?limit=1")).json();
    assert.equal(people.items.length, 1);
    const rest = await (await call(
      "GET",
      `/users?limit=5&cursor=${people.nextCursor}`,
    )).json();
    assert.deepEqual(
      rest.items.map(({ email }: { email: string }) => email),
      ["ben@example.com"],
    );
    const { id } = rest.items[0];
    const changed = await call("PUT", `/users/${id}`, { role: "viewer" });
    assert.equal((await changed.json()).role, "viewer");
    for (const body of [{}, { role: "king" }, { status: "gone" }]) {
      await assertProblem(
        await call("PUT", `/users/${id}`, body),
        "REQUEST_INVALID",
      );
    }
    await assertProblem(
      await call("PUT", "/users/x", { role: "viewer" }),
      "USER_NOT_FOUND",
    );
    const reset = await call("POST", `/users/${id}/reset-link`, {});
    assert.match((await reset.json()).link, /\/invite#token=/);
  }));

Deno.test("a passkey is made and logs in behind a proxy that ends TLS, and a number is no address for one", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    const origin = "https://fleet.example";
    const device = createAuthenticator({ origin, rpId: "fleet.example" });
    const { call } = createBrowser(setup.auth, origin);
    await call("POST", "/auth/login", { email: EMAIL, password: PASSWORD });
    await assertProblem(
      await call("POST", "/account/passkeys/options", {}),
      "FRESH_PROOF_NEEDED",
    );
    await call("POST", "/account/step-up", { password: PASSWORD });
    const options = await (await call("POST", "/account/passkeys/options", {}))
      .json();
    assert.equal(options.rp.id, "fleet.example");
    const added = await call("POST", "/account/passkeys", {
      name: "laptop",
      credential: device.make(options),
    });
    assert.equal(added.status, 201);
    const { id } = await added.json();
    const other = createBrowser(setup.auth, origin);
    await assertProblem(
      await other.call("POST", "/auth/login", {
        email: EMAIL,
        password: PASSWORD,
      }),
      "FACTOR_NEEDED",
    );
    const asked = await (await other.call("POST", "/auth/passkey/options", {}))
      .json();
    const login = await other.call("POST", "/auth/passkey", {
      credential: device.sign(asked),
    });
    assert.equal(login.status, 200);
    assert.match(other.cookie(), /^__Host-session=/);
    const proof =
      await (await other.call("POST", "/account/step-up/options", {})).json();
    const proven = await other.call("POST", "/account/step-up", {
      passkey: device.sign(proof),
    });
    assert.equal(proven.status, 200);
    assert.equal(
      (await other.call("PUT", `/account/passkeys/${id}`, { name: "phone" }))
        .status,
      200,
    );
    assert.equal(
      (await other.call("DELETE", `/account/passkeys/${id}`)).status,
      204,
    );
    const byNumber = createBrowser(setup.auth, "http://127.0.0.1:3001");
    const problem = await assertProblem(
      await byNumber.call("POST", "/auth/passkey/options", {}),
      "PASSKEY_INVALID",
    );
    assert.match(problem.detail, /http:\/\/localhost:3001/);
  }));

Deno.test("POST /account/password ends other logins and keeps this one with a new id", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    const [one, two] = [createBrowser(setup.auth), createBrowser(setup.auth)];
    for (const { call } of [one, two]) {
      await call("POST", "/auth/login", { email: EMAIL, password: PASSWORD });
    }
    await one.call("POST", "/account/step-up", { password: PASSWORD });
    const before = one.cookie();
    const changed = await one.call("POST", "/account/password", {
      newPassword: NEW_PASSWORD,
    });
    assert.equal(changed.status, 204);
    assert.notEqual(one.cookie(), before);
    assert.equal((await one.call("GET", "/auth/me")).status, 200);
    await assertProblem(await two.call("GET", "/auth/me"), "AUTH_REQUIRED");
  }));
