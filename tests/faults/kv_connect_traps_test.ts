/**
 * What the client of KV Connect in Deno does when its server fails. The guard
 * of the store (lib/store/kv/guarded_kv.ts) rests on each of these: deadlines,
 * an op id in every commit, reading it back in doubt, a poll beside the watch.
 * A test that fails here says that Deno has changed, and that the guard can be
 * looked at again.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  type KvConnectFault,
  type KvConnectServer,
  startKvConnectServer,
} from "../support/kv_connect/server.ts";

/** A call that has not ended by then is taken to hang; an answer takes 2 ms. */
const HANG_MS = 400;

Deno.test("Deno.Kv over KV Connect sends a commit again and again until it is answered", async () => {
  await withKv(async ({ kv, server }) => {
    const faults: KvConnectFault[] = ["error", "lost_ack", "error", "lost_ack"];
    server.fault = (kind) => kind === "write" ? faults.shift() ?? null : null;
    await kv.set(["n"], 1);
    const writes = server.requests.filter(({ kind }) => kind === "write");
    assert.equal(writes.length, 5);
    assert.equal(new Set(writes.map(({ body }) => body.toHex())).size, 1);
  });
});

Deno.test("Deno.Kv over KV Connect answers ok: false for a checked commit that was done", async () => {
  for (const fault of ["lost_ack", "cut"] as const) {
    // deno-lint-ignore no-await-in-loop -- one server at a time
    await withKv(async ({ kv, server }) => {
      strikeOnce(server, fault);
      const result = await kv.atomic()
        .check({ key: ["order"], versionstamp: null })
        .set(["order"], "sent").commit();
      assert.equal(result.ok, false);
      assert.equal((await kv.get(["order"])).value, "sent");
    });
  }
});

Deno.test("Deno.Kv over KV Connect rejects a commit that was done when the answer is torn", async () => {
  await withKv(async ({ kv, server }) => {
    strikeOnce(server, "torn");
    await assert.rejects(
      kv.set(["order"], "sent"),
      /failed to decode response/,
    );
    assert.equal((await kv.get(["order"])).value, "sent");
  });
});

Deno.test("Deno.Kv over KV Connect waits without a limit for a server that hangs", async () => {
  await withKv(async ({ kv, server }) => {
    server.fault = (kind) => kind === "watch" ? null : "hang";
    const calls = [kv.set(["n"], 1), kv.get(["n"])];
    // They end when the server does: refused, long after this test looked.
    void Promise.allSettled(calls);
    for (const call of calls) {
      // deno-lint-ignore no-await-in-loop -- each has its own time
      assert.equal(await orHangs(call), "hangs");
    }
  });
});

Deno.test("Deno.Kv watch() over KV Connect is silent for as long as its link is half open", async () => {
  await withKv(async ({ kv, server }) => {
    server.fault = (kind) => kind === "watch" ? "silent" : null;
    const reader = kv.watch([["n"]]).getReader();
    const told = reader.read();
    await kv.set(["n"], 1);
    assert.equal(await orHangs(told), "hangs");
    assert.equal(server.faults.get("silent"), 1);
    await reader.cancel();
  });
});

// Rule: commands go through a log under checks, never through a queue.
Deno.test("Deno.Kv over KV Connect has no queues", async () => {
  await withKv(async ({ kv }) => {
    await assert.rejects(kv.enqueue("message"), /not supported/i);
  });
});

async function withKv(
  test: (parts: { kv: Deno.Kv; server: KvConnectServer }) => Promise<void>,
): Promise<void> {
  const server = startKvConnectServer();
  const kv = await Deno.openKv(server.url);
  try {
    await test({ kv, server });
  } finally {
    kv.close();
    await server.close();
  }
}

/** Strikes the next write. */
function strikeOnce(server: KvConnectServer, fault: KvConnectFault): void {
  server.fault = (kind) => {
    if (kind !== "write") return null;
    server.fault = null;
    return fault;
  };
}

async function orHangs(call: Promise<unknown>): Promise<unknown> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("hangs"), HANG_MS);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
