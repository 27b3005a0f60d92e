import { LIST_BATCH } from "../limits.ts";
import type { GuardedKv } from "./guarded_kv.ts";

/** All entries of a family, batch by batch: several batches are several moments. */
export async function listAll<T>(
  kv: Pick<GuardedKv, "list">,
  prefix: Deno.KvKey,
): Promise<Deno.KvEntry<T>[]> {
  const entries: Deno.KvEntry<T>[] = [];
  for (;;) {
    const last = entries.at(-1)?.key;
    // deno-lint-ignore no-await-in-loop -- one batch begins behind the other
    const batch = await kv.list<T>(
      // The smallest key behind the last one.
      last === undefined ? { prefix } : { prefix, start: [...last, 0] },
      { limit: LIST_BATCH },
    );
    entries.push(...batch);
    if (batch.length < LIST_BATCH) return entries;
  }
}
