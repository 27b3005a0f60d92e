import assert from "node:assert/strict";
import type { User } from "../../../lib/contracts/auth.ts";
import { createStore, openStore } from "../../../lib/store/open_store.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import type { Store } from "../../../lib/store/port.ts";
import { openFaultKv } from "./fault_kv.ts";
import { auditOf, ManualTime } from "./support.ts";

async function withStore(
  test: (store: OpenedStore, time: ManualTime) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({ path: ":memory:", time });
  try {
    await test(store, time);
  } finally {
    await store.close();
  }
}

Deno.test("idempotency answers a repeated request from its first answer for 24 hours", () =>
  withStore(async ({ idempotency, prune }, time) => {
    const response = { status: 201, headers: { etag: "1" }, body: "{}" };
    assert.equal(await idempotency.begin("k", "hash"), null);
    assert.deepEqual(await idempotency.begin("k", "hash"), {
      requestHash: "hash",
      response: null,
      isAbandoned: false,
    });
    await idempotency.finish("k", response);
    time.jump(24 * 3_600_000 - 1);
    await prune();
    assert.deepEqual(await idempotency.begin("k", "other"), {
      requestHash: "hash",
      response,
      isAbandoned: false,
    });
    time.advance(1);
    assert.equal(await idempotency.begin("k", "other"), null);
  }));

Deno.test("idempotency keeps a key whose request may have been done, and says so", () =>
  withStore(async ({ idempotency }) => {
    assert.equal(await idempotency.begin("k", "hash"), null);
    idempotency.doubt("k");
    const known = { requestHash: "hash", response: null, isAbandoned: true };
    assert.deepEqual(await idempotency.begin("k", "hash"), known);
    assert.deepEqual(await idempotency.begin("k", "hash"), known);
    assert.equal(await idempotency.begin("other", "hash"), null);
  }));

Deno.test("idempotency reserves a key for one of many at once, and frees it when abandoned", () =>
  withStore(async ({ idempotency }) => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => idempotency.begin("k", "hash")),
    );
    assert.equal(all.filter((known) => known === null).length, 1);
    await idempotency.abandon("k");
    assert.equal(await idempotency.begin("k", "hash"), null);
  }));

Deno.test("audit() numbers entries without holes, also when many come at once", () =>
  withStore(async (store) => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => store.audit(auditOf(`a${n}`))),
    );
    const first = await store.auditPage({ limit: 30, cursor: null });
    const rest = await store.auditPage({ limit: 30, cursor: first.nextCursor });
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ n }) => n),
      Array.from({ length: 40 }, (_, n) => 40 - n),
    );
    assert.equal(rest.nextCursor, null);
  }));

function userOf(n: number): User {
  return {
    id: `usr_${n}`,
    email: `u${n}@example.com`,
    role: "admin",
    status: "active",
    epoch: 1,
    createdAt: 1,
  };
}

function create(store: Store, n: number, onlyFirst: boolean): Promise<boolean> {
  const audit = auditOf("auth.setup");
  return store.users.create(userOf(n), { passwordHash: "h", onlyFirst, audit });
}

Deno.test("create() makes one first account however many try at once", () =>
  withStore(async (store) => {
    const results = await Promise.all(
      [1, 2, 3].map((n) => create(store, n, true)),
    );
    assert.equal(results.filter(Boolean).length, 1);
    assert.equal(await store.users.count(), 1);
    assert.equal(await create(store, 9, false), true);
    assert.equal(await create(store, 9, false), false, "the e-mail is taken");
    assert.equal(await create(store, 10, true), false);
    assert.deepEqual(
      (await store.users.byEmail("u9@example.com"))!.user,
      userOf(9),
    );
  }));

Deno.test("secret() is created once, also when two ask at once", () =>
  withStore(async (store) => {
    let made = 0;
    const make = () => Promise.resolve(`secret ${++made}`);
    const all = await Promise.all([
      store.secret("key", make),
      store.secret("key", make),
    ]);
    assert.equal(all[0], all[1]);
    assert.equal(await store.secret("key", make), all[0]);
  }));

Deno.test("prune() removes op ids of decided commits after ten minutes", async () => {
  const fault = await openFaultKv();
  const time = new ManualTime();
  const store = await createStore(fault.kv, { time });
  for (let n = 0; n < 250; n++) await store.audit(auditOf("a"));
  time.jump(10 * 60_000);
  await store.audit(auditOf("young"));
  await store.prune();
  const kept = await fault.kv.list({ prefix: ["op"] }, { limit: 500 });
  assert.ok(kept.length < 10, `${kept.length} op ids left`);
  await store.close();
});
