import assert from "node:assert/strict";
import { FRESH_PROOF_MS } from "../../../lib/auth/limits.ts";
import type { Identity } from "../../../lib/auth/port.ts";
import { createAuthenticator } from "../../support/authenticator.ts";
import {
  CLIENT,
  EMAIL,
  enrol,
  FROM,
  PASSWORD,
  refusedWith,
  setUp,
  withAuth,
} from "./support.ts";

const LOGIN = { email: EMAIL, password: PASSWORD };

Deno.test("a password that was proven counts no more once there is a passkey", () =>
  withAuth(async (setup) => {
    const { auth } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    const proven = await auth.stepUp(identity, { password: PASSWORD }, FROM);
    assert.notEqual(proven.freshUntil, null);
    const site = { rpId: "fleet.example", origins: ["https://fleet.example"] };
    const device = createAuthenticator({
      origin: site.origins[0]!,
      rpId: site.rpId,
    });
    const credential = device.make(
      await auth.passkeys.registration(identity, site),
    );
    await auth.passkeys.register(identity, { name: "laptop", credential }, {
      site,
      client: FROM,
    });
    const view = await auth.factor.view(identity);
    assert.deepEqual([view.passkeys, view.freshUntil], [1, null]);
    await assert.rejects(
      auth.factor.requireFresh(identity),
      refusedWith("FRESH_PROOF_NEEDED"),
    );
  }));

Deno.test("a password that was proven in one session counts no more once a second factor is set up in another", () =>
  withAuth(async (setup) => {
    const { auth } = setup;
    const one = (await auth.authenticate(await setUp(setup)))!;
    const { token } = await auth.login(LOGIN, CLIENT);
    const other = (await auth.authenticate(token))!;
    for (const identity of [one, other]) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await auth.stepUp(identity, { password: PASSWORD }, FROM);
    }
    await auth.factor.requireProven(other);
    await enrol(setup, one);
    await assert.rejects(
      auth.factor.requireProven(other),
      refusedWith("FRESH_PROOF_NEEDED"),
    );
    await assert.rejects(
      auth.factor.requireFresh(other),
      refusedWith("FRESH_PROOF_NEEDED"),
    );
    await assert.rejects(
      auth.changePassword(other, { newPassword: "x", client: FROM }),
      refusedWith("FRESH_PROOF_NEEDED"),
    );
    // The code of the enrolment counts in its own session.
    await auth.factor.requireFresh(one);
  }));

Deno.test("stepUp() takes the password of who has no second factor only, and renew() keeps the proof", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const token = await setUp(setup);
    const identity = (await auth.authenticate(token))!;
    const isProven = (who: Identity) =>
      auth.factor.requireProven(who).then(() => true, () => false);
    await assert.rejects(
      auth.stepUp(identity, { password: "wrong" }, FROM),
      refusedWith("PROOF_INVALID"),
    );
    assert.equal(await isProven(identity), false);
    const view = await auth.stepUp(identity, { password: PASSWORD }, FROM);
    assert.notEqual(view.freshUntil, null);
    const renewed = await auth.renew(identity);
    assert.equal(await auth.authenticate(token), null);
    const again = (await auth.authenticate(renewed.token))!;
    // The same login under another secret.
    assert.equal(again.sessionId, identity.sessionId);
    assert(await isProven(again));
    // Money wants more than a password.
    await assert.rejects(
      auth.factor.requireFresh(again),
      refusedWith("FACTOR_STATE_CONFLICT"),
    );
    time.advance(FRESH_PROOF_MS);
    await assert.rejects(
      auth.factor.requireProven(again),
      refusedWith("FRESH_PROOF_NEEDED"),
    );
    await enrol(setup, again);
    await assert.rejects(
      auth.stepUp(again, { password: PASSWORD }, FROM),
      refusedWith("FACTOR_STATE_CONFLICT"),
    );
  }));
