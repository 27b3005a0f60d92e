/**
 * What `deno task keys` does to the keys that seal, on a data folder whose
 * server is stopped.
 *
 * @module
 */
import { SYSTEM_ACTOR } from "../contracts/audit.ts";
import type { SealedRecord } from "../contracts/sealed_record.ts";
import type { Env } from "../core/env.ts";
import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import { backUpBeforeUpgrade } from "../store/backup/upgrade_backup.ts";
import { type OpenedStore, openStore } from "../store/open_store.ts";
import type { AuditEntry } from "../store/port.ts";
import type { Keyring } from "../vault/envelope.ts";
import {
  addKeyToFile,
  readKeyring,
  removeKeysFromFile,
} from "../vault/keyring.ts";
import {
  countByKey,
  countsInWords,
  rewrapAll,
} from "../vault/sealed_records.ts";
import { openDataFolder } from "./data_folder.ts";
import { keySecretPathOf, storePathOf } from "./data_paths.ts";
import { openVault } from "./open_vault.ts";

/** What may be done with the keys. */
export const KEY_COMMANDS = ["list", "rotate", "retire", "forget"] as const;
export type KeyCommand = (typeof KEY_COMMANDS)[number];

/** What a command is carried out on. */
export interface KeysCommandOptions {
  env: Pick<Env, "DATA_DIR" | "KV_URL" | "EXCHANGE_KEY_SECRET">;
  time: TimeSource;
  /** Name of one key; null for all that it concerns. */
  id: string | null;
}

/** A vault that one command has for itself. */
interface Work extends KeysCommandOptions {
  store: OpenedStore;
  wrapping: Keyring;
}

/**
 * Carries a command out.
 *
 * @returns What was done, line by line, for people.
 * @throws {AppError} `KEYS_REFUSED` with what to do instead; `DATA_DIR_IN_USE` while the server runs.
 */
export async function runKeysCommand(
  command: KeyCommand,
  options: KeysCommandOptions,
): Promise<string> {
  const { env, time } = options;
  await requireStore(env.DATA_DIR, storePathOf(env));
  // A running server holds its own copy of what is sealed, and would write it back.
  const folder = await openDataFolder(env.DATA_DIR, []);
  try {
    if (command === "forget") return await forget(options);
    const console = { info: () => {} };
    const vault = await openVault({ env, time, console });
    try {
      const work = { ...options, ...vault };
      if (command === "rotate") return await rotate(work);
      return command === "retire" ? await retire(work) : await list(work);
    } finally {
      await vault.store.close();
    }
  } finally {
    folder.release();
  }
}

async function list({ store, wrapping }: Work): Promise<string> {
  const counts = countByKey(await store.sealed.list());
  return wrapping.ids.map((id, place) =>
    `${id}  ${place === 0 ? "seals" : "opens"}  ${
      countsInWords(counts.get(id))
    }`
  ).join("\n");
}

async function rotate(work: Work): Promise<string> {
  const { store, env, time } = work;
  const before = await store.sealed.list();
  const isBegun = before.some(({ sealed }) =>
    sealed?.wrappedBy !== work.wrapping.current.id
  );
  // A rotation that was cut short is ended first: another key would help nobody.
  const wrapping = isBegun ? work.wrapping : await nextKey(work);
  const { done, before: were } = await rewrapAll(store.sealed, wrapping);
  const id = wrapping.current.id;
  await store.audit(
    entryOf(time, "vault.rotate", { key: id, done: countsInWords(done) }),
  );
  const old = wrapping.ids.filter((other) => other !== id);
  return [
    `Sealed with the key ${id} now: ${countsInWords(done)}`,
    ...(were.size > 0 ? [`Were already: ${countsInWords(were)}`] : []),
    ...(isBegun
      ? [
        "This ended a rotation that had been begun; run it again for another key",
      ]
      : []),
    `${old.join(", ")} ${
      old.length === 1 ? "is" : "are"
    } needed for older backups only; when you keep none of those: deno task keys retire`,
    ...(env.EXCHANGE_KEY_SECRET.reveal() === ""
      ? [`Keep a copy of "${keySecretPathOf(env)}" apart from the backups`]
      : []),
  ].join("\n");
}

const FROM = "EXCHANGE_KEY_SECRET";

const HOW_TO_SET = `The key comes from ${FROM}, which only you can change: ` +
  'set it to "NEW,OLD", NEW made by openssl rand -base64 32 and OLD what it is ' +
  "now, here and where the server is started, and run this again";

