import assert from "node:assert/strict";
import type { AuthService } from "../../../lib/auth/port.ts";
import {
  CLIENT,
  EMAIL,
  PASSWORD,
  setUp,
  SETUP_TOKEN,
  withAuth,
} from "./support.ts";

function login(
  auth: AuthService,
  options: { email?: string; password?: string; address?: string } = {},
) {
  const { email = EMAIL, password = PASSWORD, address = CLIENT.address } =
    options;
  return auth.login({ email, password }, { ...CLIENT, address });
}

Deno.test("setup() creates one admin, logs it in and uses up the token", () =>
  withAuth(async (setup) => {
    const { auth, store, token } = setup;
    assert.equal(await auth.setupNeeded(), true);
    const identity = await auth.authenticate(await setUp(setup));
    assert.equal(identity!.user.email, EMAIL);
    assert.equal(identity!.user.role, "admin");
    assert.equal(await auth.setupNeeded(), false);
    assert.equal(token.value, null);
    await assert.rejects(setUp(setup), { code: "SETUP_DONE", status: 409 });
    const { items } = await store.auditPage({ limit: 9, cursor: null });
    assert.equal(items[0]!.action, "auth.setup");
  }));

Deno.test("setup() makes one account when many try at once", () =>
  withAuth(async (setup) => {
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, (_, n) =>
        setup.auth.setup({
          token: SETUP_TOKEN,
          email: `u${n}@example.com`,
          password: PASSWORD,
        }, CLIENT)),
    );
    assert.equal(
      results.filter(({ status }) => status === "fulfilled").length,
      1,
    );
    assert.equal(await setup.store.users.count(), 1);
  }));

Deno.test("setup() refuses a wrong token, a missing token file, and guessing", () =>
  withAuth(async (setup) => {
    const { auth, time, token } = setup;
    const wrong = () =>
      auth.setup({ token: "guess", email: EMAIL, password: PASSWORD }, CLIENT);
    for (let n = 0; n < 5; n++) {
      await assert.rejects(wrong(), {
        code: "SETUP_TOKEN_INVALID",
        status: 401,
      });
    }
    await assert.rejects(wrong(), { code: "LOGIN_DELAYED", status: 429 });
    time.advance(1_000);
    token.value = null;
    await assert.rejects(setUp(setup), { code: "SETUP_TOKEN_INVALID" });
    assert.equal(await auth.setupNeeded(), true);
  }));

Deno.test("setup() refuses passwords that are guessed first, and keeps the token", () =>
  withAuth(async (setup) => {
    const refused = [
      EMAIL,
      "Ada@Example.com",
      "correct horse battery staple",
      "passwordpassword",
      "aaaaaaaaaaaaaaaaaaaa",
      "abcabcabcabcabcabc",
      "1234567890123456",
    ];
    for (const password of refused) {
      await assert.rejects(
        setup.auth.setup(
          { token: SETUP_TOKEN, email: EMAIL, password },
          CLIENT,
        ),
        { code: "REQUEST_INVALID", status: 422 },
        password,
      );
    }
    assert.notEqual(setup.token.value, null);
    await setUp(setup);
  }));

Deno.test("login() answers a wrong password and an unknown account alike", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    const { auth } = setup;
    const session = await login(auth);
    assert.equal((await auth.authenticate(session.token))!.user.email, EMAIL);
    const errors = await Promise.allSettled([
      login(auth, { password: "wrong" }),
      login(auth, { email: "nobody@example.com" }),
    ]);
    const [wrong, unknown] = errors.map((result) =>
      result.status === "rejected" ? result.reason : null
    );
    assert.equal(wrong.code, "AUTH_INVALID");
    assert.equal(wrong.status, 401);
    assert.deepEqual(
      [unknown.code, unknown.status, unknown.message],
      [wrong.code, wrong.status, wrong.message],
    );
  }));

Deno.test("login() hashes for an unknown account as for a known one", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    await login(setup.auth);
    const elapsed = async (email: string) => {
      const start = performance.now();
      await assert.rejects(login(setup.auth, { email, password: "wrong" }));
      return performance.now() - start;
    };
    const known = await elapsed(EMAIL);
    const unknown = await elapsed("nobody@example.com");
    // A lookup without a hash takes less than a millisecond.
    assert.ok(unknown > known / 4, `${unknown} ms against ${known} ms`);
  }));

Deno.test("login() delays after five failures, twice as long each time, and forgives a success", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    const { auth, time } = setup;
    let address = 0;
    const attempt = (password: string) =>
      login(auth, { password, address: `198.51.100.${address++}` });
    for (let n = 0; n < 5; n++) {
      await assert.rejects(attempt("wrong"), { code: "AUTH_INVALID" });
    }
    await assert.rejects(attempt(PASSWORD), {
      code: "LOGIN_DELAYED",
      message: "Too many failed logins: try again in 1 second",
    });
    time.advance(1_000);
    await assert.rejects(attempt("wrong"), { code: "AUTH_INVALID" });
    time.advance(1_999);
    await assert.rejects(attempt(PASSWORD), { code: "LOGIN_DELAYED" });
    time.advance(1);
    await attempt(PASSWORD);
    await assert.rejects(attempt("wrong"), { code: "AUTH_INVALID" });
    await attempt(PASSWORD);
  }));

Deno.test("login() gives many attempts at once no free guesses", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    const results = await Promise.allSettled(
      Array.from(
        { length: 12 },
        () => login(setup.auth, { password: "wrong" }),
      ),
    );
    const codes = results.map((result) =>
      result.status === "rejected" ? result.reason.code : "ok"
    );
    assert.equal(codes.filter((code) => code === "AUTH_INVALID").length, 5);
    assert.equal(codes.filter((code) => code === "LOGIN_DELAYED").length, 7);
  }));

Deno.test("logout() ends the session at once", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    const { auth } = setup;
    const identity = await auth.authenticate(token);
    await auth.logout(identity!.sessionId, { via: "api" });
    assert.equal(await auth.authenticate(token), null);
  }));

Deno.test("authenticate() sees a session that was revoked elsewhere within 5 s", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    const { auth, store, time } = setup;
    const identity = await auth.authenticate(token);
    await store.sessions.remove([identity!.sessionId], null);
    time.advance(5_000);
    assert.equal(await auth.authenticate(token), null);
  }));
