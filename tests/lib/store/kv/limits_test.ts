import assert from "node:assert/strict";
import type { KvConnection } from "../../../../lib/store/kv/connection.ts";
import { numbered, put, testEach, write } from "./connections.ts";

const LONG = "k".repeat(2_000);

const sets = (count: number, value: unknown, prefix = "s") =>
  Array.from({ length: count }, (_, n) => ({ key: [prefix, n], value }));

const REFUSED: readonly {
  what: string;
  call: (kv: KvConnection) => Promise<unknown>;
  message: string;
}[] = [
  {
    what: "a value",
    call: (kv) => put(kv, [{ key: ["a"], value: "x".repeat(65_531) }]),
    message: "Value too large (max 65536 bytes)",
  },
  {
    what: "bytes",
    call: (kv) => put(kv, [{ key: ["a"], value: new Uint8Array(65_537) }]),
    message: "Value too large (max 65536 bytes)",
  },
  {
    what: "a written key",
    call: (kv) => put(kv, [{ key: ["x".repeat(2_047)], value: 1 }]),
    message: "Key too large for write (max 2048 bytes)",
  },
  {
    what: "a checked key",
    call: (kv) =>
      write(kv, {
        checks: [{ key: ["x".repeat(2_047)], versionstamp: null }],
      }),
    message: "Key too large for write (max 2048 bytes)",
  },
  {
    what: "a key that is read",
    call: (kv) => kv.get(["x".repeat(2_047)]),
    message: "Key too large for read (max 2049 bytes)",
  },
  {
    what: "a prefix",
    call: (kv) => kv.list({ prefix: ["x".repeat(2_047)] }, { limit: 1 }),
    message: "Key too large for read (max 2049 bytes)",
  },
  {
    what: "mutations",
    call: (kv) => write(kv, { sets: sets(1_000, 1), deletes: [["d"]] }),
    message: "Too many mutations (max 1000)",
  },
  {
    what: "checks",
    call: (kv) =>
      write(kv, {
        checks: numbered(101).map((key) => ({ key, versionstamp: null })),
      }),
    message: "Too many checks (max 100)",
  },
  {
    what: "all of a write",
    call: (kv) => write(kv, { sets: sets(20, new Uint8Array(60_000)) }),
    message: "Total mutation size too large (max 819200 bytes)",
  },
  {
    what: "the keys of a write",
    call: (kv) => write(kv, { sets: sets(41, 1, LONG) }),
    message: "Total key size too large (max 81920 bytes)",
  },
  {
    what: "a getMany",
    call: (kv) => kv.getMany(numbered(11)),
    message: "Too many ranges (max 10)",
  },
  {
    what: "an empty key",
    call: (kv) => put(kv, [{ key: [], value: 1 }]),
    message: "key cannot be empty",
  },
  {
    what: "a versionstamp",
    call: (kv) => write(kv, { checks: [{ key: ["a"], versionstamp: "1" }] }),
    message: "Invalid check",
  },
  {
    what: "a function",
    call: (kv) => put(kv, [{ key: ["a"], value: () => 1 }]),
    message: "()=>1 could not be cloned.",
  },
  {
    what: "a start outside its prefix",
    call: (kv) => kv.list({ prefix: ["n"], start: ["m"] }, { limit: 1 }),
    message: "Start key is not in the keyspace defined by prefix",
  },
  {
    what: "an end outside its prefix",
    call: (kv) => kv.list({ prefix: ["n"], end: ["n"] }, { limit: 1 }),
    message: "End key is not in the keyspace defined by prefix",
  },
  {
    what: "a start behind its end",
    call: (kv) => kv.list({ start: ["n", 2], end: ["n", 1] }, { limit: 1 }),
    message: "Start key is greater than end key",
  },
];

for (const { what, call, message } of REFUSED) {
  testEach(
    `${what} beyond the limits is refused in the same words`,
    async (kv) => {
      await assert.rejects(async () => await call(kv), {
        name: "TypeError",
        message,
      });
      assert.deepEqual(await kv.list({ prefix: [] }, { limit: 1 }), []);
    },
  );
}

testEach("what is just within the limits is taken", async (kv) => {
  await put(kv, [{ key: ["a"], value: "x".repeat(65_530) }]);
  await put(kv, [{ key: ["b"], value: new Uint8Array(65_536) }]);
  await put(kv, [{ key: ["x".repeat(2_046)], value: 1 }]);
  assert.equal((await kv.get(["x".repeat(2_046)])).value, 1);
  await write(kv, { sets: sets(1_000, 1) });
  await write(kv, { sets: sets(40, 1, LONG) });
  // Only the keys of sets count together.
  await write(kv, { deletes: sets(45, 1, LONG).map(({ key }) => key) });
  const checks = numbered(100).map((key) => ({ key, versionstamp: null }));
  assert.ok((await write(kv, { checks })).ok);
  assert.equal((await kv.getMany(numbered(10))).length, 10);
});
