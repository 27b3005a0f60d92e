import assert from "node:assert/strict";
import type { StoredApiToken } from "../../../lib/contracts/api_token.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { keys } from "../../../lib/store/keys.ts";
import { RETAINED_API_TOKENS_MS } from "../../../lib/store/limits.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { sessionOf } from "../../support/users.ts";
import { auditOf, ManualTime } from "./support.ts";

/** Two processes on one store. */
async function createWorld() {
  const database = createMemoryDatabase();
  const time = new ManualTime();
  const [store, other] = await Promise.all(
    [1, 2].map(() => createStore(database.connect(), { time })),
  );
  return {
    store: store!,
    other: other!,
    raw: database.connect(),
    time,
    async close() {
      await store!.close();
      await other!.close();
    },
  };
}

function refreshOf(n: number) {
  return { hash: `refresh ${n}`, sessionId: "ses_1", expiresAt: 9, use: null };
}

Deno.test("SessionStore finds a login by id, cookie and user, and forgets all of it", async () => {
  const { store: { sessions }, raw, close } = await createWorld();
  await sessions.create(sessionOf(), null);
  await sessions.create(sessionOf({ id: "ses_2", userId: "usr_2" }), null);
  assert.deepEqual(await sessions.byId("ses_1"), sessionOf());
  assert.deepEqual(await sessions.bySecret("hash of ses_1"), sessionOf());
  assert.deepEqual(await sessions.ofUser("usr_1"), [sessionOf()]);
  await sessions.remove(["ses_1", "ses_9"], auditOf("sessions.revoke"));
  assert.equal(await sessions.bySecret("hash of ses_1"), null);
  assert.deepEqual(await sessions.ofUser("usr_1"), []);
  for (const prefix of [["session"], ["session_secret"], ["user_session"]]) {
    assert.equal((await raw.list({ prefix }, { limit: 9 })).length, 1);
  }
  await close();
});

Deno.test("SessionStore.change gives a login another cookie and makes the one before worthless", async () => {
  const { store: { sessions }, other, close } = await createWorld();
  await sessions.create(sessionOf(), null);
  let planned = 0;
  const next = await sessions.change("ses_1", (session) => {
    planned++;
    return { ...session, secretHash: "another" };
  });
  assert.equal(planned, 1);
  assert.equal(next!.secretHash, "another");
  assert.equal(await other.sessions.bySecret("hash of ses_1"), null);
  assert.deepEqual(await other.sessions.bySecret("another"), next);
  assert.equal(await sessions.change("ses_1", () => null), null);
  assert.equal(await sessions.change("ses_9", (session) => session), null);
  await close();
});

Deno.test("SessionStore.change never brings a login back that another process ended", async () => {
  const { store, other, close } = await createWorld();
  await store.sessions.create(sessionOf(), null);
  await Promise.all([
    store.sessions.change(
      "ses_1",
      (session) => ({ ...session, lastSeenAt: 5 }),
    ),
    other.sessions.remove(["ses_1"], null),
    store.sessions.change(
      "ses_1",
      (session) => ({ ...session, lastSeenAt: 6 }),
    ),
  ]);
  assert.equal(await store.sessions.byId("ses_1"), null);
  await close();
});

Deno.test("SessionStore.rotate lets one of two processes use a refresh token, and nobody after the login's end", async () => {
  const { store, other, close } = await createWorld();
  const session = sessionOf({ kind: "program", secretHash: "" });
  await store.sessions.create(session, refreshOf(1));
  const change = (n: number) => ({
    used: refreshOf(1),
    use: { at: 1, nonce: "", client: "", successorHash: `refresh ${n}` },
    session,
    next: { ...session, refreshes: 1 },
  });
  const done = await Promise.all([
    store.sessions.rotate(change(2)),
    other.sessions.rotate(change(3)),
  ]);
  assert.equal(done.filter(Boolean).length, 1);
  const successors = await Promise.all(
    [2, 3].map((n) => store.sessions.refresh(`refresh ${n}`)),
  );
  assert.equal(successors.filter((token) => token !== null).length, 1);
  const used = await store.sessions.refresh("refresh 1");
  assert.notEqual(used!.use, null);
  await store.sessions.remove(["ses_1"], null);
  assert.equal(
    await store.sessions.rotate({ ...change(4), used: refreshOf(2) }),
    false,
  );
  await close();
});

Deno.test("ApiTokenStore keeps a token until some time after its end, without its text", async () => {
  const { store, raw, time, close } = await createWorld();
  const token: StoredApiToken = {
    id: "tok_1",
    userId: "usr_1",
    hash: "h",
    name: "ci",
    scopes: ["agents.read"],
    epoch: 1,
    createdAt: time.nowMs(),
    expiresAt: time.nowMs() + 1_000,
    lastUsedAt: null,
  };
  await store.apiTokens.create(token, auditOf("tokens.create"));
  await store.apiTokens.touch("tok_1", 7);
  await store.apiTokens.touch("tok_9", 7);
  const seen = { ...token, lastUsedAt: 7 };
  assert.deepEqual(await store.apiTokens.byHash("h"), seen);
  time.jump(1_000 + RETAINED_API_TOKENS_MS - 1);
  await store.prune();
  assert.deepEqual(await store.apiTokens.ofUser("usr_1"), [seen]);
  time.jump(1);
  await store.prune();
  assert.deepEqual(await store.apiTokens.ofUser("usr_1"), []);
  for (const prefix of [keys.apiTokens(), keys.apiTokenHashes()]) {
    assert.deepEqual(await raw.list({ prefix }, { limit: 9 }), []);
  }
  await store.apiTokens.create(token, auditOf("tokens.create"));
  assert.equal(
    await store.apiTokens.remove("tok_1", auditOf("tokens.revoke")),
    true,
  );
  assert.equal(
    await store.apiTokens.remove("tok_1", auditOf("tokens.revoke")),
    false,
  );
  assert.equal(await store.apiTokens.byHash("h"), null);
  await close();
});

Deno.test("SecretStore writes only over what was read", async () => {
  const { store, other, close } = await createWorld();
  assert.equal(await store.secrets.read("k"), null);
  assert.equal(
    await store.secrets.write("k", { text: "a", version: null }),
    true,
  );
  assert.equal(
    await other.secrets.write("k", { text: "b", version: null }),
    false,
  );
  const { version } = (await other.secrets.read("k"))!;
  assert.equal(await other.secrets.write("k", { text: "c", version }), true);
  assert.equal(await store.secrets.write("k", { text: "d", version }), false);
  assert.equal((await store.secrets.read("k"))!.text, "c");
  await close();
});
