import assert from "node:assert/strict";
import { SYSTEM_ACTOR } from "../../../lib/contracts/audit.ts";
import { identityOf, userOf } from "../../support/users.ts";
import * as OTPAuth from "otpauth";
import { FRESH_PROOF_MS } from "../../../lib/auth/limits.ts";
import type { Role } from "../../../lib/contracts/policy.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import {
  type AuthSetup,
  CLIENT,
  EMAIL,
  PASSWORD,
  setUp,
  withAuth,
} from "./support.ts";

function refusedWith(code: string, status: number) {
  return (error: AppError) => error.code === code && error.status === status;
}

async function addUser({ store }: AuthSetup, id: string, role: Role) {
  const email = `${id}@example.com`;
  const isCreated = await store.users.create(
    userOf({ id, email, role }),
    {
      passwordHash: "x",
      onlyFirst: false,
      audit: {
        at: 0,
        actor: SYSTEM_ACTOR,
        via: "system",
        action: "user.create",
        target: id,
        outcome: "ok",
        reason: "",
        detail: {},
      },
    },
  );
  assert.ok(isCreated);
}

const FROM = { address: CLIENT.address, via: "api" };
const NONE = { password: "", code: "" };

Deno.test("proveFresh takes the password of who has no second factor and refuses any other, slower and slower", async () => {
  await withAuth(async (setup) => {
    const { auth } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    const prove = (proof: Partial<typeof NONE>) =>
      auth.proveFresh(identity, { ...NONE, ...proof }, FROM);
    // It marks nothing, so the login need not be renewed.
    assert.equal(await prove({ password: PASSWORD }), false);
    assert.equal(auth.factor.isFresh(identity.sessionId), false);
    for (const proof of [{ password: "no" }, NONE, { code: "123456" }]) {
      // deno-lint-ignore no-await-in-loop -- each refusal is looked at
      await assert.rejects(prove(proof), refusedWith("PROOF_INVALID", 403));
    }
    // The same account as at the login: it cannot be guessed at here instead.
    let delayed = false;
    for (let attempt = 0; attempt < 20 && !delayed; attempt++) {
      // deno-lint-ignore no-await-in-loop -- each attempt follows the one before
      delayed = await prove({ password: "no" }).then(
        () => false,
        (error: AppError) => error.code === "LOGIN_DELAYED",
      );
    }
    assert.ok(delayed);
  });
});

Deno.test("proveFresh wants the second factor of who has one, and no password stands in for it", async () => {
  await withAuth(async (setup) => {
    const { auth, time } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    const prove = (proof: Partial<typeof NONE>) =>
      auth.proveFresh(identity, { ...NONE, ...proof }, FROM);
    const { secret } = await auth.factor.enrol(identity, {
      password: PASSWORD,
      client: FROM,
    });
    // Not confirmed yet: the password still counts.
    await prove({ password: PASSWORD });
    const [recoveryCode = ""] = await auth.factor.confirm(identity, {
      code: new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
        .generate({ timestamp: time.nowMs() }),
      client: FROM,
    });
    // The session proved it a moment ago: nothing is new.
    assert.equal(await prove(NONE), false);
    time.advance(FRESH_PROOF_MS);
    await assert.rejects(
      prove({ password: PASSWORD }),
      refusedWith("FRESH_PROOF_NEEDED", 403),
    );
    await assert.rejects(
      prove({ code: "00000-00000" }),
      refusedWith("FACTOR_INVALID", 403),
    );
    time.advance(60_000);
    assert.equal(await prove({ code: recoveryCode }), true);
    time.advance(FRESH_PROOF_MS);
    await assert.rejects(
      prove({ code: recoveryCode }),
      refusedWith("FACTOR_INVALID", 403),
    );
  });
});

Deno.test("renew() that gives no new secret leaves nothing proven", async () => {
  await withAuth(async (setup) => {
    const { auth } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    auth.factor.markFresh(identity.sessionId, "factor");
    await auth.sessions.revokeAll(identity.user.id);
    await assert.rejects(
      auth.renew(identity),
      refusedWith("SESSION_NOT_FOUND", 404),
    );
    assert.equal(auth.factor.isFresh(identity.sessionId), false);
  });
});

Deno.test("proveFresh refuses a user who is gone", async () => {
  await withAuth(async (setup) => {
    await setUp(setup);
    const user = userOf({ id: "usr_gone", role: "risk" });
    await assert.rejects(
      setup.auth.proveFresh(
        identityOf(user, { sessionId: "ses_gone" }),
        { ...NONE, password: PASSWORD },
        FROM,
      ),
      refusedWith("PROOF_INVALID", 403),
    );
  });
});

Deno.test("countOthers counts who else has the role for something", async () => {
  await withAuth(async (setup) => {
    await setUp(setup);
    const { user } = (await setup.store.users.byEmail(EMAIL))!;
    const count = (id: string) =>
      setup.auth.countOthers("emergency.release", id);
    assert.equal(await count(user.id), 0);
    await addUser(setup, "usr_trader", "trader");
    assert.equal(await count(user.id), 0);
    await addUser(setup, "usr_risk", "risk");
    assert.equal(await count(user.id), 1);
    assert.equal(await count("usr_risk"), 1);
    assert.equal(await count("usr_trader"), 2);
  });
});
