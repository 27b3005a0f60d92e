import assert from "node:assert/strict";
import fc from "fast-check";
import { INVITE_MS, RESET_MS } from "../../../lib/auth/limits.ts";
import { createPeople } from "../../../lib/auth/people/people.ts";
import type { ActingAdmin } from "../../../lib/auth/people/port.ts";
import { LoginDelays } from "../../../lib/auth/login_delays.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { ROLES } from "../../../lib/contracts/policy.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import { ManualTime, systemTime } from "../store/support.ts";
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

const NEW_PASSWORD = "violet kettle under stairs";

/** Accounts over a real store, with a hasher that costs nothing. */
async function withPeople(
  test: (
    setup: {
      people: ReturnType<typeof createPeople>;
      store: Awaited<ReturnType<typeof openStore>>;
      time: ManualTime;
      ended: string[];
      by: (id: string) => Promise<ActingAdmin>;
    },
  ) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({
    path: ":memory:",
    time: { ...systemTime, nowMs: () => time.nowMs() },
  });
  const ended: string[] = [];
  const people = createPeople({
    users: store.users,
    people: store.people,
    invites: store.invites,
    hasher: {
      hash: (password) => Promise.resolve(`hash of ${password}`),
      verify: () => Promise.resolve(false),
      close: () => {},
    },
    delays: new LoginDelays(() => time.nowMs()),
    ids: createIdFactory({ nowMs: () => time.nowMs(), random: Math.random }),
    time,
    audit: (entry) => store.audit(entry),
    hasFactor: () => Promise.resolve(false),
    endLogins: (id) => {
      ended.push(id);
      return Promise.resolve();
    },
  });
  const by = async (id: string) => ({
    user: (await store.users.byId(id))!,
    ...FROM,
  });
  try {
    await addPerson({ store }, { id: "usr_ada", role: "admin" });
    await test({ people, store, time, ended, by });
  } finally {
    await store.close();
  }
}

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

Deno.test("role and status are changed by another admin, end every login and raise the epoch", () =>
  withPeople(async ({ people, store, ended, by }) => {
    await addPerson({ store }, { id: "usr_ben", role: "viewer" });
    const admin = await by("usr_ada");
    const view = await people.change("usr_ben", { role: "risk" }, admin);
    assert.equal(view.role, "risk");
    await people.change("usr_ben", { status: "disabled" }, admin);
    await people.change("usr_ben", { status: "disabled" }, admin);
    await people.change("usr_ben", { status: "active" }, admin);
    assert.deepEqual(ended, ["usr_ben", "usr_ben", "usr_ben"]);
    assert.equal((await store.users.byId("usr_ben"))!.epoch, 4);
    for (
      const work of [
        people.change("usr_ada", { role: "viewer" }, admin),
        people.resetLink("usr_ada", { removesFactor: true }, admin),
      ]
    ) {
      await assert.rejects(work, refusedWith("USER_SELF"));
    }
    await assert.rejects(
      people.change("usr_nobody", { role: "viewer" }, admin),
      refusedWith("USER_NOT_FOUND"),
    );
    const { items } = await store.auditPage({ limit: 3, cursor: null });
    assert.deepEqual(items[2]!.detail["before"], {
      role: "viewer",
      status: "active",
    });
    assert.deepEqual(items[2]!.detail["after"], {
      role: "risk",
      status: "active",
    });
  }));

Deno.test("one active admin remains, whoever changes whom at the same time", async () => {
  const admins = ["usr_ada", "usr_ben", "usr_cyd"];
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(
          fc.record({
            by: fc.constantFrom(...admins),
            whom: fc.constantFrom(...admins),
            change: fc.oneof(
              fc.record({ role: fc.constantFrom(...ROLES) }),
              fc.record({
                status: fc.constantFrom("active" as const, "disabled" as const),
              }),
            ),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      (rounds) =>
        withPeople(async ({ people, store, by }) => {
          for (const id of admins.slice(1)) {
            await addPerson({ store }, { id, role: "admin" });
          }
          for (const round of rounds) {
            // What an admin began before they lost the role goes on.
            const acting = await Promise.all(round.map(({ by: id }) => by(id)));
            await Promise.allSettled(
              round.map(({ whom, change }, index) =>
                people.change(whom, change, acting[index]!)
              ),
            );
            const all = await store.users.list();
            assert(
              all.some(({ role, status }) =>
                role === "admin" && status === "active"
              ),
            );
          }
        }),
    ),
    { numRuns: 25 },
  );
});

Deno.test("page() lists people oldest first and goes on from its cursor", () =>
  withPeople(async ({ people, store }) => {
    for (const id of ["usr_b", "usr_c", "usr_d"]) {
      await addPerson({ store }, { id });
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof people.page>> = await people.page({
        limit: 2,
        cursor,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(seen, ["usr_ada", "usr_b", "usr_c", "usr_d"]);
  }));

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
