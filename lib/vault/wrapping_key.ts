import { AppError } from "../core/errors.ts";
import { importKey, type WrappingKey } from "./envelope.ts";
import { KEY_BYTES } from "./limits.ts";

/** Where the installation's key comes from: the environment first, else a file that the first start makes. */
export interface WrappingKeySource {
  /** Value of `EXCHANGE_KEY_SECRET`, 32 bytes in base64; empty for the file. */
  secret: string;
  /** `DATA_DIR/exchange-key-secret`. */
  path: string;
}

/** Name of the key's file in the data folder. It is not in backups: a backup alone opens no key. */
export const WRAPPING_KEY_FILE = "exchange-key-secret";

/**
 * Reads the installation's key, or makes it.
 *
 * @throws {AppError} `VAULT_KEY_UNUSABLE` if it is not 32 bytes in base64, or the file cannot be read or made.
 */
export async function loadWrappingKey(
  { secret, path }: WrappingKeySource,
): Promise<WrappingKey> {
  if (secret !== "") return await keyOf(secret, "EXCHANGE_KEY_SECRET");
  return await keyOf(await readOrMake(path), `the file "${path}"`);
}

/** The same without making one: null where there is none. */
export async function readWrappingKey(
  { secret, path }: WrappingKeySource,
): Promise<WrappingKey | null> {
  if (secret !== "") return await keyOf(secret, "EXCHANGE_KEY_SECRET");
  const text = await read(path);
  return text === null ? null : await keyOf(text, `the file "${path}"`);
}

async function readOrMake(path: string): Promise<string> {
  const known = await read(path);
  if (known !== null) return known;
  const made = crypto.getRandomValues(new Uint8Array(KEY_BYTES)).toBase64();
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await writeSynced(draft, `${made}\n`);
    // Unlike a rename it fails where there is one: two starts at once must not make two keys.
    await Deno.link(draft, path);
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

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  await file.write(new TextEncoder().encode(text));
  await file.syncData();
}

async function read(path: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw unusable(`"${path}" cannot be read: ${messageOf(error)}`, error);
  }
}

async function keyOf(text: string, where: string): Promise<WrappingKey> {
  let raw: Uint8Array<ArrayBuffer>;
  try {
    raw = Uint8Array.fromBase64(text.trim());
  } catch {
    raw = new Uint8Array();
  }
  if (raw.length !== KEY_BYTES) {
    throw unusable(
      `${where} must hold ${KEY_BYTES} bytes in base64; make some with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  const digest = await crypto.subtle.digest("SHA-256", raw);
  const key = await importKey(raw);
  // The name tells keys apart and nothing about them.
  const id = new Uint8Array(digest).toHex().slice(0, 12);
  return { id, key };
}

function unusable(detail: string, cause?: unknown): AppError {
  return new AppError(
    "VAULT_KEY_UNUSABLE",
    `The key that protects exchange keys is unusable: ${detail}`,
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
