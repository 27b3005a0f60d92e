import assert from "node:assert/strict";
import { serialize } from "node:v8";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { SEAL_ACTION } from "../../../lib/store/audit/chain.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { keys } from "../../../lib/store/keys.ts";
import { STORE_FORMAT } from "../../../lib/store/migrate.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { auditOf, ManualTime, systemDraft } from "./support.ts";
import { AGENT, completed, config, databaseOf, record } from "./version_1.ts";

const AT = 1_800_000_000_000;

const user = { id: "usr_1", email: "a@example.com", role: "admin" };

const session = { id: "ses_1", userId: "usr_1", expiresAt: AT + 1_000 };

const snapshot = serialize({ position: "long" });

const answer = { status: 201, headers: { etag: "1" }, body: "{}" };

/** What a store of format 0, before the stamp, holds: every family in version 1. */
const VERSION_1: readonly { key: Deno.KvKey; value: unknown }[] = [
  { key: ["head", "all"], value: { v: 1, seq: 2 } },
  { key: ["head", "group", "system"], value: { v: 1, seq: 1, count: 1 } },
  { key: ["head", "group", "logs"], value: { v: 1, seq: 2, count: 1 } },
  {
    key: ["event", "system", 1],
    value: {
      v: 1,
      n: 1,
      type: "system.event",
      agentId: null,
      at: AT,
      data: { kind: "host", severity: "info", message: "started" },
    },
  },
  {
    key: ["event", "logs", 2],
    value: {
      v: 1,
      n: 1,
      type: "log.added",
      agentId: AGENT,
      at: AT,
      data: { level: "info", category: "decision", message: "waits" },
    },
  },
  {
    key: ["agent_log", AGENT, 2],
    value: { v: 1, level: "info", category: "decision" },
  },
  { key: ["agent", AGENT], value: { v: 1, record } },
  { key: ["observed", AGENT], value: { v: 1, value: { id: AGENT } } },
  { key: ["view", AGENT], value: { v: 1, value: { id: AGENT, name: "btc" } } },
  { key: ["equity", AGENT, 0], value: { v: 1, of: 1, points: [{ at: AT }] } },
  { key: ["trade", AGENT, 0], value: { v: 1, trade: { tradeId: "t0" } } },
  { key: ["feed_head", "simulated:BTC:1m"], value: { v: 1, seq: 7 } },
  {
    key: ["snapshot_head", AGENT],
    value: { v: 1, generation: 3, chunks: 1, bytes: snapshot.byteLength },
  },
  {
    key: ["snapshot", AGENT, 3, 0],
    value: { v: 1, bytes: new Uint8Array(snapshot) },
  },
  { key: ["audit_head"], value: { v: 1, n: 1 } },
  { key: ["audit", 1], value: { v: 1, n: 1, entry: auditOf("spawn") } },
  { key: ["user", "usr_1"], value: { v: 1, user, passwordHash: "hash" } },
  { key: ["user_email", "a@example.com"], value: { v: 1, id: "usr_1" } },
  { key: ["first_user"], value: { v: 1, id: "usr_1" } },
  { key: ["session", "ses_1"], value: { v: 1, session } },
  { key: ["secret", "jwt"], value: { v: 1, value: "s3cret" } },
  {
    key: ["idempotency", "answered"],
    value: { v: 1, at: AT, requestHash: "h1", response: answer },
  },
  {
    key: ["idempotency", "unanswered"],
    value: { v: 1, at: AT, requestHash: "h2", response: null },
  },
  { key: ["op", "op_01K00000000000000000000000"], value: { v: 1 } },
];

