import assert from "node:assert/strict";
import { AppError } from "../../lib/core/errors.ts";
import { formTokenOf } from "../../lib/api/page_gate.ts";
import { stopRequestSchema } from "../../lib/contracts/emergency.ts";
import { codeOf, FROM, PASSWORD } from "../lib/auth/support.ts";
import { HOST } from "../lib/api/samples.ts";
import { type PageAnswer, type PanelWorld, withPanel } from "./panel_world.ts";

const STOP_PAGE = "/emergency-stop";
const STOP_ID = `stop_${"a".repeat(32)}`;
const RELEASE = { release: STOP_ID, reason: "looked at", confirm: "RELEASE" };
const DRAIN = { action: "drain", host: HOST.id };

/** Somebody else has stopped everything. */
async function stopped({ world }: PanelWorld): Promise<void> {
  await world.fleet.emergency.stop(stopRequestSchema.parse({}), {
    id: STOP_ID,
    caller: { userId: "usr_other", email: "other@example.com", via: "api" },
  });
}

/** The answer has given the login another secret, which is the only one by now. */
async function assertRenewed(
  { cookie, isLogin }: PanelWorld,
  answer: PageAnswer,
): Promise<{ cookie: string }> {
  assert.ok(answer.cookie !== null, `no cookie on the answer ${answer.status}`);
  assert.notEqual(answer.cookie, cookie);
  assert.deepEqual([await isLogin(cookie), await isLogin(answer.cookie)], [
    false,
    true,
  ]);
  if (answer.formToken !== null) {
    assert.equal(answer.formToken, formTokenOf(answer.cookie));
  }
  return { cookie: answer.cookie };
}

Deno.test("a release by a code renews the login with the redirect", () =>
  withPanel(async (panel) => {
    const code = await panel.enrol();
    await stopped(panel);
    const done = await panel.submit(STOP_PAGE, { ...RELEASE, code: code() });
    assert.equal(done.status, 303);
    await assertRenewed(panel, done);
    assert.deepEqual(panel.world.fleet.emergency.latches, []);
  }));

Deno.test("a release that is refused after its code renews the login, and the page goes on working", () =>
  withPanel(async (panel) => {
    const code = await panel.enrol();
    await stopped(panel);
    const { emergency } = panel.world.fleet;
    const { release } = emergency;
    emergency.release = () =>
      Promise.reject(
        new AppError("AGENT_UNREACHABLE", "The desk is silent", {
          status: 503,
        }),
      );
    const refused = await panel.submit(STOP_PAGE, { ...RELEASE, code: code() });
    assert.equal(refused.status, 503);
    assert.match(refused.text, /The desk is silent/);
    const login = await assertRenewed(panel, refused);
    emergency.release = release;
    // As the form of that page: it was proven a moment ago, and nothing is renewed again.
    const again = await panel.submit(STOP_PAGE, RELEASE, {
      ...login,
      token: refused.formToken!,
    });
    assert.deepEqual([again.status, again.cookie], [303, null]);
    assert.deepEqual(emergency.latches, []);
  }));

Deno.test("a form without a code, or with a wrong one, leaves the login as it is", () =>
  withPanel(async (panel) => {
    await stopped(panel);
    const wrong = await panel.submit(STOP_PAGE, { ...RELEASE, password: "no" });
    const byPassword = await panel.submit("/settings/system", {
      ...DRAIN,
      password: PASSWORD,
    });
    assert.deepEqual([wrong.status, byPassword.status], [403, 303]);
    await panel.enrol();
    const byCode = await panel.submit(STOP_PAGE, {
      ...RELEASE,
      code: "000000",
    });
    assert.equal(byCode.status, 403);
    for (const { cookie } of [wrong, byPassword, byCode]) {
      assert.equal(cookie, null);
    }
    assert.ok(await panel.isLogin(panel.cookie));
  }));

Deno.test("a host that is drained by a code renews the login, also where it fails", () =>
  withPanel(async (panel) => {
    const code = await panel.enrol();
    const refused = await panel.submit("/settings/system", {
      ...DRAIN,
      host: "host-of-nobody",
      code: code(),
    });
    assert.match(refused.text, /There is no host/);
    const login = await assertRenewed(panel, refused);
    const done = await panel.submit("/settings/system", DRAIN, {
      ...login,
      token: refused.formToken!,
    });
    assert.deepEqual([done.status, done.cookie], [303, null]);
  }));

Deno.test("a page that breaks after the code renews the login all the same", () =>
  withPanel(async (panel) => {
    const code = await panel.enrol();
    panel.world.fleet.drainHost = () =>
      Promise.reject(new TypeError("a fault"));
    const broken = await panel.submit("/settings/system", {
      ...DRAIN,
      code: code(),
    });
    assert.equal(broken.status, 500);
    await assertRenewed(panel, broken);
  }));

Deno.test("a proof for an exchange key renews the login, with the redirect and with a refusal", () =>
  withPanel(async (panel) => {
    const code = await panel.enrol();
    const prove = { action: "prove", wish: "allow", key: "key_of_nobody" };
    const refused = await panel.submit("/settings/keys", {
      ...prove,
      code: code(),
    });
    assert.equal(refused.status, 404);
    const login = await assertRenewed(panel, refused);
    const done = await panel.submit("/settings/keys", {
      action: "prove",
      wish: "add",
      label: "main",
      exchange: "okx",
      code: code(),
    }, { ...login, token: refused.formToken! });
    assert.equal(done.status, 303);
    await assertRenewed({ ...panel, ...login }, done);
  }));

Deno.test("the first code of an authenticator renews the login of the page that sets it up", () =>
  withPanel(async (panel) => {
    const { auth, cookie, submit, time } = panel;
    const { secret } = await auth.factor.enrol(
      (await auth.authenticate(cookie))!,
      { password: PASSWORD, client: FROM },
    );
    const answer = await submit("/settings/second-factor", {
      action: "confirm",
      code: codeOf(secret, time.nowMs()),
    });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /recovery code/i);
    await assertRenewed(panel, answer);
  }));

Deno.test("a form of an earlier stop stops anew: what it says now is wanted now", () =>
  withPanel(async ({ submit, world: { fleet: { emergency } } }) => {
    const form = { id: STOP_ID, scope: "account", lever: "block" };
    const send = (account: string) => submit(STOP_PAGE, { ...form, account });
    await send("key_1");
    // Sent twice, it is one stop.
    await send("key_1");
    assert.equal(emergency.latches.length, 1);
    assert.equal((await send("key_2")).status, 303);
    assert.deepEqual(
      emergency.latches.map(({ scope }) => scope),
      [
        { kind: "account", id: "key_1" },
        { kind: "account", id: "key_2" },
      ],
    );
    const [first] = emergency.latches;
    await emergency.release(first!.id, {
      reason: "over",
      caller: { userId: "usr_1", email: "a@example.com", via: "api" },
    });
    await send("key_1");
    assert.equal(emergency.latches.length, 2);
    assert.ok(emergency.latches.every(({ id }) => id !== first!.id));
  }));
