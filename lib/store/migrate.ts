import { assert } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import {
  type FamilyName,
  KEY_FAMILIES,
  type KeyFamily,
  type Versioned,
  versionOf,
} from "./families.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";

/**
 * Format of the whole store. It goes up with each change that an older build
 * would not understand, so that two builds never write into one store.
 */
export const STORE_FORMAT = 3;

const MAX_STAMP_ATTEMPTS = 5;

/**
 * An entry as this build knows it. Older values are brought up, version by
 * version; they are rewritten only when something changes them anyway.
 *
 * @throws {AppError} STORE_VERSION_NEWER if a newer build has written it.
 */
export function upcastEntry<T extends Deno.KvEntryMaybe<unknown>>(
  entry: T,
): T {
  if (entry.versionstamp === null) return entry;
  const name = String(entry.key[0]);
  assert(
    Object.hasOwn(KEY_FAMILIES, name),
    `No key family "${name}"; every key is built in keys.ts and listed in families.ts`,
  );
  const stored = entry.value as Versioned;
  const value = upcast(stored, name as FamilyName);
  return value === stored ? entry : { ...entry, value };
}

function upcast(stored: Versioned, name: FamilyName): Versioned {
  const current = versionOf(name);
  if (stored.v > current) {
    throw newerError(
      `an entry of "${name}" in version ${stored.v}, this build knows ${current}`,
    );
  }
  const { upcasters }: KeyFamily = KEY_FAMILIES[name];
  return upcasters.slice(stored.v - 1).reduce(
    (value, toNext) => toNext(value),
    stored,
  );
}

/**
 * Checks the stamp of a store and stamps a new or an older one.
 *
 * @throws {AppError} STORE_VERSION_NEWER if a newer build has used it.
 */
export async function checkFormat(kv: GuardedKv): Promise<void> {
  for (let attempt = 0; attempt < MAX_STAMP_ATTEMPTS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
    const stamp = await kv.get<{ format: number }>(keys.format());
    const format = stamp.value?.format ?? 0;
    if (format === STORE_FORMAT) return;
    if (format > STORE_FORMAT) {
      throw newerError(
        `the store has format ${format}, this build knows ${STORE_FORMAT}`,
      );
    }
    const { versionstamp } = stamp;
    // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
    const outcome = await kv.commit({
      checks: [{ key: keys.format(), versionstamp }],
      sets: [{ key: keys.format(), value: { v: 1, format: STORE_FORMAT } }],
    });
    if (outcome.ok) return;
  }
  throw new AppError(
    "STORE_UNAVAILABLE",
    "Another process stamps the store at the same time; run one server on one store",
    { status: 503 },
  );
}

function newerError(what: string): AppError {
  return new AppError(
    "STORE_VERSION_NEWER",
    `The store was written by a newer build (${what}); start that build again, or restore a backup that this one has made`,
  );
}
