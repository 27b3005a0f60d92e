import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { KvConnection } from "../../../lib/store/kv/connection.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { keys } from "../../../lib/store/keys.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { sessionOf } from "../../support/users.ts";
import {
  agentIdOf,
  auditOf,
  logDraft,
  recordOf,
  systemDraft,
  tradeOf,
} from "./support.ts";

const KEPT = { agents: 20, trades: 20, system: 15, logs: 30 };
const KEPT_TRADES = 12;
const REMOVED_MS = 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const EVERYTHING = { limit: 100_000 };

async function createWorld() {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const database = createMemoryDatabase();
  const store = await createStore(database.connect(), {
    time: clock,
    retention: KEPT,
    agentRetention: { trades: KEPT_TRADES, removedMs: REMOVED_MS },
  });
  const append = async (batch: Parameters<typeof store.events.append>[0]) => {
    const done = store.events.append(batch);
    await clock.advance(50);
    await done;
  };
  return { clock, store, append, raw: database.connect() };
}

type World = Awaited<ReturnType<typeof createWorld>>;

async function keysOf(raw: KvConnection, prefix: Deno.KvKey) {
  return (await raw.list({ prefix }, EVERYTHING)).map(({ key }) => key);
}

function spawn({ store }: World, n: number): Promise<boolean> {
  const record = recordOf(agentIdOf(n), {
    streamId: `replay:${agentIdOf(n)}`,
  });
  return store.agents.save(record, { expected: null, audit: auditOf("spawn") });
}

function trades({ append }: World, n: number, range: [number, number]) {
  const [fromIndex, count] = range;
  return append({
    projections: [{
      kind: "trades",
      agentId: agentIdOf(n),
      fromIndex,
      value: Array.from({ length: count }, (_, k) => tradeOf(fromIndex + k)),
    }, {
      kind: "equity",
      agentId: agentIdOf(n),
      value: [{ seq: 1, at: 1, equity: "1" }],
    }, {
      kind: "feedHead",
      streamId: `replay:${agentIdOf(n)}`,
      value: fromIndex,
    }],
  });
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("system"), count: fc.nat(25) }),
  fc.record({ kind: fc.constant("logs"), count: fc.nat(60) }),
  fc.record({ kind: fc.constant("trades"), count: fc.nat(20) }),
  fc.record({ kind: fc.constant("session"), count: fc.nat(3) }),
  fc.record({ kind: fc.constant("request"), count: fc.nat(3) }),
  fc.record({ kind: fc.constant("wait"), count: fc.nat(20) }),
  fc.record({ kind: fc.constant("prune"), count: fc.constant(1) }),
);

/** What must still be there. */
interface Expected {
  system: number;
  logs: number;
  trades: number;
  sessions: Map<string, number>;
  requests: Map<string, number>;
}

async function take(
  world: World,
  expected: Expected,
  { kind, count }: { kind: string; count: number },
): Promise<void> {
  const { store, append, clock } = world;
  const now = clock.nowMs();
  const range = Array.from({ length: count }, (_, n) => n);
  if (kind === "system") {
    await append({ events: range.map((n) => systemDraft(`${n}`)) });
    expected.system += count;
  } else if (kind === "logs") {
    const agentId = agentIdOf(1);
    await append({ events: range.map((n) => logDraft(`${n}`, { agentId })) });
    expected.logs += count;
  } else if (kind === "trades") {
    await trades(world, 1, [expected.trades, count]);
    expected.trades += count;
  } else if (kind === "session") {
    for (const n of range) {
      const id = `ses_${expected.sessions.size}`;
      const expiresAt = now + (n + 1) * HOUR_MS;
      await store.sessions.create(sessionOf({ id, expiresAt }), {
        hash: `refresh of ${id}`,
        sessionId: id,
        expiresAt,
        use: null,
      });
      expected.sessions.set(id, expiresAt);
    }
  } else if (kind === "request") {
    for (const _ of range) {
      const key = `key ${expected.requests.size}`;
      await store.idempotency.begin(key, "hash");
      expected.requests.set(key, now + 24 * HOUR_MS);
    }
  } else if (kind === "wait") clock.jumpWall(count * HOUR_MS);
  else await store.prune();
}

