import assert from "node:assert/strict";
import { RESET_MS } from "../../../lib/auth/limits.ts";
import {
  addPerson,
  CLIENT,
  EMAIL,
  enrol,
  FROM,
  PASSWORD,
  refusedWith,
  setUp,
  withAuth,
} from "./support.ts";
import { NEW_PASSWORD } from "./people_support.ts";

Deno.test("a reset link sets the password anew, ends every login and keeps the factor unless it says otherwise", () =>
  withAuth(async (setup) => {
    const { auth, store, time } = setup;
    const token = await setUp(setup);
    const identity = (await auth.authenticate(token))!;
    await enrol(setup, identity);
    const boss = await addPerson(setup, { id: "usr_boss", role: "admin" });
    const reset = async (removesFactor: boolean, password: string) => {
      const made = await auth.people.resetLink(
        identity.user.id,
        { removesFactor },
        { user: boss, ...FROM },
      );
      return await auth.people.accept({ token: made.token, password }, FROM);
    };
    assert.deepEqual(await reset(false, NEW_PASSWORD), {
      kind: "reset",
      email: EMAIL,
    });
    assert.equal(await auth.authenticate(token), null);
    assert.equal(await auth.factor.isInForce(identity.user), true);
    await assert.rejects(
      auth.login({ email: EMAIL, password: PASSWORD }, CLIENT),
      refusedWith("AUTH_INVALID"),
    );
    await assert.rejects(
      auth.login({ email: EMAIL, password: NEW_PASSWORD }, CLIENT),
      refusedWith("FACTOR_NEEDED"),
    );
    await reset(true, "another kettle under stairs");
    assert.equal(await auth.factor.isInForce(identity.user), false);
    const made = await auth.people.resetLink(
      identity.user.id,
      { removesFactor: false },
      { user: boss, ...FROM },
    );
    time.advance(RESET_MS);
    await assert.rejects(
      auth.people.accept({ token: made.token, password: NEW_PASSWORD }, FROM),
      refusedWith("INVITE_INVALID"),
    );
    // Who is disabled is told nothing but that it is wrong.
    const { user } = (await store.users.byEmail(EMAIL))!;
    await auth.people.change(user.id, { status: "disabled" }, {
      user: boss,
      ...FROM,
    });
    await assert.rejects(
      auth.login(
        { email: EMAIL, password: "another kettle under stairs" },
        CLIENT,
      ),
      refusedWith("AUTH_INVALID"),
    );
  }));

Deno.test("changePassword() wants a fresh proof and another password, and ends the other logins", () =>
  withAuth(async (setup) => {
    const { auth } = setup;
    const token = await setUp(setup);
    const other = await auth.login(
      { email: EMAIL, password: PASSWORD },
      CLIENT,
    );
    const identity = (await auth.authenticate(token))!;
    const change = (newPassword: string) =>
      auth.changePassword(identity, { newPassword, client: FROM });
    await assert.rejects(
      change(NEW_PASSWORD),
      refusedWith("FRESH_PROOF_NEEDED"),
    );
    await auth.stepUp(identity, { password: PASSWORD }, FROM);
    for (const bad of [PASSWORD, "letmeinletmein12", EMAIL]) {
      await assert.rejects(change(bad), refusedWith("REQUEST_INVALID"));
    }
    await change(NEW_PASSWORD);
    assert.equal(await auth.authenticate(other.token), null);
    assert.notEqual(await auth.authenticate(token), null);
    await auth.login({ email: EMAIL, password: NEW_PASSWORD }, CLIENT);
  }));
