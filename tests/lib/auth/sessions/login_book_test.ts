import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import { LoginBook } from "../../../../lib/auth/sessions/login_book.ts";
import { KEPT_LOGINS_MAX, KEPT_RETRY_MS } from "../../../../lib/auth/limits.ts";
import type { Session } from "../../../../lib/contracts/auth.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../../lib/store/open_store.ts";
import { sessionOf } from "../../../support/users.ts";
import { auditOf } from "../../store/support.ts";

function loginOf(id: string): Session {
  return sessionOf({ id });
}

/** A book over the real store, whose disk can be full. */
async function createWorld() {
  const disk = { isFull: false };
  const clock = createSimulatedClock();
  const connection = createMemoryDatabase().connect({
    faults: {
      onCall: ({ kind }) => ({
        outcome: disk.isFull && kind === "write" ? "fail" : "ok",
      }),
    },
  });
  const store = await createStore(connection, { time: clock });
  const { sessions, audit } = store;
  const book = new LoginBook({ sessions, audit, time: clock });
  const close = async () => {
    book.close();
    await store.close();
  };
  return { disk, clock, store, book, close };
}

Deno.test("LoginBook keeps a login while the disk is full and stores it afterwards", async () => {
  const { disk, clock, store, book, close } = await createWorld();
  disk.isFull = true;
  await book.record(auditOf("auth.login"));
  await book.begin(loginOf("ses_1"), null);
  assert.deepEqual(await book.byId("ses_1"), loginOf("ses_1"));
  assert.equal(await store.sessions.byId("ses_1"), null);
  await clock.advance(3 * KEPT_RETRY_MS);
  disk.isFull = false;
  await clock.advance(KEPT_RETRY_MS);
  assert.deepEqual(await store.sessions.byId("ses_1"), loginOf("ses_1"));
  const { items } = await store.auditPage({
    limit: 9,
    cursor: null,
    stream: "access",
  });
  assert.deepEqual(items.map(({ action }) => action), ["auth.login"]);
  await close();
});

Deno.test("LoginBook ends a session at once, also one that the full disk still has", async () => {
  const { disk, clock, store, book, close } = await createWorld();
  await book.begin(loginOf("ses_1"), null);
  disk.isFull = true;
  await book.end(["ses_1"], null);
  assert.equal(await book.byId("ses_1"), null);
  assert.notEqual(await store.sessions.byId("ses_1"), null);
  disk.isFull = false;
  await clock.advance(KEPT_RETRY_MS);
  assert.equal(await store.sessions.byId("ses_1"), null);
  assert.equal(await book.byId("ses_1"), null);
  await close();
});

Deno.test("LoginBook forgets a kept session at its end, and refuses more than it can keep", async () => {
  const { disk, clock, book, close } = await createWorld();
  disk.isFull = true;
  for (let n = 0; n < KEPT_LOGINS_MAX; n++) {
    // deno-lint-ignore no-await-in-loop -- one login after the other
    await book.begin(loginOf(`ses_${n}`), null);
  }
  await assert.rejects(book.begin(loginOf("one too many"), null), {
    code: "STORE_UNAVAILABLE",
  });
  await clock.advance(1_000_000);
  assert.equal(await book.byId("ses_0"), null);
  await close();
});

Deno.test("LoginBook stores a refresh token with its login, and audits an end that the full disk has refused", async () => {
  const { disk, clock, store, book, close } = await createWorld();
  disk.isFull = true;
  const refresh = {
    hash: "h",
    sessionId: "ses_1",
    expiresAt: 1_000_000,
    use: null,
  };
  await book.begin(loginOf("ses_1"), refresh);
  assert.deepEqual(await book.refresh("h"), { token: refresh, isKept: true });
  await book.begin(loginOf("ses_2"), null);
  await book.end(["ses_2"], auditOf("sessions.revoke"));
  disk.isFull = false;
  await clock.advance(KEPT_RETRY_MS);
  assert.deepEqual(await book.refresh("h"), { token: refresh, isKept: false });
  assert.equal(await store.sessions.byId("ses_2"), null);
  const page = { limit: 9, cursor: null, stream: "access" } as const;
  const { items } = await store.auditPage(page);
  assert.deepEqual(items.map(({ action }) => action), ["sessions.revoke"]);
  await close();
});
