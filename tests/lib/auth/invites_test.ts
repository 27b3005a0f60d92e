import assert from "node:assert/strict";
import { INVITE_MS } from "../../../lib/auth/limits.ts";
import { FROM, refusedWith } from "./support.ts";
import { NEW_PASSWORD, withPeople } from "./people_support.ts";

Deno.test("an invitation makes one account, also when two take it at once", () =>
  withPeople(async ({ people, store, by }) => {
    const { token, invite } = await people.invite(
      { email: "ben@example.com", role: "trader" },
      await by("usr_ada"),
    );
    const stored = JSON.stringify(await store.invites.list());
    assert(!stored.includes(token), "the token is kept nowhere");
    assert.equal((await people.invites())[0]?.id, invite.id);
    const accept = () => people.accept({ token, password: NEW_PASSWORD }, FROM);
    const tries = await Promise.allSettled([accept(), accept(), accept()]);
    assert.equal(
      tries.filter(({ status }) => status === "fulfilled").length,
      1,
    );
    const { user, passwordHash } = (await store.users.byEmail(
      "ben@example.com",
    ))!;
    assert.equal(user.role, "trader");
    assert.equal(passwordHash, `hash of ${NEW_PASSWORD}`);
    await assert.rejects(accept(), refusedWith("INVITE_INVALID"));
    assert.deepEqual(await people.invites(), []);
    const { items } = await store.auditPage({ limit: 5, cursor: null });
    assert.deepEqual(items.map(({ action }) => action).slice(0, 2), [
      "users.accept",
      "users.invite",
    ]);
    assert(!JSON.stringify(items).includes(token));
  }));

Deno.test("a link is worth nothing once it has expired, was replaced or taken back, and a bad password leaves it", () =>
  withPeople(async ({ people, time, by }) => {
    const admin = await by("usr_ada");
    const make = () =>
      people.invite({ email: "ben@example.com", role: "viewer" }, admin);
    const refused = (token: string) =>
      assert.rejects(
        people.accept({ token, password: NEW_PASSWORD }, FROM),
        refusedWith("INVITE_INVALID"),
      );
    const first = await make();
    const second = await make();
    await refused(first.token);
    await people.revoke(second.invite.id, admin);
    await refused(second.token);
    await assert.rejects(
      people.revoke(second.invite.id, admin),
      refusedWith("INVITE_NOT_FOUND"),
    );
    const third = await make();
    time.advance(INVITE_MS);
    await refused(third.token);
    assert.deepEqual(await people.invites(), []);
    const fourth = await make();
    await assert.rejects(
      people.accept(
        { token: fourth.token, password: "password1234567890" },
        FROM,
      ),
      refusedWith("REQUEST_INVALID"),
    );
    await people.accept({ token: fourth.token, password: NEW_PASSWORD }, FROM);
    await assert.rejects(make(), refusedWith("USER_EXISTS"));
  }));

Deno.test("guesses at links are slowed down by address", () =>
  withPeople(async ({ people, by }) => {
    const { token } = await people.invite(
      { email: "ben@example.com", role: "viewer" },
      await by("usr_ada"),
    );
    const guess = (address: string) =>
      people.accept({ token: "guess", password: NEW_PASSWORD }, {
        address,
        via: "api",
      }).catch(({ code }) => code);
    const codes: string[] = [];
    for (let n = 0; n < 6; n++) codes.push(await guess("192.0.2.66"));
    assert.equal(codes.at(-1), "LOGIN_DELAYED");
    await people.accept({ token, password: NEW_PASSWORD }, FROM);
  }));
