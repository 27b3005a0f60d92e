import assert from "node:assert/strict";
import {
  SESSION_IDLE_MS,
  SESSION_MS,
  SESSIONS_PER_USER_MAX,
} from "../../../../lib/auth/limits.ts";
import { sha256Hex } from "../../../../lib/auth/sessions/hash.ts";
import { CALLER, CLIENT, PROGRAM, withLogins } from "./support.ts";

const MINUTE_MS = 60_000;

Deno.test("Sessions.begin gives 256 random bits and stores their hash alone", () =>
  withLogins(async ({ user }, { sessions, store }) => {
    const one = await sessions.begin(user, CLIENT);
    const other = await sessions.begin(user, CLIENT);
    assert.match(one.token, /^[\w-]{43}$/);
    assert.notEqual(one.token, other.token);
    const stored = await store.sessions.ofUser(user.id);
    assert.ok(!JSON.stringify(stored).includes(one.token));
    assert.equal(stored[0]!.secretHash, await sha256Hex(one.token));
    assert.equal((await sessions.authenticate(one.token))!.kind, "session");
    assert.equal(await sessions.authenticate(stored[0]!.secretHash), null);
  }));

Deno.test("a login of the panel ends after 30 minutes without use, and never before", () =>
  withLogins(async ({ user, time }, { sessions }) => {
    const { token } = await sessions.begin(user, CLIENT);
    for (let n = 0; n < 4; n++) {
      time.advance(SESSION_IDLE_MS - 1);
      // deno-lint-ignore no-await-in-loop -- one request after the other
      assert.notEqual(await sessions.authenticate(token), null, `${n}`);
    }
    time.advance(SESSION_IDLE_MS);
    assert.equal(await sessions.authenticate(token), null);
    assert.deepEqual(await sessions.list(user.id, { current: "" }), []);
  }));

Deno.test("a login of the panel ends after 12 hours however busy it is", () =>
  withLogins(async ({ user, time }, { sessions }) => {
    const { token, expiresAt } = await sessions.begin(user, CLIENT);
    assert.equal(Date.parse(expiresAt), time.nowMs() + SESSION_MS);
    for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
      time.advance(20 * MINUTE_MS);
      // deno-lint-ignore no-await-in-loop -- one request after the other
      assert.notEqual(await sessions.authenticate(token), null);
    }
    time.advance(20 * MINUTE_MS - 1);
    assert.notEqual(await sessions.authenticate(token), null);
    time.advance(1);
    assert.equal(await sessions.authenticate(token), null);
  }));

Deno.test("a stream that nobody looks at keeps no login alive", () =>
  withLogins(async ({ user, time }, { sessions }) => {
    const { token } = await sessions.begin(user, CLIENT);
    const identity = (await sessions.authenticate(token))!;
    time.advance(SESSION_IDLE_MS - 1);
    const use = { isActivity: false };
    assert.notEqual(await sessions.authenticate(token, use), null);
    assert.notEqual(await sessions.recheck(identity), null);
    time.advance(1);
    assert.equal(await sessions.authenticate(token, use), null);
    assert.equal(await sessions.recheck(identity), null);
  }));

Deno.test("the last use is stored at most once a minute, and survives a restart", () =>
  withLogins(async (world, { sessions, store }) => {
    const { user, time } = world;
    const { token } = await sessions.begin(user, CLIENT);
    const begun = time.nowMs();
    const stored = async () => {
      await sessions.usesStored();
      return (await store.sessions.ofUser(user.id))[0]!.lastSeenAt - begun;
    };
    time.advance(MINUTE_MS - 1);
    await sessions.authenticate(token);
    assert.equal(await stored(), 0);
    time.advance(1);
    await sessions.authenticate(token);
    assert.equal(await stored(), MINUTE_MS);
    time.advance(MINUTE_MS / 2);
    await sessions.authenticate(token);
    assert.equal(await stored(), MINUTE_MS);
    const again = await world.start();
    time.advance(SESSION_IDLE_MS - MINUTE_MS);
    assert.notEqual(await again.sessions.authenticate(token), null);
  }));

