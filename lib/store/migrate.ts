import { assert } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import {
  type FamilyName,
  KEY_FAMILIES,
  type KeyFamily,
  type Versioned,
  versionOf,
} from "./families.ts";

/**
 * Format of all data: of the store, and of the journals and snapshots beside it.
 * It goes up with each change that an older build would not understand, so that
 * two builds never write into one store, and so that a backup is made before
 * anything is changed. A step in upgrade/steps.ts says what changed; a test pins
 * the versions that belong to a format.
 */
export const STORE_FORMAT = 4;

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

/** A store, or a value in it, that only a newer build understands; `version` is the one that wrote it, where that is known. */
export function newerError(what: string, version?: string): AppError {
  const needed = version === undefined
    ? "start that build again"
    : `start version ${version} or a newer one`;
  return new AppError(
    "STORE_VERSION_NEWER",
    `The store was written by a newer build (${what}); ${needed}, or restore a backup that this one has made`,
  );
}
