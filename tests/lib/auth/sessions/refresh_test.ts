import assert from "node:assert/strict";
import fc from "fast-check";
import {
  REFRESH_GRACE_MS,
  REFRESHES_MAX,
  SESSION_MS,
} from "../../../../lib/auth/limits.ts";
import type { ProgramLogin } from "../../../../lib/contracts/auth.ts";
import { type Process, PROGRAM, withLogins, World } from "./support.ts";

const THIEF = { userAgent: "curl", address: "203.0.113.9" };

async function isRefused(attempt: Promise<unknown>): Promise<void> {
  await assert.rejects(attempt, { code: "REFRESH_INVALID", status: 401 });
}

Deno.test("a refresh token works once, for the whole login and no longer", () =>
  withLogins(async ({ user, time }, { sessions, store }) => {
    let login = await sessions.beginProgram(user, PROGRAM);
    const end = Date.parse(login.loginEndsAt);
    assert.equal(end, time.nowMs() + SESSION_MS);
    for (let n = 0; n < 3; n++) {
      time.advance(5 * 60_000);
      assert.equal(await sessions.authenticate(login.accessToken), null);
      // deno-lint-ignore no-await-in-loop -- one after the other
      const next = await sessions.refresh(login.refreshToken, PROGRAM);
      assert.notEqual(next.refreshToken, login.refreshToken);
      assert.notEqual(await sessions.authenticate(next.accessToken), null);
      assert.equal(next.loginEndsAt, login.loginEndsAt);
      login = next;
    }
    const all = JSON.stringify(await store.sessions.ofUser(user.id));
    assert.ok(!all.includes(login.refreshToken));
    time.advance(end - time.nowMs() - 1_000);
    login = await sessions.refresh(login.refreshToken, PROGRAM);
    assert.ok(Date.parse(login.expiresAt) <= end, "no token past the login");
    time.advance(1_000);
    await isRefused(sessions.refresh(login.refreshToken, PROGRAM));
  }));

Deno.test("a replayed refresh token ends the whole login and is audited", () =>
  withLogins(async (world, process) => {
    const { user, time } = world;
    const { sessions } = process;
    const first = await sessions.beginProgram(user, PROGRAM);
    const second = await sessions.refresh(first.refreshToken, PROGRAM);
    time.advance(REFRESH_GRACE_MS);
    await isRefused(sessions.refresh(first.refreshToken, PROGRAM));
    assert.equal(await sessions.authenticate(second.accessToken), null);
    await isRefused(sessions.refresh(second.refreshToken, PROGRAM));
    assert.deepEqual(process.ended, [user.id]);
    const entry = (await world.audited(process)).at(-1)!;
    assert.equal(entry.action, "auth.refresh");
    assert.equal(entry.outcome, "refused");
    assert.equal(entry.reason, "a refresh token was used twice");
    assert.ok(!JSON.stringify(entry).includes("smr_"));
  }));

Deno.test("a stolen refresh token that is used after the owner's ends the login, and before it, too", () =>
  withLogins(async ({ user }, { sessions }) => {
    const one = await sessions.beginProgram(user, PROGRAM);
    await sessions.refresh(one.refreshToken, PROGRAM);
    await isRefused(sessions.refresh(one.refreshToken, THIEF));

    const other = await sessions.beginProgram(user, PROGRAM);
    const stolen = await sessions.refresh(other.refreshToken, THIEF);
    await isRefused(sessions.refresh(other.refreshToken, PROGRAM));
    assert.equal(await sessions.authenticate(stolen.accessToken), null);
    await isRefused(sessions.refresh(stolen.refreshToken, THIEF));
  }));

Deno.test("the same client gets the same successor for ten seconds, from every process", () =>
  withLogins(async (world, here) => {
    const { user, time } = world;
    const there = await world.start();
    const { refreshToken } = await here.sessions.beginProgram(user, PROGRAM);
    const answers = await Promise.all([
      here.sessions.refresh(refreshToken, PROGRAM),
      there.sessions.refresh(refreshToken, PROGRAM),
      here.sessions.refresh(refreshToken, PROGRAM),
    ]);
    time.advance(REFRESH_GRACE_MS - 1);
    answers.push(await there.sessions.refresh(refreshToken, PROGRAM));
    const successors = new Set(answers.map((answer) => answer.refreshToken));
    assert.equal(successors.size, 1);
    const [successor] = successors;
    // Who has gone on has had the answer: the older token is a copy.
    await here.sessions.refresh(successor!, PROGRAM);
    await isRefused(here.sessions.refresh(refreshToken, PROGRAM));
  }));