async function check(world: World, expected: Expected): Promise<void> {
  const { store, raw, clock } = world;
  const now = clock.nowMs();
  const system = await keysOf(raw, keys.events("system"));
  assert.equal(system.length, Math.min(expected.system, KEPT.system));
  const logs = await keysOf(raw, keys.events("logs"));
  assert.equal(logs.length, Math.min(expected.logs, KEPT.logs));
  const index = await keysOf(raw, keys.agentLogs(agentIdOf(1)));
  assert.deepEqual(index.map((key) => key[2]), logs.map((key) => key[2]));
  const kept = await keysOf(raw, keys.trades(agentIdOf(1)));
  const first = Math.max(0, expected.trades - KEPT_TRADES);
  assert.deepEqual(
    kept.map((key) => key[2]),
    Array.from({ length: expected.trades - first }, (_, n) => first + n),
  );
  assert.equal(await store.agents.tradeCount(agentIdOf(1)), expected.trades);
  for (
    const [prefix, known] of [
      [keys.sessions(), expected.sessions],
      [keys.idempotencies(), expected.requests],
    ] as const
  ) {
    const alive = [...known].filter(([, until]) => until > now);
    const found = (await keysOf(raw, prefix)).map((key) => String(key[1]));
    assert.deepEqual(found.toSorted(), alive.map(([id]) => id).toSorted());
  }
  const sessions = await keysOf(raw, keys.sessions());
  for (
    const prefix of [
      keys.sessionSecrets(),
      keys.userSessions("usr_1"),
      keys.refreshes(),
    ]
  ) {
    assert.equal((await keysOf(raw, prefix)).length, sessions.length);
  }
  const ops = await keysOf(raw, keys.ops());
  assert.ok(ops.length <= 200, `${ops.length} op ids`);
}

Deno.test("prune() keeps every family within its bound and loses nothing newer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = await createWorld();
      await spawn(world, 1);
      const expected: Expected = {
        system: 0,
        logs: 0,
        trades: 0,
        sessions: new Map(),
        requests: new Map(),
      };
      for (const one of steps) await take(world, expected, one);
      await world.store.prune();
      await check(world, expected);
      await world.store.close();
    }),
    { numRuns: 40 },
  );
});

Deno.test("prune() never sets back up to where events are gone, where another process has pruned further", async () => {
  const world = await createWorld();
  const { store, append, raw } = world;
  const further = { v: 1, seq: 1_000_000 };
  const key = keys.pruned("system");
  await append({
    events: Array.from({ length: 40 }, (_, n) => systemDraft(`${n}`)),
  });
  await raw.write({ checks: [], sets: [{ key, value: further }], deletes: [] });
  await store.prune();
  assert.equal(
    (await keysOf(raw, keys.events("system"))).length,
    KEPT.system,
  );
  assert.deepEqual((await raw.get(key)).value, further);
  await store.close();
});

Deno.test("prune() removes what a removed agent left once its time is over, and nothing of others", async () => {
  const world = await createWorld();
  const { store, clock, raw } = world;
  for (const n of [1, 2]) {
    await spawn(world, n);
    await trades(world, n, [0, 5]);
  }
  await store.agents.remove(agentIdOf(1), auditOf("remove"));
  assert.equal(await store.agents.feedHead(`replay:${agentIdOf(1)}`), null);
  await store.prune();
  assert.equal(await store.agents.tradeCount(agentIdOf(1)), 5);
  clock.jumpWall(REMOVED_MS);
  await store.prune();
  const left = (await keysOf(raw, [])).filter((key) =>
    key.includes(agentIdOf(1))
  );
  assert.deepEqual(left, []);
  assert.equal(await store.agents.tradeCount(agentIdOf(2)), 5);
  assert.equal((await store.agents.equity(agentIdOf(2))).length, 1);
  assert.equal(
    (await store.auditPage({ limit: 9, cursor: null })).items.length,
    3,
  );
  await store.close();
});

Deno.test("prune() finds what agents left that an older build removed", async () => {
  const world = await createWorld();
  const { store, clock, raw } = world;
  await trades(world, 7, [0, 3]);
  await raw.write({
    checks: [],
    sets: [{
      key: keys.snapshotChunk(agentIdOf(8), { generation: 1, chunk: 0 }),
      value: { v: 1, bytes: new Uint8Array(9) },
    }],
    deletes: [],
  });
  await store.prune();
  clock.jumpWall(REMOVED_MS);
  await store.prune();
  for (const family of ["trade", "equity", "snapshot", "removed_agent"]) {
    assert.deepEqual(await keysOf(raw, [family]), [], family);
  }
  await store.close();
});

Deno.test("prune() does a bounded amount of work and goes on in the next run", async () => {
  const world = await createWorld();
  const { store, clock, raw } = world;
  // Young ones in front: a walk that always began anew would never get past them.
  const lifeMs = (n: number) => n < 6_000 ? HOUR_MS : 1;
  const sets = Array.from({ length: 12_000 }, (_, n) => ({
    key: keys.session(`ses_${String(n).padStart(6, "0")}`),
    value: { v: 2, session: { expiresAt: clock.nowMs() + lifeMs(n) } },
  }));
  for (let from = 0; from < sets.length; from += 1_000) {
    const part = sets.slice(from, from + 1_000);
    await raw.write({ checks: [], sets: part, deletes: [] });
  }
  clock.jumpWall(1_000);
  const left: number[] = [];
  for (let run = 0; run < 3; run++) {
    await store.prune();
    left.push((await keysOf(raw, keys.sessions())).length);
  }
  assert.deepEqual(left, [12_000, 8_000, 6_000]);
  await store.close();
});
