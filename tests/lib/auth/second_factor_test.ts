import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { FRESH_PROOF_MS } from "../../../lib/auth/limits.ts";
import {
  type AuthSetup,
  CLIENT,
  PASSWORD,
  setUp,
  withAuth,
} from "./support.ts";

const FROM = { address: CLIENT.address, via: "api" };
const STEP_MS = 30_000;

function codeAt(secret: string, timestamp: number): string {
  return new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
    .generate({ timestamp });
}

async function enrolled(setup: AuthSetup) {
  const { auth, time } = setup;
  const identity = (await auth.authenticate(await setUp(setup)))!;
  const { secret, uri } = await auth.factor.enrol(identity, {
    password: PASSWORD,
    client: FROM,
  });
  const recovery = await auth.factor.confirm(identity, {
    code: codeAt(secret, time.nowMs()),
    client: FROM,
  });
  return { identity, secret, uri, recovery };
}

Deno.test("SecondFactor codes are those of RFC 6238", () => {
  // Appendix B, SHA-1, the last six of its eight digits.
  const secret = OTPAuth.Secret.fromLatin1("12345678901234567890").base32;
  for (
    const [seconds, code] of [
      [59, "287082"],
      [1_111_111_109, "081804"],
      [1_234_567_890, "005924"],
      [20_000_000_000, "353130"],
    ] as const
  ) {
    assert.equal(codeAt(secret, seconds * 1_000), code);
  }
});

Deno.test("SecondFactor.enrol() wants the password, and a session is fresh only after a code", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    await assert.rejects(
      auth.factor.enrol(identity, { password: "wrong", client: FROM }),
      { code: "AUTH_INVALID" },
    );
    assert.equal((await auth.factor.view(identity)).isEnrolled, false);
    const { secret, uri } = await auth.factor.enrol(identity, {
      password: PASSWORD,
      client: FROM,
    });
    assert.match(uri, /^otpauth:\/\/totp\/SMC%20Fleet:ada%40example\.com\?/);
    assert.equal(auth.factor.isFresh(identity.sessionId), false);
    await assert.rejects(
      auth.factor.stepUp(identity, {
        code: codeAt(secret, time.nowMs()),
        client: FROM,
      }),
      { code: "FACTOR_STATE_CONFLICT" },
    );
    const codes = await auth.factor.confirm(identity, {
      code: codeAt(secret, time.nowMs()),
      client: FROM,
    });
    assert.equal(new Set(codes).size, 10);
    assert.equal(auth.factor.isFresh(identity.sessionId), true);
    time.advance(FRESH_PROOF_MS);
    assert.equal(auth.factor.isFresh(identity.sessionId), false);
  }));

Deno.test("SecondFactor.stepUp() takes each code once and one step of difference", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const { identity, secret } = await enrolled(setup);
    const prove = (code: string) =>
      auth.factor.stepUp(identity, { code, client: FROM });
    const wrong = { code: "FACTOR_INVALID" };
    // That of the confirmation.
    await assert.rejects(prove(codeAt(secret, time.nowMs())), wrong);
    time.advance(STEP_MS);
    const code = codeAt(secret, time.nowMs());
    assert.notEqual((await prove(code)).freshUntil, null);
    await assert.rejects(prove(code), wrong);
    time.advance(4 * STEP_MS);
    await assert.rejects(
      prove(codeAt(secret, time.nowMs() - 2 * STEP_MS)),
      wrong,
    );
    await prove(codeAt(secret, time.nowMs() - STEP_MS));
    await prove(codeAt(secret, time.nowMs() + STEP_MS));
    // An earlier step after a later one.
    await assert.rejects(prove(codeAt(secret, time.nowMs())), wrong);
  }));

Deno.test("SecondFactor takes one of two equal codes that come at once", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const { identity, secret } = await enrolled(setup);
    time.advance(STEP_MS);
    const code = codeAt(secret, time.nowMs());
    const results = await Promise.allSettled(
      Array.from(
        { length: 3 },
        () => auth.factor.stepUp(identity, { code, client: FROM }),
      ),
    );
    assert.equal(
      results.filter(({ status }) => status === "fulfilled").length,
      1,
    );
  }));

Deno.test("SecondFactor recovery codes work once each and are not stored in clear", () =>
  withAuth(async (setup) => {
    const { auth, store } = setup;
    const { identity, recovery } = await enrolled(setup);
    const kept = JSON.stringify(
      await store.secondFactors.get(identity.user.id),
    );
    for (const code of recovery) assert(!kept.includes(code));
    await auth.factor.stepUp(identity, { code: recovery[3]!, client: FROM });
    await assert.rejects(
      auth.factor.stepUp(identity, { code: recovery[3]!, client: FROM }),
      { code: "FACTOR_INVALID" },
    );
    assert.equal((await auth.factor.view(identity)).recoveryCodesLeft, 9);
  }));

Deno.test("SecondFactor delays guessing", () =>
  withAuth(async (setup) => {
    const { auth } = setup;
    const { identity } = await enrolled(setup);
    const guess = () =>
      auth.factor.stepUp(identity, { code: "000000", client: FROM });
    const codes: string[] = [];
    for (let n = 0; n < 8; n++) {
      await guess().catch((error) => codes.push(error.code));
    }
    assert(codes.includes("LOGIN_DELAYED"), codes.join(" "));
  }));

Deno.test("SecondFactor.remove() wants a code and ends the freshness", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const { identity, secret } = await enrolled(setup);
    const remove = (code: string) =>
      auth.factor.remove(identity, { code, client: FROM });
    await assert.rejects(remove("000000"), { code: "FACTOR_INVALID" });
    time.advance(STEP_MS);
    await remove(codeAt(secret, time.nowMs()));
    assert.deepEqual(await auth.factor.view(identity), {
      isEnrolled: false,
      passkeys: 0,
      recoveryCodesLeft: 0,
      freshUntil: null,
    });
  }));
