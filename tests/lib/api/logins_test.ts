/** Logins, sessions and tokens over HTTP, with the real service behind them. */
import assert from "node:assert/strict";
import { assertProblem } from "./assertions.ts";
import { json, LOGIN, withApi } from "./logins_world.ts";

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
