import type {
  AtomicWrite,
  KvConnection,
} from "../../../../lib/store/kv/connection.ts";
import { openDenoKv } from "../../../../lib/store/kv/deno_kv.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";

/** A way to open a fresh, empty connection of each adapter. */
export interface Adapter {
  name: string;
  open(): Promise<{ kv: KvConnection; remove(): Promise<void> }>;
}

/** Every adapter of the low-level port. */
export const ADAPTERS: readonly Adapter[] = [
  {
    name: "Deno KV in memory",
    open: async () => ({
      kv: await openDenoKv(":memory:"),
      remove: () => Promise.resolve(),
    }),
  },
  {
    name: "Deno KV on disk",
    open: async () => {
      const dir = await Deno.makeTempDir();
      return {
        kv: await openDenoKv(`${dir}/kv.sqlite`),
        remove: () => Deno.remove(dir, { recursive: true }),
      };
    },
  },
  {
    name: "the database in memory",
    open: () =>
      Promise.resolve({
        kv: createMemoryDatabase().connect(),
        remove: () => Promise.resolve(),
      }),
  },
];

/** Defines one test for each adapter: they keep the same contract. */
export function testEach(
  name: string,
  test: (kv: KvConnection) => Promise<void>,
): void {
  for (const adapter of ADAPTERS) {
    Deno.test(`${name} (${adapter.name})`, async () => {
      const { kv, remove } = await adapter.open();
      try {
        await test(kv);
      } finally {
        closeOnce(kv);
        await remove();
      }
    });
  }
}

/** Sets entries in one write. */
export function put(
  kv: KvConnection,
  sets: readonly { key: Deno.KvKey; value: unknown }[],
) {
  return kv.write({ checks: [], sets, deletes: [] });
}

/** One write of which only what matters is given. */
export function write(kv: KvConnection, changes: Partial<AtomicWrite>) {
  return kv.write({ checks: [], sets: [], deletes: [], ...changes });
}

/** Keys that end with 0, 1, 2 and so on. */
export function numbered(count: number): Deno.KvKey[] {
  return Array.from({ length: count }, (_, n) => ["n", n]);
}

function closeOnce(kv: KvConnection): void {
  try {
    kv.close();
  } catch (error) {
    // A test may have closed it.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
