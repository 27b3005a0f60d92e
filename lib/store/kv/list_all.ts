import { LIST_BATCH } from "../limits.ts";
import type { GuardedKv } from "./guarded_kv.ts";

/** Lists every entry under a prefix, read in pages: several pages are several moments. */
export async function listAll<T>(
  kv: Pick<GuardedKv, "list">,
  prefix: Deno.KvKey,
): Promise<Deno.KvEntry<T>[]> {
  const entries: Deno.KvEntry<T>[] = [];
  let start: Deno.KvKey | null = null;
  for (;;) {
    const selector: Deno.KvListSelector = start === null
      ? { prefix }
      : { prefix, start };
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: Deno.KvEntry<T>[] = await kv.list<T>(selector, {
      limit: LIST_BATCH,
    });
    entries.push(...page);
    if (page.length < LIST_BATCH) return entries;
    // Bytes sort before everything else: no key lies between.
    start = [...page.at(-1)!.key, new Uint8Array()];
  }
}
