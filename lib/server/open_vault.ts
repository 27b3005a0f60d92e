/**
 * Opens the store together with the keys that seal what is secret in it.
 *
 * @module
 */
import type { TimeSource } from "../core/time.ts";
import type { Env } from "../core/env.ts";
import { backUpBeforeUpgrade } from "../store/backup/upgrade_backup.ts";
import { replaceByCleanCopy } from "../store/clean_copy.ts";
import { type OpenedStore, openStore } from "../store/open_store.ts";
import type { Keyring } from "../vault/envelope.ts";
import { loadKeyring, readKeyring } from "../vault/keyring.ts";
import { checkOpens, sealClear } from "../vault/sealed_records.ts";
import { sealedSecrets } from "../vault/sealed_secrets.ts";
import type { Console } from "./console.ts";
import { keySecretPathOf, storePathOf } from "./data_paths.ts";

/** What the vault is opened with. The caller holds the data folder. */
export interface OpenVaultOptions {
  env: Pick<Env, "DATA_DIR" | "KV_URL" | "EXCHANGE_KEY_SECRET">;
  time: TimeSource;
  console: Pick<Console, "info">;
}

/** A store whose secrets are sealed, and what seals them. */
export interface OpenedVault {
  store: OpenedStore;
  wrapping: Keyring;
}

/**
 * Opens it. A store of an older build is backed up before it is upgraded.
 * Secrets that one left in clear text are sealed first, and the store is copied
 * without what is left of them. A key is made only where nothing is sealed yet:
 * in the place of a lost one it would hide why nothing opens.
 *
 * @throws {AppError} `VAULT_KEY_UNUSABLE` if something stored opens with no key of the installation;
 * `BACKUP_FAILED` if the store cannot be upgraded, `STORE_VERSION_NEWER` if a newer build has used it.
 */
export async function openVault(
  options: OpenVaultOptions,
): Promise<OpenedVault> {
  const { env } = options;
  const source = {
    secret: env.EXCHANGE_KEY_SECRET,
    path: keySecretPathOf(env),
  };
  // A store that several processes share has its own backups.
  if (env.KV_URL === null) {
    await backUpBeforeUpgrade({
      dataDir: env.DATA_DIR,
      nowMs: options.time.nowMs(),
      onBackup: options.console.info,
    });
  }
  const known = await readKeyring(source);
  const wrapping = known ?? await loadKeyring(source);
  const store = await open(options, wrapping);
  const leftovers = env.KV_URL === null
    ? leftoverMark(env.DATA_DIR)
    : NO_LEFTOVERS;
  let mayHaveSealed = false;
  try {
    const records = await store.sealed.list();
    await checkOpens(records, known);
    if (records.some(({ clear }) => clear !== null)) {
      // Set before the first one is sealed: a crash in between must not leave their clear text for ever.
      await leftovers.set();
      mayHaveSealed = true;
      const count = await sealClear(store.sealed, records, wrapping);
      options.console.info(
        `Sealed ${count} secrets that an older version had stored in clear text; backups of that version still hold them`,
      );
    }
    if (!await leftovers.isSet()) return { store, wrapping };
  } catch (error) {
    await store.close();
    // The file that was made a moment ago seals nothing, unless sealing had begun.
    if (known === null && !mayHaveSealed) await Deno.remove(source.path);
    throw error;
  }
  await store.close();
  await replaceByCleanCopy(storePathOf(env));
  await leftovers.clear();
  return { store: await open(options, wrapping), wrapping };
}

function open(
  { env, time }: OpenVaultOptions,
  wrapping: Keyring,
): Promise<OpenedStore> {
  return openStore({
    path: storePathOf(env),
    time,
    sealSecrets: (plain) => sealedSecrets(plain, wrapping),
  });
}

/** A store that is not a file has no gaps that one could copy it without. */
const NO_LEFTOVERS: ReturnType<typeof leftoverMark> = {
  set: () => Promise.resolve(),
  isSet: () => Promise.resolve(false),
  clear: () => Promise.resolve(),
};

/** A file that says: the store may still hold clear text of secrets in its gaps. */
function leftoverMark(dataDir: string) {
  const path = `${dataDir}/store-has-leftovers`;
  return {
    async set(): Promise<void> {
      using file = await Deno.open(path, { create: true, write: true });
      await file.syncData();
    },
    async isSet(): Promise<boolean> {
      try {
        return (await Deno.stat(path)).isFile;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    },
    clear: () => Deno.remove(path),
  };
}
