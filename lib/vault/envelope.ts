/**
 * Envelope encryption: every secret has a key of its own, which the
 * installation's key wraps. Both layers are AES-256-GCM and bound to what the
 * secret belongs to, so that a sealed secret cannot be put in another's place.
 *
 * @module
 */
import type { SealedSecret } from "../contracts/exchange_key.ts";
import { AppError } from "../core/errors.ts";
import { IV_BYTES, KEY_BYTES } from "./limits.ts";

/** The installation's key: its name, which goes into every envelope, and the key itself. */
export interface WrappingKey {
  id: string;
  key: CryptoKey;
}

/**
 * Seals a text.
 *
 * @param bound What the secret belongs to, for instance user, exchange and id; needed again to open it.
 */
export async function seal(
  text: string,
  { wrapping, bound }: { wrapping: WrappingKey; bound: readonly string[] },
): Promise<SealedSecret> {
  const additionalData = dataOf(bound);
  const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const own = await importKey(raw);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapIv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const [sealed, wrapped] = await Promise.all([
    crypto.subtle.encrypt(
      { name: "AES-GCM", iv, additionalData },
      own,
      new TextEncoder().encode(text),
    ),
    crypto.subtle.encrypt(
      { name: "AES-GCM", iv: wrapIv, additionalData },
      wrapping.key,
      raw,
    ),
  ]);
  raw.fill(0);
  return {
    version: 1,
    wrappedBy: wrapping.id,
    wrapIv: wrapIv.toBase64(),
    wrappedKey: new Uint8Array(wrapped).toBase64(),
    iv: iv.toBase64(),
    text: new Uint8Array(sealed).toBase64(),
  };
}

/**
 * Opens a sealed text.
 *
 * @throws {AppError} `SECRET_UNREADABLE` if another installation's key sealed it, or it was changed, or it belongs to something else.
 */
export async function open(
  sealed: SealedSecret,
  { wrapping, bound }: { wrapping: WrappingKey; bound: readonly string[] },
): Promise<string> {
  if (sealed.wrappedBy !== wrapping.id) {
    throw unreadable(
      `it was sealed with the key "${sealed.wrappedBy}" and this installation has "${wrapping.id}"; ` +
        "start it with the key file or EXCHANGE_KEY_SECRET of that time",
    );
  }
  const additionalData = dataOf(bound);
  try {
    const raw = new Uint8Array(
      await crypto.subtle.decrypt(
        {
          name: "AES-GCM",
          iv: Uint8Array.fromBase64(sealed.wrapIv),
          additionalData,
        },
        wrapping.key,
        Uint8Array.fromBase64(sealed.wrappedKey),
      ),
    );
    const own = await importKey(raw);
    raw.fill(0);
    const text = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: Uint8Array.fromBase64(sealed.iv), additionalData },
      own,
      Uint8Array.fromBase64(sealed.text),
    );
    return new TextDecoder().decode(text);
  } catch (cause) {
    // Nothing of the cause is told: what fails to decrypt says nothing useful.
    throw unreadable(
      "it was changed or belongs elsewhere; enter it again",
      cause,
    );
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

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError(
    "SECRET_UNREADABLE",
    `A sealed secret cannot be read: ${why}`,
    { cause },
  );
}