Deno.test("a refresh on a full disk goes on with the same token, which is one-use again afterwards", () =>
  withLogins(async ({ user, time, disk }, { sessions }) => {
    const stored = await sessions.beginProgram(user, PROGRAM);
    disk.isFull = true;
    const kept = await sessions.beginProgram(user, PROGRAM);
    for (const { refreshToken } of [stored, kept]) {
      time.advance(5 * 60_000);
      // deno-lint-ignore no-await-in-loop -- one after the other
      const answer = await sessions.refresh(refreshToken, PROGRAM);
      assert.equal(answer.refreshToken, refreshToken);
      // deno-lint-ignore no-await-in-loop -- as above
      assert.notEqual(await sessions.authenticate(answer.accessToken), null);
    }
    disk.isFull = false;
    const next = await sessions.refresh(stored.refreshToken, PROGRAM);
    assert.notEqual(next.refreshToken, stored.refreshToken);
    await isRefused(sessions.refresh(stored.refreshToken, THIEF));
  }));

Deno.test("refresh() refuses what is no token of ours, and a login that used too many", () =>
  withLogins(async ({ user, time }, { sessions, store }) => {
    const { refreshToken } = await sessions.beginProgram(user, PROGRAM);
    const swapped = refreshToken.at(-1) === "0" ? "1" : "0";
    for (
      const text of [
        "",
        "smr_",
        refreshToken.slice(0, -1) + swapped,
        refreshToken.replace("smr_", "smc_"),
        `${refreshToken}x`,
        "x".repeat(5_000),
      ]
    ) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await isRefused(sessions.refresh(text, PROGRAM));
    }
    const [session] = await store.sessions.ofUser(user.id);
    await store.sessions.change(session!.id, (known) => ({
      ...known,
      refreshes: REFRESHES_MAX,
    }));
    time.advance(1);
    await isRefused(sessions.refresh(refreshToken, PROGRAM));
    assert.deepEqual(await store.sessions.ofUser(user.id), []);
  }));

/** What happens to one family: somebody uses one of the tokens seen so far, in one of two processes. */
const use = fc.record({
  kind: fc.constant("use" as const),
  /** Which of the tokens seen so far. */
  token: fc.nat(7),
  process: fc.nat(1),
  client: fc.constantFrom(PROGRAM, THIEF),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(use, { minLength: 1, maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 12_000 }).map((ms) => [{
      kind: "wait" as const,
      ms,
    }]),
  },
);

/** How many refresh tokens of those that anybody holds would work, without using any. */
async function living(
  { store }: Process,
  held: readonly ProgramLogin[],
): Promise<number> {
  const { sha256Hex } = await import("../../../../lib/auth/sessions/hash.ts");
  const texts = [...new Set(held.map(({ refreshToken }) => refreshToken))];
  const tokens = await Promise.all(
    texts.map(async (text) => store.sessions.refresh(await sha256Hex(text))),
  );
  const unused = tokens.filter((token) => token?.use === null);
  const alive = await Promise.all(
    unused.map((token) => store.sessions.byId(token!.sessionId)),
  );
  return alive.filter((session) => session !== null).length;
}

Deno.test("a family has at most one living chain, however its tokens are used", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const world = new World();
      const processes = [await world.start(), await world.start()];
      await processes[0]!.store.users.create(world.user, {
        passwordHash: "h",
        onlyFirst: true,
        audit: (await import("../../store/support.ts")).auditOf("auth.setup"),
      });
      const held = [
        await processes[0]!.sessions.beginProgram(world.user, PROGRAM),
      ];
      let isReplayed = false;
      for (const acts of steps) {
        const before = held.length;
        const results = await Promise.allSettled(acts.map((act) => {
          if (act.kind === "wait") {
            world.time.advance(act.ms);
            return Promise.resolve(null);
          }
          const { refreshToken } = held[act.token % before]!;
          const { sessions } = processes[act.process]!;
          return sessions.refresh(refreshToken, act.client);
        }));
        for (const result of results) {
          if (result.status === "rejected") {
            assert.equal(result.reason.code, "REFRESH_INVALID");
            isReplayed = true;
          } else if (result.value !== null) held.push(result.value);
        }
        const count = await living(processes[0]!, held);
        // Once a token was used twice by whoever should not, nothing lives.
        assert.equal(count, isReplayed ? 0 : 1);
      }
      await world.close();
    }),
    { numRuns: 60 },
  );
});
