import { type FamilyName, type Versioned, versionOf } from "../families.ts";
import { keys } from "../keys.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { UPGRADE_BATCH } from "../limits.ts";
import { STORE_FORMAT, upcastEntry } from "../migrate.ts";
import {
  CURRENT_STAMP,
  formatAt,
  type FormatStamp,
  isCurrent,
  raceError,
  usableStamp,
} from "./stamp.ts";
import { UPGRADE_STEPS } from "./steps.ts";

/** Each lost race is a step that the other process has done; far more than there are. */
const MAX_ATTEMPTS = 50;

/**
 * Checks the stamp of a store, and brings an older store up to this build, step
 * by step. The stamp has the new format from the first step on, so that no older
 * build takes up a store that is half old; it also says which steps are done, so
 * that an upgrade that was killed goes on at the next start.
 *
 * @throws {AppError} STORE_VERSION_NEWER if a newer build has used it;
 * STORE_UNAVAILABLE if it cannot be written, or another process writes it.
 */
export async function checkFormat(kv: GuardedKv): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
    if (await bringUp(kv)) return;
  }
  throw raceError();
}

/** False where another process was in the way. */
async function bringUp(kv: GuardedKv): Promise<boolean> {
  const { value, versionstamp } = await kv.get<FormatStamp>(keys.format());
  const found = usableStamp(value);
  if (isCurrent(found)) return true;
  const stamp = new Stamp(kv, versionstamp);
  if (found === null && await isEmpty(kv)) return stamp.set(CURRENT_STAMP);
  const from = found?.upgrade?.from ?? formatAt(found);
  for (const step of UPGRADE_STEPS) {
    if (step.to <= formatAt(found)) continue;
    const upgrade = { from, at: step.to - 1 };
    // Written once, so that of two processes one gets on.
    const isNoted = found?.upgrade?.at === upgrade.at;
    // deno-lint-ignore no-await-in-loop -- steps follow each other
    if (!isNoted && !await stamp.set({ ...CURRENT_STAMP, upgrade })) {
      return false;
    }
    for (const family of step.families) {
      // deno-lint-ignore no-await-in-loop -- one family at a time
      if (!await bringUpFamily(kv, family)) return false;
    }
  }
  return await stamp.set(CURRENT_STAMP);
}

/** A new store. */
async function isEmpty(kv: GuardedKv): Promise<boolean> {
  return (await kv.listStored({ prefix: [] }, { limit: 1 })).length === 0;
}

/** The stamp, as long as nobody else writes it. */
class Stamp {
  readonly #kv: GuardedKv;
  #versionstamp: string | null;

  constructor(kv: GuardedKv, versionstamp: string | null) {
    this.#kv = kv;
    this.#versionstamp = versionstamp;
  }

  async set(value: FormatStamp): Promise<boolean> {
    const key = keys.format();
    const outcome = await this.#kv.commit({
      checks: [{ key, versionstamp: this.#versionstamp }],
      sets: [{ key, value }],
    });
    if (outcome.ok) this.#versionstamp = outcome.versionstamp;
    return outcome.ok;
  }
}

/** Rewrites the values of a family that are older than this build, a few in each commit. */
async function bringUpFamily(
  kv: GuardedKv,
  name: FamilyName,
): Promise<boolean> {
  const prefix = [name];
  let start: Deno.KvKey | null = null;
  for (;;) {
    const page: Deno.KvEntry<Versioned>[] =
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      await kv.listStored<Versioned>(
        start === null ? { prefix } : { prefix, start },
        { limit: UPGRADE_BATCH },
      );
    const old = page.filter(({ value }) => value.v < versionOf(name));
    if (old.length > 0) {
      // deno-lint-ignore no-await-in-loop -- as above
      const outcome = await kv.commit({
        checks: old.map(({ key, versionstamp }) => ({ key, versionstamp })),
        sets: old.map(upcastEntry).map(({ key, value }) => ({ key, value })),
      });
      if (!outcome.ok) return false;
    }
    if (page.length < UPGRADE_BATCH) return true;
    // The first key behind the last one.
    start = [...page.at(-1)!.key, new Uint8Array()];
  }
}

/** What a start would have to do: the format of a store that is to be upgraded, and whether that has begun. */
export interface PendingUpgrade {
  from: number;
  to: number;
  hasBegun: boolean;
}

/**
 * What the stamp asks for; null where there is nothing to upgrade.
 *
 * @throws {AppError} STORE_VERSION_NEWER
 */
export function pendingUpgrade(
  stamp: FormatStamp | null,
): PendingUpgrade | null {
  const found = usableStamp(stamp);
  const from = formatAt(found);
  if (from === STORE_FORMAT) return null;
  const hasBegun = (found?.upgrade ?? null) !== null;
  return { from, to: STORE_FORMAT, hasBegun };
}
