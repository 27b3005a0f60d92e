import assert from "node:assert/strict";
import { startKvConnectServer } from "../support/kv_connect/server.ts";

Deno.test("startKvConnectServer() serves the real client: reads, ranges, checks, deletes and watches", async () => {
  const server = startKvConnectServer();
  const kv = await Deno.openKv(server.url);
  const watch = kv.watch<[number]>([["n", 1]]).getReader();
  assert.equal((await watch.read()).value![0].value, null);
  const first = await kv.set(["n", 1], 1);
  assert.equal((await watch.read()).value![0].value, 1);
  await kv.atomic().set(["n", 2], { deep: [1n] }).set(["n", 10], "ten").set(
    ["other"],
    new Uint8Array([1]),
  ).commit();
  const page = await Array.fromAsync(kv.list({ prefix: ["n"] }));
  assert.deepEqual(page.map(({ key, value }) => [key[1], value]), [
    [1, 1],
    [2, { deep: [1n] }],
    [10, "ten"],
  ]);
  const reverse = await Array.fromAsync(
    kv.list({ prefix: ["n"] }, { reverse: true, limit: 2 }),
  );
  assert.deepEqual(reverse.map(({ key }) => key[1]), [10, 2]);
  const stale = await kv.atomic().check({ key: ["n", 1], versionstamp: null })
    .set(["n", 1], 0).commit();
  assert.equal(stale.ok, false);
  const fresh = await kv.atomic().check({ ...first, key: ["n", 1] })
    .delete(["n", 1]).commit();
  assert.equal(fresh.ok, true);
  const many = await kv.getMany([["n", 1], ["n", 2], ["other"]]);
  assert.deepEqual(many.map(({ value }) => value), [
    null,
    { deep: [1n] },
    new Uint8Array([1]),
  ]);
  await watch.cancel();
  kv.close();
  await server.close();
});
