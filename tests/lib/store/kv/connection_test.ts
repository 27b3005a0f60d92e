import assert from "node:assert/strict";
import type { KvConnection } from "../../../../lib/store/kv/connection.ts";
import { numbered, put, testEach, write } from "./connections.ts";

async function keysOf(
  kv: KvConnection,
  selector: Deno.KvListSelector,
  limits: { limit: number; reverse?: boolean } = { limit: 1_000 },
): Promise<Deno.KvKey[]> {
  return (await kv.list(selector, limits)).map(({ key }) => key);
}

testEach("get() gives what was set, and nulls where nothing is", async (kv) => {
  const value = { list: [1, "two", 3n], map: new Map([["a", new Date(5)]]) };
  const done = await put(kv, [{ key: ["a", 1], value }]);
  assert.ok(done.ok);
  assert.deepEqual(await kv.get(["a", 1]), {
    key: ["a", 1],
    value,
    versionstamp: done.versionstamp,
  });
  assert.deepEqual(await kv.get(["b"]), {
    key: ["b"],
    value: null,
    versionstamp: null,
  });
});

testEach("values are copied in and out", async (kv) => {
  const value = { list: [1], bytes: new Uint8Array([1, 2]) };
  const done = put(kv, [{ key: ["a"], value }]);
  value.list.push(2);
  value.bytes[0] = 9;
  await done;
  for (let n = 0; n < 2; n++) {
    const read = (await kv.get<typeof value>(["a"])).value!;
    assert.deepEqual([read.list, [...read.bytes]], [[1], [1, 2]]);
    read.list.push(3);
    read.bytes[1] = 9;
  }
});

testEach(
  "write() gives ascending versionstamps of 20 hex digits, one to all its entries",
  async (kv) => {
    let last = "";
    for (let n = 0; n < 20; n++) {
      const done = await put(kv, [
        { key: ["a"], value: n },
        { key: ["b"], value: n },
      ]);
      assert.ok(done.ok);
      assert.match(done.versionstamp, /^[0-9a-f]{20}$/);
      assert.ok(done.versionstamp > last);
      last = done.versionstamp;
      const [a, b] = await kv.getMany([["a"], ["b"]]);
      assert.deepEqual([a!.versionstamp, b!.versionstamp], [last, last]);
    }
  },
);

testEach("write() does nothing at all when one check fails", async (kv) => {
  await put(kv, [{ key: ["a"], value: 1 }, { key: ["b"], value: 1 }]);
  const { versionstamp } = await kv.get(["a"]);
  const refused = await write(kv, {
    checks: [{ key: ["a"], versionstamp }, { key: ["b"], versionstamp: null }],
    sets: [{ key: ["a"], value: 2 }],
    deletes: [["b"]],
  });
  assert.deepEqual(refused, { ok: false });
  const entries = await kv.getMany([["a"], ["b"]]);
  assert.deepEqual(entries.map(({ value }) => value), [1, 1]);
  const done = await write(kv, {
    checks: [{ key: ["a"], versionstamp }, { key: ["c"], versionstamp: null }],
    sets: [{ key: ["a"], value: 2 }],
    deletes: [["b"]],
  });
  assert.ok(done.ok);
  assert.equal((await kv.get(["a"])).value, 2);
  assert.equal((await kv.get(["b"])).versionstamp, null);
});

testEach(
  "write() takes the last of two sets and lets a delete win",
  async (kv) => {
    await write(kv, {
      sets: [
        { key: ["a"], value: 1 },
        { key: ["a"], value: 2 },
        { key: ["b"], value: 1 },
      ],
      deletes: [["b"], ["none"]],
    });
    assert.equal((await kv.get(["a"])).value, 2);
    assert.equal((await kv.get(["b"])).versionstamp, null);
  },
);

testEach("getMany() keeps the order that was asked for", async (kv) => {
  await put(kv, [{ key: ["a"], value: 1 }, { key: ["b"], value: 2 }]);
  const entries = await kv.getMany([["b"], ["none"], ["a"], ["b"]]);
  assert.deepEqual(entries.map(({ value }) => value), [2, null, 1, 2]);
  assert.deepEqual(await kv.getMany([]), []);
});

testEach(
  "list() reads a prefix, without the key that is the prefix itself",
  async (kv) => {
    await put(
      kv,
      [["n"], ["n", 1], ["n", 1, "x"], ["n", 2], ["na", 1], ["m", 1]].map((
        key,
      ) => ({ key, value: 0 })),
    );
    assert.deepEqual(await keysOf(kv, { prefix: ["n"] }), [
      ["n", 1],
      ["n", 1, "x"],
      ["n", 2],
    ]);
    assert.equal((await keysOf(kv, { prefix: [] })).length, 6);
    assert.deepEqual(await keysOf(kv, { prefix: ["z"] }), []);
  },
);

