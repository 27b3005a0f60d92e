import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  AtomicWrite,
  KvConnection,
} from "../../../../lib/store/kv/connection.ts";
import { openDenoKv } from "../../../../lib/store/kv/deno_kv.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";

const part = fc.oneof(
  fc.constantFrom("a", "b", "a\0", "", 0, 1, -1, 0.5, 1n, -1n, true, false),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.uint8Array({ maxLength: 3 }),
) as fc.Arbitrary<Deno.KvKeyPart>;
// Few keys, so that they meet.
const someKey = fc.constantFrom<Deno.KvKey>(["a"], ["a", 1], ["a", 2], [
  "b",
  1,
]);
const key = fc.oneof(
  { arbitrary: someKey, weight: 3 },
  fc.array(part, { minLength: 1, maxLength: 3 }),
) as fc.Arbitrary<Deno.KvKey>;
const value = fc.oneof(fc.jsonValue(), fc.uint8Array(), fc.bigInt());
const limits = fc.record({
  limit: fc.integer({ min: 1, max: 5 }),
  reverse: fc.boolean(),
});
const prefix = fc.oneof(
  fc.constantFrom<Deno.KvKey>([], ["a"], ["b"]),
  fc.array(part, { maxLength: 2 }),
) as fc.Arbitrary<Deno.KvKey>;
const selector = fc.oneof(
  fc.record({ prefix }),
  fc.record({ start: key, end: key }),
  fc.record({ prefix, start: key }),
  fc.record({ prefix, end: key }),
) as fc.Arbitrary<Deno.KvListSelector>;

/** A check that holds (`current`), that wants nothing there, or that is outdated. */
const check = fc.record({
  key,
  wants: fc.constantFrom("current", "nothing", "outdated"),
});

type Operation =
  | { kind: "get"; key: Deno.KvKey }
  | { kind: "getMany"; keys: Deno.KvKey[] }
  | {
    kind: "list";
    selector: Deno.KvListSelector;
    limits: { limit: number; reverse: boolean };
  }
  | {
    kind: "write";
    checks: { key: Deno.KvKey; wants: string }[];
    sets: { key: Deno.KvKey; value: unknown }[];
    deletes: Deno.KvKey[];
  };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant("get" as const), key }),
  fc.record({
    kind: fc.constant("getMany" as const),
    keys: fc.array(key, { maxLength: 11 }),
  }),
  fc.record({ kind: fc.constant("list" as const), selector, limits }),
  fc.record({
    kind: fc.constant("write" as const),
    checks: fc.array(check, { maxLength: 2 }),
    sets: fc.array(fc.record({ key, value }), { maxLength: 5 }),
    deletes: fc.array(key, { maxLength: 2 }),
  }),
);

/** Versionstamps differ between databases; whether there is one does not. */
function comparable(entry: Deno.KvEntryMaybe<unknown>) {
  const { key, value, versionstamp } = entry;
  return { key, value, isStored: versionstamp !== null };
}

async function checksOf(
  kv: KvConnection,
  wanted: readonly { key: Deno.KvKey; wants: string }[],
): Promise<AtomicWrite["checks"]> {
  const entries = await Promise.all(wanted.map(({ key }) => kv.get(key)));
  return wanted.map(({ key, wants }, place) => ({
    key,
    versionstamp: wants === "current"
      ? entries[place]!.versionstamp
      : wants === "nothing"
      ? null
      : "0".repeat(20),
  }));
}

async function run(kv: KvConnection, operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case "get":
      return comparable(await kv.get(operation.key));
    case "getMany":
      return (await kv.getMany(operation.keys)).map(comparable);
    case "list":
      return (await kv.list(operation.selector, operation.limits))
        .map(comparable);
    case "write": {
      const checks = await checksOf(kv, operation.checks);
      return (await kv.write({ ...operation, checks })).ok;
    }
  }
}

async function outcomeOf(kv: KvConnection, operation: Operation) {
  try {
    return { result: await run(kv, operation) };
  } catch (error) {
    return { name: (error as Error).name, message: (error as Error).message };
  }
}

Deno.test("random operations give the same on Deno KV and on the database in memory", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 20, maxLength: 60 }),
      async (operations) => {
        const real = await openDenoKv(":memory:");
        const memory = createMemoryDatabase().connect();
        try {
          for (const [place, operation] of operations.entries()) {
            const [expected, found] = await Promise.all([
              outcomeOf(real, operation),
              outcomeOf(memory, operation),
            ]);
            assert.deepEqual(found, expected, `operation ${place}`);
          }
          const everything = { prefix: [] };
          const [expected, found] = await Promise.all([
            real.list(everything, { limit: 1_000 }),
            memory.list(everything, { limit: 1_000 }),
          ]);
          assert.deepEqual(found.map(comparable), expected.map(comparable));
        } finally {
          real.close();
        }
      },
    ),
    { numRuns: 60 },
  );
});
