/**
 * The keys of the installation, from the environment or from a file. Both hold
 * a list: the first key seals, all of them open.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";
import {
  importKey,
  type Keyring,
  keyringOf,
  type WrappingKey,
} from "./envelope.ts";
import { KEY_BYTES, KEYRING_MAX } from "./limits.ts";

/** Where the keys come from: the environment first, else a file that the first start makes. */
export interface KeyringSource {
  /** Value of `EXCHANGE_KEY_SECRET`: keys of 32 bytes in base64 with commas between, the newest first; empty for the file. */
  secret: Secret<string>;
  /** `DATA_DIR/exchange-key-secret`: the same, one in a line. */
  path: string;
}

/** Name of the file in the data folder. It is not in backups: a backup alone opens no key. */
export const WRAPPING_KEY_FILE = "exchange-key-secret";

/**
 * Reads the keys, or makes the first one.
 *
 * @throws {AppError} `VAULT_KEY_UNUSABLE` if one is not 32 bytes in base64, or the file cannot be read or made.
 */
export async function loadKeyring(source: KeyringSource): Promise<Keyring> {
  const known = await readKeyring(source);
  if (known !== null) return known;
  const text = await readOrMake(source.path);
  return await keyringFrom(partsOf(text), `the file "${source.path}"`);
}

/** The same without making one: null where there is none. */
export async function readKeyring(
  { secret, path }: KeyringSource,
): Promise<Keyring | null> {
  const fromEnvironment = secret.reveal();
  if (fromEnvironment !== "") {
    return await keyringFrom(partsOf(fromEnvironment), "EXCHANGE_KEY_SECRET");
  }
  const text = await read(path);
  return text === null
    ? null
    : await keyringFrom(partsOf(text), `the file "${path}"`);
}

/** Puts a new key before those in the file. @throws {AppError} `VAULT_KEY_UNUSABLE` */
export async function addKeyToFile(path: string): Promise<Keyring> {
  const known = partsOf(await readOrMake(path));
  if (known.length >= KEYRING_MAX) {
    throw unusable(
      `"${path}" holds ${known.length} keys, the most there may be; retire old ones first: deno task keys retire`,
    );
  }
  return await replaceFile(path, [makeKey(), ...known]);
}

/** Takes keys out of the file. @throws {AppError} `VAULT_KEY_UNUSABLE` */
export async function removeKeysFromFile(
  path: string,
  ids: readonly string[],
): Promise<Keyring> {
  const kept: string[] = [];
  for (const part of partsOf(await read(path) ?? "")) {
    // deno-lint-ignore no-await-in-loop -- a handful
    const { id } = await keyOf(part, `the file "${path}"`);
    if (!ids.includes(id)) kept.push(part);
  }
  return await replaceFile(path, kept);
}

/** Whole or not at all, and on the disk when it answers: what is sealed with a key that a crash loses is lost. */
async function replaceFile(
  path: string,
  parts: readonly string[],
): Promise<Keyring> {
  const keyring = await keyringFrom(parts, `the file "${path}"`);
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await writeSynced(draft, `${parts.join("\n")}\n`);
    await Deno.rename(draft, path);
    await syncFolderOf(path);
    return keyring;
  } catch (error) {
    throw unusable(`"${path}" cannot be written: ${messageOf(error)}`, error);
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

async function readOrMake(path: string): Promise<string> {
  const known = await read(path);
  if (known !== null) return known;
  const made = makeKey();
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await writeSynced(draft, `${made}\n`);
    // Unlike a rename it fails where there is one: two starts at once must not make two keys.
    await Deno.link(draft, path);
    await syncFolderOf(path);
    return made;
  } catch (error) {
    const other = error instanceof Deno.errors.AlreadyExists
      ? await read(path)
      : null;
    if (other !== null) return other;
    throw unusable(`"${path}" cannot be made: ${messageOf(error)}`, error);
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

function makeKey(): string {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES)).toBase64();
}

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  await file.write(new TextEncoder().encode(text));
  await file.syncData();
}

/** The name of a file is a part of its folder, which has to be on the disk, too. */
async function syncFolderOf(path: string): Promise<void> {
  using folder = await Deno.open(path.replace(/[^/\\]*$/, "") || ".");
  await folder.sync();
}

async function read(path: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw unusable(`"${path}" cannot be read: ${messageOf(error)}`, error);
  }
}

function partsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== "");
}

async function keyringFrom(
  parts: readonly string[],
  where: string,
): Promise<Keyring> {
  if (parts.length > KEYRING_MAX) {
    throw unusable(
      `${where} holds ${parts.length} keys, ${KEYRING_MAX} are the most; take out those that deno task keys list shows unused`,
    );
  }
  const keys = await Promise.all(parts.map((part) => keyOf(part, where)));
  const [first, ...others] = keys;
  return keyringOf([first ?? await keyOf("", where), ...others]);
}

async function keyOf(text: string, where: string): Promise<WrappingKey> {
  let raw: Uint8Array<ArrayBuffer>;
  try {
    raw = Uint8Array.fromBase64(text);
  } catch {
    raw = new Uint8Array();
  }
  if (raw.length !== KEY_BYTES) {
    throw unusable(
      `${where} must hold ${KEY_BYTES} bytes in base64 for each key; make some with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  const digest = await crypto.subtle.digest("SHA-256", raw);
  const key = await importKey(raw);
  raw.fill(0);
  // The name tells keys apart and nothing about them.
  const id = new Uint8Array(digest).toHex().slice(0, 12);
  return { id, key };
}

function unusable(detail: string, cause?: unknown): AppError {
  return new AppError(
    "VAULT_KEY_UNUSABLE",
    `The key that seals secrets is unusable: ${detail}`,
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
