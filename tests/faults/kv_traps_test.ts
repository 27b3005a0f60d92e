/**
 * What Deno KV does on a file that its documentation does not say. Rules of
 * ours rest on each of these. A test that fails here says that Deno has changed,
 * and that the rule named beside it can be looked at again.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withTempDir } from "../support/temp.ts";
import { startChild } from "./child.ts";

/** Long enough for anything that would come at all; most of these events take 2 ms. */
const NOTHING_COMES_MS = 300;

// Rule: the store commits checks, sets and deletes only, never sum, min or max (lib/store/kv).
Deno.test("Deno.Kv atomic() that throws because of sum() has written its other keys", async () => {
  const kv = await Deno.openKv(":memory:");
  await kv.set(["text"], "no number");
  await assert.rejects(
    kv.atomic().set(["torn"], true).sum(["text"], 1n).commit(),
    TypeError,
  );
  assert.equal((await kv.get(["torn"])).value, true);
  kv.close();
});

// Rule: one connection per file, in the main isolate; workers and tools go through it (lib/store/open_store.ts).
Deno.test("Deno.Kv of two processes on one file refuses writes as locked", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const other = startChild("kv_process.ts", { args: ["contend", path] });
    const kv = await Deno.openKv(path);
    assert.equal(await other.nextLine(), "ready");
    const locked = await firstLocked(kv);
    kv.close();
    await other.kill();
    assert.equal(locked, "database is locked");
  });
});

// Rule: whoever is not the server's process asks by HTTP; the poll beside the watch is for remote stores only.
Deno.test("Deno.Kv watch() tells of writes of the same process only", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const watching = await Deno.openKv(path);
    const writing = await Deno.openKv(path);
    const reader = watching.watch<[string]>([["watched"]]).getReader();
    const next = async () => (await reader.read()).value?.[0].value;
    assert.equal(await next(), null);
    await writing.set(["watched"], "from this process");
    assert.equal(await next(), "from this process");

    const child = startChild("kv_process.ts", { args: ["setOnce", path] });
    assert.equal(await child.nextLine(), "done");
    await child.ended();
    const told = next();
    assert.equal(await orNothing(told), "nothing came");
    // It is stored all the same.
    assert.equal(
      (await watching.get(["watched"])).value,
      "from another process",
    );
    await reader.cancel();
    await told;
    watching.close();
    writing.close();
  });
});

// Rule: the store refuses to open without a path (lib/store/open_store.ts).
Deno.test("Deno.openKv() without a path in a Worker is memory of its own", async () => {
  const code = `
    const kv = await Deno.openKv();
    const found = (await kv.get(["left by a worker"])).value;
    await kv.set(["left by a worker"], true);
    kv.close();
    postMessage(found);
  `;
  assert.equal(await answerOf(code), null);
  assert.equal(await answerOf(code), null);
});

// Rule: whoever watches takes the newest value for a wake-up and lists after its own cursor (lib/live).
Deno.test("Deno.Kv watch() gives a slow reader the newest value, not every one", async () => {
  const kv = await Deno.openKv(":memory:");
  const reader = kv.watch<[number]>([["n"]]).getReader();
  await reader.read();
  for (let n = 1; n <= 200; n++) await kv.set(["n"], n);
  let told = 0;
  for (let value = 0; value !== 200; told++) {
    value = (await reader.read()).value![0].value!;
  }
  assert.ok(told < 20, `${told} of 200 values were told`);
  await reader.cancel();
  kv.close();
});

// Rule: whatever expires carries its own time, and the reader compares it (sessions, idempotency keys).
Deno.test("Deno.Kv expireIn is the earliest time at which a value may be gone", async () => {
  const kv = await Deno.openKv(":memory:");
  await kv.set(["brief"], "still here", { expireIn: 1 });
  const expiredAt = Date.now() + 20;
  while (Date.now() < expiredAt) await kv.get(["brief"]);
  assert.equal((await kv.get(["brief"])).value, "still here");
  kv.close();
});

// Rule: what the store keeps is bounded by counts, since deleting gives no space back (lib/store/limits.ts).
Deno.test("Deno.Kv file does not shrink when everything in it is deleted", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const kv = await Deno.openKv(path);
    const value = new Uint8Array(50_000);
    for (let n = 0; n < 40; n++) await kv.set([n], value);
    for (let n = 0; n < 40; n++) await kv.delete([n]);
    kv.close();
    const { size } = await Deno.stat(path);
    assert.ok(size >= 40 * 50_000, `The file has ${size} bytes`);
  });
});

// Rule: an acknowledged commit survives the death of the process (promise P1).
Deno.test("Deno.Kv loses no acknowledged commit, and tears none, when its process is killed", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    let acknowledged = 0;
    for (let kill = 0; kill < 5; kill++) {
      const child = startChild("kv_process.ts", {
        args: ["commitPairs", path],
      });
      const until = acknowledged + 20 + Math.floor(Math.random() * 200);
      while (acknowledged < until) {
        const line = await child.nextLine();
        assert.notEqual(line, null, "The child ended by itself");
        acknowledged = Number(line);
      }
      await child.kill();
      const kv = await Deno.openKv(path);
      const [left, right] = await kv.getMany<[number, number]>([
        ["left"],
        ["right"],
      ]);
      kv.close();
      assert.ok(left.value! >= acknowledged, `${acknowledged} was lost`);
      assert.equal(left.value, right.value);
    }
  });
});

/** Counts up against the other process until a write is refused; bounded, in case it never is. */
async function firstLocked(kv: Deno.Kv): Promise<string | null> {
  const attempts = 20_000;
  for (let n = 0; n < attempts; n++) {
    try {
      const entry = await kv.get<number>(["count"]);
      await kv.atomic().check(entry).set(["count"], (entry.value ?? 0) + 1)
        .commit();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return null;
}

/** What a promise gives, or "nothing came" when it takes too long. */
async function orNothing<T>(promise: Promise<T>): Promise<T | string> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("nothing came"), NOTHING_COMES_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs code in a worker of its own and answers with what it posts. */
async function answerOf(code: string): Promise<unknown> {
  const url = `data:application/javascript,${encodeURIComponent(code)}`;
  const worker = new Worker(url, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
  } finally {
    worker.terminate();
  }
}
