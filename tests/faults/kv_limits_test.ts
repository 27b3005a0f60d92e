/**
 * The limits of Deno KV on which those of the store rest (lib/store/limits.ts).
 * A failing test says that Deno has changed, and that ours can be looked at.
 *
 * @module
 */
import assert from "node:assert/strict";

/** What is tried at a limit and just beyond it. */
const LIMITS: readonly {
  what: string;
  limit: number;
  attempt: (kv: Deno.Kv, size: number) => Promise<unknown>;
  message: RegExp;
}[] = [
  {
    what: "bytes of a value",
    limit: 65_536,
    // The serializer adds to a string what it needs to know it again.
    attempt: (kv, size) => kv.set(["value"], "x".repeat(size - 6)),
    message: /Value too large \(max 65536 bytes\)/,
  },
  {
    what: "bytes of a key",
    limit: 2_048,
    // A part of text is one byte longer at each end.
    attempt: (kv, size) => kv.set(["k".repeat(size - 2)], 1),
    message: /Key too large for write \(max 2048 bytes\)/,
  },
  {
    what: "mutations of a commit",
    limit: 1_000,
    attempt: (kv, size) => {
      const atomic = kv.atomic();
      for (let n = 0; n < size; n++) atomic.set([n], n);
      return atomic.commit();
    },
    message: /Too many mutations \(max 1000\)/,
  },
  {
    what: "checks of a commit",
    limit: 100,
    attempt: (kv, size) => {
      const atomic = kv.atomic();
      for (let n = 0; n < size; n++) {
        atomic.check({ key: ["absent", n], versionstamp: null });
      }
      return atomic.commit();
    },
    message: /Too many checks \(max 100\)/,
  },
  {
    what: "keys of getMany()",
    limit: 10,
    attempt: (kv, size) => kv.getMany(keys(size)),
    message: /Too many ranges \(max 10\)/,
  },
  {
    what: "keys of watch()",
    limit: 10,
    attempt: async (kv, size) => {
      const reader = kv.watch(keys(size)).getReader();
      await reader.read();
      await reader.cancel();
    },
    message: /Too many keys \(max 10\)/,
  },
];

for (const { what, limit, attempt, message } of LIMITS) {
  Deno.test(`Deno.Kv takes ${limit} ${what} and refuses one more`, async () => {
    const kv = await Deno.openKv(":memory:");
    await attempt(kv, limit);
    await assert.rejects(async () => await attempt(kv, limit + 1), { message });
    kv.close();
  });
}

Deno.test("Deno.Kv refuses a commit of more than 800 KiB", async () => {
  const kv = await Deno.openKv(":memory:");
  const value = new Uint8Array(60_000);
  const commitOf = (count: number) => {
    const atomic = kv.atomic();
    for (let n = 0; n < count; n++) atomic.set([n], value);
    return atomic.commit();
  };
  await commitOf(13);
  await assert.rejects(() => commitOf(14), {
    message: /Total mutation size too large \(max 819200 bytes\)/,
  });
  kv.close();
});

function keys(count: number): Deno.KvKey[] {
  return Array.from({ length: count }, (_, n) => [n]);
}
