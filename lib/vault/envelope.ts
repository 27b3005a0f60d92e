/**
 * Envelope encryption: every secret has a key of its own, which a key of the
 * installation wraps. Both layers are AES-256-GCM and bound to what the
 * secret belongs to, so that a sealed secret cannot be put in another's place.
 *
 * @module
 */
import type { SealedSecret } from "../contracts/exchange_key.ts";
import { AppError } from "../core/errors.ts";
import { IV_BYTES, KEY_BYTES } from "./limits.ts";

/** A key of the installation: its name, which goes into every envelope, and the key itself. */
export interface WrappingKey {
  id: string;
  key: CryptoKey;
}

/** The keys of the installation: one that seals, and older ones that only open. */
export interface Keyring {
  /** Seals what is new. */
  current: WrappingKey;
  /** Names of all, the current one first. */
  ids: readonly string[];
  /** The key of a name, or null. */
  find(id: string): WrappingKey | null;
}

/** A keyring of these keys, the newest first. */
export function keyringOf(
  keys: readonly [WrappingKey, ...WrappingKey[]],
): Keyring {
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    current: keys[0],
    ids: [...byId.keys()],
    find: (id) => byId.get(id) ?? null,
  };
}

/** What sealing and opening need. */
export interface EnvelopeOptions {
  wrapping: Keyring;
  /** What the secret belongs to, for instance user, exchange and id; needed again to open it. */
  bound: readonly string[];
}

/** Seals a text with a key of its own, and that with the current key of the installation. */
export async function seal(
  text: string,
  { wrapping, bound }: EnvelopeOptions,
): Promise<SealedSecret> {
  const additionalData = dataOf(bound);
  const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const own = await importKey(raw);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const [sealed, wrapped] = await Promise.all([
    crypto.subtle.encrypt(
      { name: "AES-GCM", iv, additionalData },
      own,
      new TextEncoder().encode(text),
    ),
    wrap(raw, { key: wrapping.current, additionalData }),
  ]);
  raw.fill(0);
  return {
    version: 1,
    ...wrapped,
    iv: iv.toBase64(),
    text: new Uint8Array(sealed).toBase64(),
  };
}

/**
 * Opens a sealed text.
 *
 * @throws {AppError} `SECRET_UNREADABLE` if a key sealed it that is not in the keyring, or it was changed, or it belongs to something else.
 */
export async function open(
  sealed: SealedSecret,
  { wrapping, bound }: EnvelopeOptions,
): Promise<string> {
  const additionalData = dataOf(bound);
  const raw = await unwrap(sealed, { wrapping, additionalData });
  try {
    const own = await importKey(raw);
    const text = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: Uint8Array.fromBase64(sealed.iv), additionalData },
      own,
      Uint8Array.fromBase64(sealed.text),
    );
    return new TextDecoder().decode(text);
  } catch (cause) {
    throw changed(cause);
  } finally {
    raw.fill(0);
  }
}

/**
 * The same secret under the current key. Only its own key is wrapped anew: the
 * secret itself is not opened.
 *
 * @throws {AppError} `SECRET_UNREADABLE` as `open`.
 */
export async function rewrap(
  sealed: SealedSecret,
  { wrapping, bound }: EnvelopeOptions,
): Promise<SealedSecret> {
  const additionalData = dataOf(bound);
  const raw = await unwrap(sealed, { wrapping, additionalData });
  const wrapped = await wrap(raw, { key: wrapping.current, additionalData });
  raw.fill(0);
  return { ...sealed, ...wrapped };
}

async function wrap(
  raw: Uint8Array<ArrayBuffer>,
  { key, additionalData }: {
    key: WrappingKey;
    additionalData: Uint8Array<ArrayBuffer>;
  },
): Promise<Pick<SealedSecret, "wrappedBy" | "wrapIv" | "wrappedKey">> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapped = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    key.key,
    raw,
  );
  return {
    wrappedBy: key.id,
    wrapIv: iv.toBase64(),
    wrappedKey: new Uint8Array(wrapped).toBase64(),
  };
}

async function unwrap(
  { wrappedBy, wrapIv, wrappedKey }: SealedSecret,
  { wrapping, additionalData }: {
    wrapping: Keyring;
    additionalData: Uint8Array<ArrayBuffer>;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  const key = wrapping.find(wrappedBy);
  if (key === null) {
    throw unreadable(
      `it was sealed with the key "${wrappedBy}" and this installation has "${
        wrapping.ids.join('", "')
      }"; start it with the key file or EXCHANGE_KEY_SECRET of that time`,
    );
  }
  try {
    const raw = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: Uint8Array.fromBase64(wrapIv), additionalData },
      key.key,
      Uint8Array.fromBase64(wrappedKey),
    );
    return new Uint8Array(raw);
  } catch (cause) {
    throw changed(cause);
  }
}

/** Makes a key of raw bytes that cannot be taken out again. */
export function importKey(
  raw: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
}

/** Length-prefixed, so that no two lists of parts give the same data. */
function dataOf(bound: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    ["v1", ...bound].map((part) => `${part.length}:${part}`).join("|"),
  );
}

// Nothing of the cause is told: what fails to decrypt says nothing useful.
function changed(cause: unknown): AppError {
  return unreadable(
    "it was changed or belongs elsewhere; enter it again",
    cause,
  );
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError(
    "SECRET_UNREADABLE",
    `A sealed secret cannot be read: ${why}`,
    { cause },
  );
}