Deno.test("createStore() reads every value of version 1", async () => {
  const { database, raw } = await databaseOf(VERSION_1);
  const time = new ManualTime(AT);
  const store = await createStore(database.connect(), { time });
  const { events } = await store.events.after(0, 10);
  assert.deepEqual(events.map(({ type }) => type), [
    "system.event",
    "log.added",
  ]);
  const logs = await store.events.logs({ agentId: AGENT, limit: 9 } as never);
  assert.equal(logs.items[0]!.message, "waits");
  assert.deepEqual(await store.agents.list(), [completed]);
  assert.equal((await store.agents.observed(AGENT))!.id, AGENT);
  assert.equal((await store.agents.view(AGENT))!.name, "btc");
  assert.deepEqual(await store.agents.equity(AGENT), [{ at: AT }]);
  assert.equal(await store.agents.tradeCount(AGENT), 1);
  assert.equal(await store.agents.feedHead("simulated:BTC:1m"), 7);
  assert.deepEqual(await store.agents.loadSnapshot(AGENT), {
    position: "long",
  });
  const audits = await store.auditPage({ limit: 9, cursor: null });
  const [seal, spawn] = audits.items;
  assert.deepEqual(
    [seal!.action, seal!.n, seal!.detail["count"]],
    [SEAL_ACTION, 2, 1],
    "what was there before the chain is sealed by its first entry",
  );
  const unchained = { stream: "commands", n: 1, prev: null, hash: null };
  assert.deepEqual(spawn, { ...unchained, ...auditOf("spawn") });
  assert.deepEqual((await store.users.byEmail("a@example.com"))!.user, {
    ...user,
    status: "active",
    epoch: 1,
  });
  // A login of the first kind has ended: what kept it is not known any more.
  assert.equal((await store.sessions.byId("ses_1"))!.expiresAt, 0);
  assert.equal(await store.secret("jwt", () => Promise.resolve("")), "s3cret");
  assert.equal(
    (await raw.get<{ format: number }>(keys.format())).value!.format,
    STORE_FORMAT,
  );
  await store.events.append({ events: [systemDraft("goes on")] });
  assert.equal(store.events.headSeq(), 3);
  await store.close();
});

Deno.test("an idempotency entry of version 1 counts as reserved by an earlier start", async () => {
  const { database } = await databaseOf(VERSION_1);
  const time = new ManualTime(AT);
  const store = await createStore(database.connect(), { time });
  assert.deepEqual(await store.idempotency.begin("answered", "h1"), {
    requestHash: "h1",
    response: answer,
    isAbandoned: false,
  });
  assert.deepEqual(await store.idempotency.begin("unanswered", "h2"), {
    requestHash: "h2",
    response: null,
    isAbandoned: true,
  });
  await store.close();
});

Deno.test("a reservation is under way in its own start and abandoned in the next", async () => {
  const database = createMemoryDatabase();
  const time = new ManualTime(AT);
  const first = await createStore(database.connect(), { time });
  await first.idempotency.begin("k", "hash");
  assert.equal(
    (await first.idempotency.begin("k", "hash"))!.isAbandoned,
    false,
  );
  const second = await createStore(database.connect(), { time });
  assert.equal(
    (await second.idempotency.begin("k", "hash"))!.isAbandoned,
    true,
  );
  await first.idempotency.finish("k", answer);
  assert.equal(
    (await second.idempotency.begin("k", "hash"))!.isAbandoned,
    false,
  );
  await first.close();
  await second.close();
});

Deno.test("createStore() stamps an older store again and a current one not at all", async () => {
  const { database, raw } = await databaseOf([
    { key: keys.format(), value: { v: 1, format: 1 } },
  ]);
  const time = new ManualTime();
  await (await createStore(database.connect(), { time })).close();
  const stamped = await raw.get<{ format: number }>(keys.format());
  assert.equal(stamped.value!.format, STORE_FORMAT);
  await (await createStore(database.connect(), { time })).close();
  assert.equal(
    (await raw.get(keys.format())).versionstamp,
    stamped.versionstamp,
  );
});

Deno.test("a record of version 3 gets the safety limits that came later, with defaults that change nothing", async () => {
  const older = agentConfigSchema.parse(config);
  const { maxOrdersPerMinute, maxOpenOrders } = older.safety;
  const safety = {
    maxOrdersPerMinute,
    maxOpenOrders,
    breakerConsecutiveLosses: 3,
  };
  const { database } = await databaseOf([{
    key: keys.agent(AGENT),
    value: { v: 3, record: { ...completed, config: { ...older, safety } } },
  }]);
  const store = await createStore(database.connect(), {
    time: new ManualTime(),
  });
  const stored = await store.agents.get(AGENT);
  assert.deepEqual(stored!.config.safety, {
    ...older.safety,
    breakerConsecutiveLosses: 3,
  });
  assert.equal(stored!.config.safety.maxOrderNotional, null);
  await store.close();
});