async function nextKey({ env, wrapping }: Work): Promise<Keyring> {
  if (env.EXCHANGE_KEY_SECRET.reveal() === "") {
    return await addKeyToFile(keySecretPathOf(env));
  }
  throw refused(
    wrapping.ids.length === 1
      ? HOW_TO_SET
      : `Everything is sealed with ${wrapping.current.id}, the first key in ${FROM}; put another before it there, or see deno task keys retire`,
  );
}

async function retire(work: Work): Promise<string> {
  const { store, env, time, wrapping, id } = work;
  const counts = countByKey(await store.sealed.list());
  if (id !== null) requireRetirable(id, { wrapping, counts });
  const unused = wrapping.ids.filter((other) =>
    other !== wrapping.current.id && !counts.has(other) &&
    (id === null || id === other)
  );
  if (unused.length === 0) {
    throw refused(
      wrapping.ids.length === 1
        ? "There is only the key that seals; nothing can be retired"
        : "Every older key still opens something; run first: deno task keys rotate",
    );
  }
  if (env.EXCHANGE_KEY_SECRET.reveal() !== "") {
    return `Take ${
      unused.map((other) => other).join(", ")
    } out of EXCHANGE_KEY_SECRET: nothing is sealed with it. Its place in the list is ${
      unused.map((other) => wrapping.ids.indexOf(other) + 1).join(", ")
    } of ${wrapping.ids.length}`;
  }
  await store.audit(entryOf(time, "vault.retire", { keys: unused.join(", ") }));
  await removeKeysFromFile(keySecretPathOf(env), unused);
  return `Retired ${
    unused.join(", ")
  }: what only they open, such as backups from before the rotation, opens no more`;
}

function requireRetirable(
  id: string,
  { wrapping, counts }: {
    wrapping: Keyring;
    counts: ReturnType<typeof countByKey>;
  },
): void {
  if (wrapping.find(id) === null) {
    throw refused(
      `There is no key ${id}; deno task keys list shows those there are`,
    );
  }
  if (wrapping.current.id === id) {
    throw refused(
      `${id} is the key that seals; run deno task keys rotate first`,
    );
  }
  if (counts.has(id)) {
    throw refused(
      `${id} still opens ${
        countsInWords(counts.get(id))
      }; run deno task keys rotate first`,
    );
  }
}

/** Removes what a lost key sealed, so that the server starts again. */
async function forget(
  { env, time, id }: KeysCommandOptions,
): Promise<string> {
  if (id === null) {
    throw refused("Say which lost key to forget: deno task keys forget NAME");
  }
  const keyring = await readKeyring({
    secret: env.EXCHANGE_KEY_SECRET,
    path: keySecretPathOf(env),
  });
  if (keyring !== null && keyring.find(id) !== null) {
    throw refused(`The key ${id} is there and opens what it sealed; keep it`);
  }
  await backUpBeforeUpgrade({
    dataDir: env.DATA_DIR,
    nowMs: time.nowMs(),
    onBackup: () => {},
  });
  const store = await openStore({ path: storePathOf(env), time });
  try {
    const lost = (await store.sealed.list()).filter(({ sealed }) =>
      sealed?.wrappedBy === id
    );
    if (lost.length === 0) {
      throw refused(`Nothing is sealed with a key ${id}`);
    }
    await store.sealed.remove(
      lost,
      (count) => entryOf(time, "vault.forget", { key: id, records: count }),
    );
    return forgotten(id, lost);
  } finally {
    await store.close();
  }
}

function forgotten(id: string, lost: readonly SealedRecord[]): string {
  const counts = countByKey(lost).get(id);
  return `Removed what nobody can open any more: ${
    countsInWords(counts)
  }. People add their exchange keys and second factors again, and log in anew`;
}

async function requireStore(dataDir: string, path: string): Promise<void> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw refused(
      `"${dataDir}" holds no store, so nothing is sealed yet; set DATA_DIR to the data folder of the server`,
    );
  }
}

function entryOf(
  time: TimeSource,
  action: string,
  detail: AuditEntry["detail"],
): AuditEntry {
  return {
    at: time.nowMs(),
    actor: SYSTEM_ACTOR,
    via: "cli",
    action,
    target: "vault",
    outcome: "ok",
    reason: "",
    detail,
  };
}

function refused(detail: string): AppError {
  return new AppError("KEYS_REFUSED", detail);
}
