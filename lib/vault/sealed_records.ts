/**
 * Work on everything that lies sealed: seal what an older build left in clear
 * text, try whether it opens, put it under another key.
 *
 * @module
 */
import {
  SEALED_KIND_WORDS,
  SEALED_KINDS,
  type SealedKind,
  type SealedRecord,
} from "../contracts/sealed_record.ts";
import { AppError } from "../core/errors.ts";
import type { SealedRecords } from "../store/port.ts";
import { type Keyring, open, rewrap, seal } from "./envelope.ts";
import { REWRAP_ATTEMPTS } from "./limits.ts";

/** How many records of each kind, one for each kind there is. */
export type KindCounts = ReadonlyMap<SealedKind, number>;

/** Records of each kind by the name of the key that seals them. */
export function countByKey(
  records: readonly SealedRecord[],
): ReadonlyMap<string, KindCounts> {
  const counts = new Map<string, Map<SealedKind, number>>();
  for (const { kind, sealed } of records) {
    if (sealed === null) continue;
    const ofKey = counts.get(sealed.wrappedBy) ?? new Map();
    counts.set(sealed.wrappedBy, ofKey.set(kind, (ofKey.get(kind) ?? 0) + 1));
  }
  return counts;
}

/** Counts in words: "2 exchange keys and 1 second factor". */
export function countsInWords(counts: KindCounts | undefined): string {
  const parts = SEALED_KINDS.flatMap((kind) => {
    const count = counts?.get(kind) ?? 0;
    const { one, many } = SEALED_KIND_WORDS[kind];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  if (parts.length === 0) return "nothing";
  const last = parts.pop()!;
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

/**
 * Opens one record of each kind and key, so that a server that lacks a key says
 * so at its start and not at the first order.
 *
 * @throws {AppError} `VAULT_KEY_UNUSABLE` with what does not open and how to mend it.
 */
export async function checkOpens(
  records: readonly SealedRecord[],
  keyring: Keyring | null,
): Promise<void> {
  const counts = countByKey(records);
  const missing = [...counts.keys()].filter((id) =>
    keyring === null || keyring.find(id) === null
  );
  if (missing.length > 0) throw missingKey(missing, counts);
  const tried = new Set<string>();
  for (const { kind, id, sealed, bound } of records) {
    const place = `${kind} ${sealed?.wrappedBy}`;
    if (sealed === null || keyring === null || tried.has(place)) continue;
    tried.add(place);
    try {
      // deno-lint-ignore no-await-in-loop -- a handful, and the first failure is the one to tell
      await open(sealed, { wrapping: keyring, bound });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(
        "VAULT_KEY_UNUSABLE",
        `The ${
          SEALED_KIND_WORDS[kind].one
        } "${id}" cannot be opened, though its key is there: it was changed in the store; restore a backup`,
        { cause: error },
      );
    }
  }
}

const PUT_BACK = "put the file exchange-key-secret of that time back, or " +
  "set EXCHANGE_KEY_SECRET to it; if it is lost for good: deno task keys forget";

function missingKey(
  ids: readonly string[],
  counts: ReadonlyMap<string, KindCounts>,
): AppError {
  const what = ids.map((id) =>
    `${countsInWords(counts.get(id))} with the key "${id}"`
  ).join(", ");
  return new AppError(
    "VAULT_KEY_UNUSABLE",
    `The store holds what no key of this installation opens (${what}): ${PUT_BACK} ${
      ids[0]
    }`,
  );
}

/** Seals secrets that lie in clear text. @returns How many there were. */
export async function sealClear(
  store: SealedRecords,
  records: readonly SealedRecord[],
  keyring: Keyring,
): Promise<number> {
  const clear = records.filter((record) => record.clear !== null);
  for (const record of clear) {
    const sealed = await seal(record.clear!, {
      wrapping: keyring,
      bound: record.bound,
    });
    if (await store.replace(record, sealed)) continue;
    throw new AppError(
      "STORE_UNAVAILABLE",
      `The secret "${record.id}" was changed while it was being sealed; start the server again`,
    );
  }
  return clear.length;
}

/** What a rotation did. */
export interface Rewrapped {
  /** Put under the current key. */
  done: KindCounts;
  /** Under it already. */
  before: KindCounts;
}

/**
 * Puts every sealed record under the current key, one commit each. What is done
 * stays done: after a crash another run goes on with the rest.
 *
 * @throws {AppError} `SECRET_UNREADABLE` if one opens with no key, `STORE_UNAVAILABLE` if others keep changing one.
 */
export async function rewrapAll(
  store: SealedRecords,
  keyring: Keyring,
): Promise<Rewrapped> {
  const done = new Map<SealedKind, number>();
  const before = new Map<SealedKind, number>();
  for (const record of await store.list()) {
    const isDone = await rewrapOne(store, keyring, record);
    const counts = isDone ? done : before;
    counts.set(record.kind, (counts.get(record.kind) ?? 0) + 1);
  }
  return { done, before };
}

async function rewrapOne(
  store: SealedRecords,
  wrapping: Keyring,
  read: SealedRecord,
): Promise<boolean> {
  let record: SealedRecord | null = read;
  for (let attempt = 0; attempt < REWRAP_ATTEMPTS; attempt++) {
    const { sealed, bound, clear } = record;
    if (sealed?.wrappedBy === wrapping.current.id) return false;
    const options = { wrapping, bound };
    const next = sealed === null
      ? await seal(clear ?? "", options)
      : await rewrap(sealed, options);
    if (await store.replace(record, next)) return true;
    record = await store.find(record);
    // It was removed meanwhile: there is nothing left to do.
    if (record === null) return false;
  }
  throw new AppError(
    "STORE_UNAVAILABLE",
    `The ${
      SEALED_KIND_WORDS[read.kind].one
    } "${read.id}" was changed again and again; run it once more`,
  );
}