testEach(
  "list() takes its start and leaves its end out, in both directions",
  async (kv) => {
    await put(kv, numbered(10).map((key) => ({ key, value: 0 })));
    const range = { start: ["n", 3], end: ["n", 7] };
    const numbers = async (
      selector: Deno.KvListSelector,
      limits: { limit: number; reverse?: boolean },
    ) => (await keysOf(kv, selector, limits)).map((key) => key[1]);
    assert.deepEqual(await numbers(range, { limit: 9 }), [3, 4, 5, 6]);
    assert.deepEqual(
      await numbers(range, { limit: 3, reverse: true }),
      [6, 5, 4],
    );
    assert.deepEqual(
      await numbers({ prefix: ["n"], start: ["n", 8] }, { limit: 9 }),
      [8, 9],
    );
    assert.deepEqual(
      await numbers({ prefix: ["n"], end: ["n", 2] }, {
        limit: 9,
        reverse: true,
      }),
      [1, 0],
    );
    assert.deepEqual(
      await numbers({ ...range, end: range.start }, { limit: 9 }),
      [],
    );
  },
);

testEach("list() reads more than one batch", async (kv) => {
  const sets = numbered(1_000).map((key) => ({ key, value: 0 }));
  await put(kv, sets);
  await put(kv, [{ key: ["n", 1_000], value: 0 }, {
    key: ["n", 1_001],
    value: 0,
  }]);
  const all = await keysOf(kv, { prefix: ["n"] }, { limit: 1_001 });
  assert.deepEqual(
    all.map((key) => key[1]),
    numbered(1_001).map((key) => key[1]),
  );
  const back = await keysOf(kv, { prefix: ["n"] }, {
    limit: 700,
    reverse: true,
  });
  assert.deepEqual([back.length, back[0]![1], back.at(-1)![1]], [
    700,
    1_001,
    302,
  ]);
});

testEach("keys sort by type, then by value", async (kv) => {
  const ordered: Deno.KvKeyPart[] = [
    new Uint8Array([]),
    new Uint8Array([0]),
    new Uint8Array([0, 1]),
    new Uint8Array([1]),
    "",
    "a",
    "a\0",
    "a\0b",
    "a\x01",
    "ab",
    "\uffff",
    "\u{1f600}",
    -(10n ** 30n),
    -256n,
    -255n,
    -1n,
    0n,
    1n,
    255n,
    256n,
    10n ** 30n,
    -Infinity,
    -1.5,
    -0,
    0,
    2,
    10,
    Infinity,
    NaN,
    false,
    true,
  ];
  const shuffled = ordered.toSorted((a, b) =>
    String(b).length - String(a).length
  );
  await put(kv, shuffled.map((part) => ({ key: ["k", part], value: 0 })));
  const keys = await keysOf(kv, { prefix: ["k"] });
  assert.deepEqual(keys.map((key) => key[1]), ordered);
});

testEach(
  "watch() tells of the entries as they are, then of the latest change",
  async (kv) => {
    await put(kv, [{ key: ["a"], value: 1 }]);
    const reader = kv.watch([["a"], ["b"]]).getReader();
    const first = (await reader.read()).value!;
    assert.deepEqual(first.map(({ value }) => value), [1, null]);
    for (let n = 2; n <= 50; n++) await put(kv, [{ key: ["b"], value: n }]);
    let value: unknown = null;
    let events = 0;
    while (value !== 50) {
      value = (await reader.read()).value![1]!.value;
      events++;
    }
    assert.ok(events <= 49);
    await write(kv, { deletes: [["a"]] });
    assert.equal((await reader.read()).value![0]!.versionstamp, null);
    await reader.cancel();
  },
);

testEach("watch() ends when the connection is closed", async (kv) => {
  const reader = kv.watch([["a"]]).getReader();
  await reader.read();
  const ended = reader.read();
  kv.close();
  assert.equal((await ended).done, true);
});

testEach("calls after close() are refused", async (kv) => {
  kv.close();
  const refused = { name: "BadResource", message: "Bad resource ID" };
  await assert.rejects(async () => await kv.get(["a"]), refused);
  await assert.rejects(async () => await kv.getMany([["a"]]), refused);
  await assert.rejects(
    async () => await kv.list({ prefix: [] }, { limit: 1 }),
    refused,
  );
  await assert.rejects(async () => await write(kv, {}), refused);
  assert.throws(() => kv.close(), refused);
});