Deno.test("a full disk neither delays a request nor ends a login that is used", () =>
  withLogins(async ({ user, time, disk }, { sessions }) => {
    const { token } = await sessions.begin(user, CLIENT);
    disk.isFull = true;
    for (let n = 0; n < 4; n++) {
      time.jump(SESSION_IDLE_MS - 1);
      // deno-lint-ignore no-await-in-loop -- one request after the other
      assert.notEqual(await sessions.authenticate(token), null);
      // deno-lint-ignore no-await-in-loop -- one request after the other
      await sessions.usesStored();
    }
  }));

Deno.test("a login begins, works and ends while the disk is full", () =>
  withLogins(async ({ user, disk }, { sessions, store }) => {
    disk.isFull = true;
    const panel = await sessions.begin(user, CLIENT);
    const program = await sessions.beginProgram(user, PROGRAM);
    assert.notEqual(await sessions.authenticate(panel.token), null);
    assert.notEqual(await sessions.authenticate(program.accessToken), null);
    assert.deepEqual(await store.sessions.ofUser(user.id), []);
    assert.equal((await sessions.list(user.id, { current: "" })).length, 2);
    const { sessionId } = (await sessions.authenticate(panel.token))!;
    await sessions.revoke(sessionId, CALLER);
    assert.equal(await sessions.authenticate(panel.token), null);
  }));

Deno.test("Sessions.rotate gives another cookie to the same login, also while it waits for the store", () =>
  withLogins(async ({ user, disk }, { sessions }) => {
    const stored = await sessions.begin(user, CLIENT);
    disk.isFull = true;
    const kept = await sessions.begin(user, CLIENT);
    disk.isFull = false;
    for (const { token } of [stored, kept]) {
      // deno-lint-ignore no-await-in-loop -- one login after the other
      const { sessionId } = (await sessions.authenticate(token))!;
      // deno-lint-ignore no-await-in-loop -- as above
      const next = await sessions.rotate(sessionId);
      // deno-lint-ignore no-await-in-loop -- as above
      assert.equal(await sessions.authenticate(token), null);
      // deno-lint-ignore no-await-in-loop -- as above
      const identity = await sessions.authenticate(next.token);
      assert.equal(identity!.sessionId, sessionId);
    }
    await assert.rejects(sessions.rotate("ses_9"), {
      code: "SESSION_NOT_FOUND",
      status: 404,
    });
  }));

Deno.test("a login that is ended is refused at once here, and within seconds in another process", () =>
  withLogins(async (world, here) => {
    const { user, time } = world;
    const there = await world.start();
    const { token } = await here.sessions.begin(user, CLIENT);
    const { sessionId } = (await here.sessions.authenticate(token))!;
    const known = (await there.sessions.authenticate(token))!;
    const ending = here.sessions.revoke(sessionId, CALLER);
    // Also a request that began before and looks at the store meanwhile.
    const meanwhile = here.sessions.authenticate(token);
    await ending;
    await meanwhile;
    assert.equal(await here.sessions.authenticate(token), null);
    assert.deepEqual(here.ended, [user.id]);
    assert.equal(await there.sessions.recheck(known), null);
    time.advance(5_000);
    assert.equal(await there.sessions.authenticate(token), null);
    const entry = (await world.audited(here)).at(-1)!;
    assert.equal(entry.action, "sessions.revoke");
    assert.equal(entry.target, sessionId);
    assert.equal(entry.actor.id, user.id);
  }));

