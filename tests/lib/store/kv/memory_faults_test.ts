import assert from "node:assert/strict";
import type {
  KvFault,
  KvFaults,
  KvOutcome,
} from "../../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { put } from "./connections.ts";

const SETS = [{ key: ["a"], value: 1 }];

/** A database whose next call of one kind gets a fault. */
function connectWith(kind: string, fault: KvFault) {
  const database = createMemoryDatabase();
  const faults: KvFaults = {
    onCall: (call) => call.kind === kind ? fault : { outcome: "ok" },
  };
  return {
    database,
    kv: database.connect({ faults }),
    /** Another connection, which has no faults. */
    other: database.connect(),
  };
}

/** Tells what became of a promise once nothing moves any more. */
async function settledOf(promise: Promise<unknown>): Promise<string> {
  let state = "pending";
  promise.then(() => state = "resolved", () => state = "rejected");
  await new Promise((resolve) => setImmediate(resolve));
  return state;
}

const WRITES: readonly [KvOutcome, string, number | null][] = [
  ["ok", "resolved", 1],
  ["fail", "rejected", null],
  ["lost_ack", "rejected", 1],
  ["hang", "pending", null],
  ["hang_done", "pending", 1],
  ["conflict", "resolved", null],
  ["conflict_done", "resolved", 1],
];

for (const [outcome, settled, stored] of WRITES) {
  Deno.test(`write() with outcome ${outcome} is ${settled} and stores ${stored}`, async () => {
    const { kv, other } = connectWith("write", { outcome });
    const written = put(kv, SETS);
    assert.equal(await settledOf(written), settled);
    assert.equal((await other.get(["a"])).value, stored);
    if (settled === "resolved") {
      assert.equal((await written).ok, outcome === "ok");
    }
  });
}

Deno.test("a fault says what it is told to, by default that the disk is full", async () => {
  const full = connectWith("write", { outcome: "fail" });
  await assert.rejects(
    put(full.kv, SETS),
    /^TypeError: database or disk is full$/,
  );
  const { kv } = connectWith("get", { outcome: "fail", message: "reset" });
  await assert.rejects(kv.get(["a"]), /^TypeError: reset$/);
});

Deno.test("a delay lets a write arrive late", async () => {
  const late = Promise.withResolvers<void>();
  const { kv, other } = connectWith("write", {
    outcome: "ok",
    delay: late.promise,
  });
  const written = put(kv, SETS);
  assert.equal(await settledOf(written), "pending");
  assert.equal((await other.get(["a"])).value, null);
  late.resolve();
  await written;
  assert.equal((await other.get(["a"])).value, 1);
});

Deno.test("schedule decides when a call arrives and when its answer does", async () => {
  const database = createMemoryDatabase();
  const steps: (() => void)[] = [];
  const kv = database.connect({ schedule: (step) => steps.push(step) });
  const written = put(kv, SETS);
  assert.equal(await settledOf(written), "pending");
  assert.equal(database.size, 0);
  steps.shift()!();
  assert.equal(await settledOf(written), "pending");
  assert.equal(database.size, 1);
  steps.shift()!();
  assert.equal(await settledOf(written), "resolved");
});

Deno.test("cut() leaves calls unanswered, and what has not arrived undone", async () => {
  const database = createMemoryDatabase();
  const steps: (() => void)[] = [];
  const kv = database.connect({ schedule: (step) => steps.push(step) });
  const arrived = put(kv, SETS);
  await settledOf(arrived);
  steps.shift()!();
  await settledOf(arrived);
  const onItsWay = put(kv, [{ key: ["b"], value: 1 }]);
  await settledOf(onItsWay);
  const watched = kv.watch([["a"]]).getReader().read();
  kv.cut();
  const after = put(kv, [{ key: ["c"], value: 1 }]);
  for (const step of steps) step();
  for (const call of [arrived, onItsWay, after, watched, kv.get(["a"])]) {
    assert.equal(await settledOf(call), "pending");
  }
  const next = database.connect();
  assert.deepEqual(
    (await next.list({ prefix: [] }, { limit: 9 })).map(({ key }) => key),
    [["a"]],
  );
});

Deno.test("a watch whose events hang is silent, and tells again once they do not", async () => {
  const database = createMemoryDatabase();
  const faults = { outcome: "hang" as KvOutcome };
  const kv = database.connect({
    faults: {
      onCall: ({ kind }) => kind === "watch_event" ? faults : { outcome: "ok" },
    },
  });
  const read = kv.watch([["a"]]).getReader().read();
  await put(kv, SETS);
  assert.equal(await settledOf(read), "pending");
  faults.outcome = "ok";
  await put(kv, [{ key: ["a"], value: 2 }]);
  assert.equal((await read).value![0]!.value, 2);
});

Deno.test("a watch whose event fails breaks", async () => {
  const { kv } = connectWith("watch_event", { outcome: "fail" });
  await assert.rejects(kv.watch([["a"]]).getReader().read(), TypeError);
  const refused = connectWith("watch", { outcome: "fail" });
  await assert.rejects(refused.kv.watch([["a"]]).getReader().read(), TypeError);
});
