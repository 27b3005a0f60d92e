import type { KvConnection } from "./connection.ts";
import { KV_LIST_BATCH } from "./limits.ts";

/**
 * Opens a Deno KV. The path is never left out: the default one depends on the
 * working folder and on the configuration.
 */
export async function openDenoKv(path: string): Promise<KvConnection> {
  return wrapDenoKv(await Deno.openKv(path));
}

/** The low-level port over an open Deno KV, which is closed with it. */
export function wrapDenoKv(kv: Deno.Kv): KvConnection {
  return {
    get: (key) => kv.get(key),
    getMany: <T>(wanted: readonly Deno.KvKey[]) => kv.getMany<T[]>(wanted),
    list: (selector, { limit, reverse = false }) => {
      const batchSize = Math.min(limit, KV_LIST_BATCH);
      return Array.fromAsync(
        kv.list(selector, { limit, reverse, batchSize }),
      ) as Promise<Deno.KvEntry<never>[]>;
    },
    write: async ({ checks, sets, deletes }) => {
      const atomic = kv.atomic();
      for (const check of checks) atomic.check(check);
      for (const { key, value } of sets) atomic.set(key, value);
      for (const key of deletes) atomic.delete(key);
      const result = await atomic.commit();
      return result.ok
        ? { ok: true, versionstamp: result.versionstamp }
        : { ok: false };
    },
    watch: (keys) => kv.watch(keys as Deno.KvKey[]),
    close: () => kv.close(),
  };
}