Deno.test("Sessions.revokeOthers ends all logins but one, of one user", () =>
  withLogins(async ({ user }, { sessions }) => {
    const [mine, second, third] = await Promise.all([
      sessions.begin(user, CLIENT),
      sessions.begin(user, CLIENT),
      sessions.beginProgram(user, PROGRAM),
    ]);
    const { sessionId } = (await sessions.authenticate(mine.token))!;
    const listed = await sessions.list(user.id, { current: sessionId });
    assert.equal(listed.filter(({ isThis }) => isThis).length, 1);
    assert.deepEqual(listed.map(({ kind }) => kind).toSorted(), [
      "panel",
      "panel",
      "program",
    ]);
    const options = { except: sessionId, caller: CALLER };
    assert.equal(await sessions.revokeOthers("usr_2", options), 0);
    assert.equal(await sessions.revokeOthers(user.id, options), 2);
    assert.notEqual(await sessions.authenticate(mine.token), null);
    assert.equal(await sessions.authenticate(second.token), null);
    assert.equal(await sessions.authenticate(third.accessToken), null);
    assert.equal(await sessions.revokeOthers(user.id, options), 0);
  }));

Deno.test("a user who is disabled or whose epoch was raised has no login and no token any more", () =>
  withLogins(async ({ user, time }, { sessions, apiTokens, store }) => {
    const panel = await sessions.begin(user, CLIENT);
    const program = await sessions.beginProgram(user, PROGRAM);
    const api = await apiTokens.create(user, {
      name: "ci",
      scopes: ["agents.read"],
      expiresInDays: 1,
    }, CALLER);
    const tokens = [panel.token, program.accessToken, api.token];
    const byId = store.users.byId.bind(store.users);
    for (const change of [{ epoch: 2 }, { status: "disabled" as const }]) {
      for (const token of tokens) {
        // deno-lint-ignore no-await-in-loop -- one token after the other
        assert.notEqual(await sessions.authenticate(token), null);
      }
      store.users.byId = () => Promise.resolve({ ...user, ...change });
      time.advance(5_000);
      for (const token of tokens) {
        // deno-lint-ignore no-await-in-loop -- one token after the other
        assert.equal(await sessions.authenticate(token), null);
      }
      await assert.rejects(sessions.refresh(program.refreshToken, PROGRAM), {
        code: "REFRESH_INVALID",
      });
      store.users.byId = byId;
    }
  }));

Deno.test("Sessions.revokeAll takes the one login that stays along to a raised epoch", () =>
  withLogins(async ({ user }, { sessions, store }) => {
    const mine = await sessions.begin(user, CLIENT);
    const other = await sessions.begin(user, CLIENT);
    const { sessionId } = (await sessions.authenticate(mine.token))!;
    store.users.byId = () => Promise.resolve({ ...user, epoch: 2 });
    await sessions.revokeAll(user.id, sessionId);
    assert.equal((await sessions.authenticate(mine.token))!.user.epoch, 2);
    assert.equal(await sessions.authenticate(other.token), null);
    await sessions.revokeAll(user.id);
    assert.equal(await sessions.authenticate(mine.token), null);
  }));

Deno.test("Sessions ends the login used longest ago where a user has too many", () =>
  withLogins(async ({ user, time }, { sessions }) => {
    const first = await sessions.begin(user, CLIENT);
    time.advance(1);
    const second = await sessions.begin(user, CLIENT);
    time.advance(1);
    await sessions.authenticate(first.token);
    for (let n = 2; n <= SESSIONS_PER_USER_MAX; n++) {
      time.advance(1);
      // deno-lint-ignore no-await-in-loop -- one login after the other
      await sessions.begin(user, CLIENT);
    }
    assert.notEqual(await sessions.authenticate(first.token), null);
    assert.equal(await sessions.authenticate(second.token), null);
    const { length } = await sessions.list(user.id, { current: "" });
    assert.equal(length, SESSIONS_PER_USER_MAX);
  }));

Deno.test("a cookie carries no program's token, and a bearer no cookie", () =>
  withLogins(async ({ user }, { sessions }) => {
    const panel = await sessions.begin(user, CLIENT);
    const program = await sessions.beginProgram(user, PROGRAM);
    const as = (token: string, transport: "cookie" | "bearer") =>
      sessions.authenticate(token, { transport });
    assert.notEqual(await as(panel.token, "cookie"), null);
    assert.equal(await as(panel.token, "bearer"), null);
    assert.notEqual(await as(program.accessToken, "bearer"), null);
    assert.equal(await as(program.accessToken, "cookie"), null);
  }));
