/** What proves anew who asks gives a browser's login another secret, and a program's none. */
import assert from "node:assert/strict";
import { FORM_TOKEN_HEADER } from "../../../lib/contracts/form_token.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { formTokenOf } from "../../../lib/api/page_gate.ts";
import { codeOf, PASSWORD } from "../auth/support.ts";
import { assertProblem } from "./assertions.ts";
import { type Call, json, LOGIN, withApi } from "./logins_world.ts";

/** Until an authenticator shows a code that was not used, nor is next to one that was. */
const NEXT_CODE_MS = 60_000;

type Setup = Parameters<Parameters<typeof withApi>[0]>[0];
type Who = { cookie: string } | { token: string };

/** The cookie that an answer sets; it tells what forms carry from then on, too. */
function renewedBy(response: Response): string {
  const cookie = /^session=([^;]+);/.exec(
    response.headers.get("set-cookie") ?? "",
  )?.[1];
  assert.ok(cookie !== undefined, "no cookie is set");
  assert.equal(
    response.headers.get(FORM_TOKEN_HEADER),
    formTokenOf(cookie),
  );
  return cookie;
}

async function assertRenewed(
  call: Call,
  { before, after }: { before: string; after: string },
): Promise<void> {
  const statusOf = async (cookie: string) => {
    const response = await call("GET", "/api/auth/me", { cookie });
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual([await statusOf(before), await statusOf(after)], [401, 200]);
}

/** Sets up an authenticator; answers with its secret and the answer of the confirmation. */
async function enrol(
  { call, time }: Setup,
  who: Who,
): Promise<{ secret: string; confirmed: Response }> {
  const { secret } = await json(
    await call("POST", "/api/account/second-factor", {
      ...who,
      body: { password: PASSWORD },
    }),
  );
  const confirmed = await call("POST", "/api/account/second-factor/confirm", {
    ...who,
    body: { code: codeOf(secret, time.nowMs()) },
  });
  return { secret, confirmed };
}

/** A stop, an authenticator that shows another code by now, and a release by it. */
async function beforeRelease(setup: Setup, who: Who) {
  const { call, time } = setup;
  const { secret, confirmed } = await enrol(setup, who);
  const now = "cookie" in who ? { cookie: renewedBy(confirmed) } : who;
  await confirmed.body?.cancel();
  const { stop } = await json(
    await call("POST", "/api/emergency", {
      ...now,
      body: {},
      idempotencyKey: "key-1",
    }),
  );
  time.advance(NEXT_CODE_MS);
  const release = (code: string) =>
    call("POST", `/api/emergency/${stop.id}/release`, {
      ...now,
      body: { reason: "looked at", confirm: "RELEASE", code },
    });
  return { now, release, code: () => codeOf(secret, time.nowMs()) };
}

Deno.test("confirm gives the browser that has set up an authenticator another cookie", () =>
  withApi(async (setup) => {
    const { call, cookie } = setup;
    const { confirmed } = await enrol(setup, { cookie });
    const after = renewedBy(confirmed);
    assert.equal((await json(confirmed)).recoveryCodes.length, 10);
    await assertRenewed(call, { before: cookie, after });
  }));

Deno.test("confirm shows the recovery codes also where the login cannot be renewed, which is not fresh then", () =>
  withApi(async (setup) => {
    const { auth, call, cookie, world } = setup;
    auth.sessions.rotate = () =>
      Promise.reject(new AppError("STORE_UNAVAILABLE", "The disk is full"));
    const { confirmed } = await enrol(setup, { cookie });
    assert.equal(confirmed.headers.get("set-cookie"), null);
    assert.equal((await json(confirmed)).recoveryCodes.length, 10);
    assert.equal(world.errors.length, 1);
    const { freshUntil } = await json(
      await call("GET", "/api/account/second-factor", { cookie }),
    );
    assert.equal(freshUntil, null);
  }));

Deno.test("release by a code gives the browser another cookie, and none by a proof of before", () =>
  withApi(async (setup) => {
    const { call, cookie, world } = setup;
    const { now, release, code } = await beforeRelease(setup, { cookie });
    assert.ok("cookie" in now);
    const wrong = await release("000000");
    assert.equal(wrong.headers.get("set-cookie"), null);
    await assertProblem(wrong, "FACTOR_INVALID");
    const released = await release(code());
    assert.equal(released.status, 200);
    await released.body?.cancel();
    const after = renewedBy(released);
    await assertRenewed(call, { before: now.cookie, after });
    assert.equal(world.fleet.emergency.latches.length, 0);
    const { stop } = await json(
      await call("POST", "/api/emergency", {
        cookie: after,
        body: {},
        idempotencyKey: "key-2",
      }),
    );
    const again = await call("POST", `/api/emergency/${stop.id}/release`, {
      cookie: after,
      body: { reason: "looked at", confirm: "RELEASE" },
    });
    assert.equal(again.status, 200);
    assert.equal(again.headers.get("set-cookie"), null);
    await again.body?.cancel();
  }));

Deno.test("release that is refused after its code gives the browser another cookie all the same", () =>
  withApi(async (setup) => {
    const { call, cookie, world } = setup;
    const { now, release, code } = await beforeRelease(setup, { cookie });
    assert.ok("cookie" in now);
    world.fleet.emergency.release = () =>
      Promise.reject(new AppError("AGENT_UNREACHABLE", "The desk is silent"));
    const refused = await release(code());
    const after = renewedBy(refused);
    await assertProblem(refused, "AGENT_UNREACHABLE");
    await assertRenewed(call, { before: now.cookie, after });
  }));

Deno.test("the login of a program is never renewed, whatever it proves", () =>
  withApi(async (setup) => {
    const { call } = setup;
    const { accessToken: token } = await json(
      await call("POST", "/api/auth/token", { body: LOGIN }),
    );
    const { release, code } = await beforeRelease(setup, { token });
    const released = await release(code());
    assert.equal(released.status, 200);
    await released.body?.cancel();
    for (const name of ["set-cookie", FORM_TOKEN_HEADER]) {
      assert.equal(released.headers.get(name), null);
    }
  }));
