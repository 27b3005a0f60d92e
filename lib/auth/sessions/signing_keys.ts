import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from "jose";
import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import type { SecretStore } from "../../store/port.ts";
import {
  CHANGE_ATTEMPTS,
  KEYS_RELOAD_MS,
  OLD_KEY_MS,
  SIGNING_KEY_MS,
  UNKNOWN_KEY_RELOAD_MS,
} from "../limits.ts";

/** Name of the signing keys among the store's secrets. */
export const SIGNING_KEYS_NAME = "jwt-signing-key";
/** The one algorithm of our tokens. */
export const TOKEN_ALGORITHM = "EdDSA";

const ringSchema = z.object({
  v: z.literal(2),
  /** Newest first. */
  keys: z.array(z.object({
    kid: z.string(),
    createdAt: z.number(),
    jwk: z.looseObject({ kty: z.literal("OKP"), d: z.string() }),
  })).min(1),
});
type StoredKeys = z.infer<typeof ringSchema>["keys"];

/** A key that is ready for use. */
interface ReadyKey {
  kid: string;
  createdAt: number;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

/** What the keys are kept in. */
export interface SigningKeysOptions {
  secrets: SecretStore;
  nowMs: () => number;
}

/**
 * The keys of access tokens. The newest one signs; after 30 days a new one is
 * made, and the one before verifies for another day. They lie in one secret that
 * is written under a check of what was read, so that of two processes which
 * rotate at once one wins and both go on with its key. While the store does not
 * answer, the keys that were read last stay in use.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  #keys: readonly ReadyKey[] = [];
  #readAt = -Infinity;
  #reading: Promise<void> | null = null;

  private constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  /** Reads the keys; the first start makes one. */
  static async open(options: SigningKeysOptions): Promise<SigningKeys> {
    const keys = new SigningKeys(options);
    await keys.#read();
    return keys;
  }

  /** The key that signs now. */
  async current(): Promise<{ kid: string; privateKey: CryptoKey }> {
    await this.#readIfOlder(KEYS_RELOAD_MS);
    return this.#keys[0]!;
  }

  /** The key that verifies what `kid` has signed; null where there is none, or no longer. */
  async verifying(kid: string): Promise<CryptoKey | null> {
    const isKnown = this.#keys.some((key) => key.kid === kid);
    await this.#readIfOlder(isKnown ? KEYS_RELOAD_MS : UNKNOWN_KEY_RELOAD_MS);
    const place = this.#keys.findIndex((key) => key.kid === kid);
    const isOutdated = !isKept(this.#keys, place, this.#options.nowMs());
    return isOutdated ? null : this.#keys[place]?.publicKey ?? null;
  }

  async #readIfOlder(ageMs: number): Promise<void> {
    if (this.#options.nowMs() - this.#readAt < ageMs) return;
    this.#reading ??= this.#read().finally(() => this.#reading = null);
    try {
      await this.#reading;
    } catch (error) {
      const isDown = error instanceof AppError &&
        error.code === "STORE_UNAVAILABLE";
      if (!isDown) throw error;
    }
  }

  async #read(): Promise<void> {
    const { secrets, nowMs } = this.#options;
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
      const stored = await secrets.read(SIGNING_KEYS_NAME);
      const before = stored === null ? [] : parseKeys(stored.text);
      // deno-lint-ignore no-await-in-loop -- as above
      if (before.length > 0) await this.#use(before);
      // deno-lint-ignore no-await-in-loop -- as above
      const after = await rotated(before, nowMs());
      if (after === before) return;
      // deno-lint-ignore no-await-in-loop -- as above
      const isWritten = await secrets.write(SIGNING_KEYS_NAME, {
        text: JSON.stringify({ v: 2, keys: after }),
        version: stored?.version ?? null,
      });
      if (!isWritten) continue;
      await this.#use(after);
      return;
    }
    throw new AppError(
      "STORE_UNAVAILABLE",
      `The signing keys were changed ${CHANGE_ATTEMPTS} times by others meanwhile; try again`,
      { status: 503 },
    );
  }

  async #use(stored: StoredKeys): Promise<void> {
    this.#keys = await Promise.all(stored.map(importKey));
    this.#readAt = this.#options.nowMs();
  }
}

/** The keys as they should be now; the very same list where nothing is to change. */
async function rotated(keys: StoredKeys, now: number): Promise<StoredKeys> {
  const newest = keys[0];
  const isDue = newest === undefined ||
    now - newest.createdAt >= SIGNING_KEY_MS;
  const all = isDue ? [await createKey(now), ...keys] : keys;
  const kept = all.filter((_, place) => isKept(all, place, now));
  return isDue || kept.length < keys.length ? kept : keys;
}

/** The newest key, and one whose follower is younger than a day. */
function isKept(
  keys: readonly { createdAt: number }[],
  place: number,
  now: number,
): boolean {
  const follower = keys[place - 1];
  return follower === undefined || now - follower.createdAt < OLD_KEY_MS;
}

async function createKey(now: number): Promise<StoredKeys[number]> {
  const { privateKey } = await generateKeyPair(TOKEN_ALGORITHM, {
    crv: "Ed25519",
    extractable: true,
  });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, createdAt: now, jwk: jwk as StoredKeys[number]["jwk"] };
}

async function importKey(
  { kid, createdAt, jwk }: StoredKeys[number],
): Promise<ReadyKey> {
  const { d: _, ...publicJwk } = jwk;
  try {
    const [privateKey, publicKey] = await Promise.all([
      importJWK(jwk as JWK, TOKEN_ALGORITHM),
      importJWK(publicJwk as JWK, TOKEN_ALGORITHM),
    ]) as [CryptoKey, CryptoKey];
    return { kid, createdAt, privateKey, publicKey };
  } catch (cause) {
    throw unreadable(cause);
  }
}

function parseKeys(text: string): StoredKeys {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  // Earlier builds kept one key here, whose tokens have all ended: it is replaced.
  if (typeof value === "object" && value !== null && "kty" in value) return [];
  const parsed = ringSchema.safeParse(value);
  if (!parsed.success) throw unreadable(parsed.error);
  return parsed.data.keys;
}

function unreadable(cause: unknown): AppError {
  return new AppError(
    "INTERNAL",
    `The secret "${SIGNING_KEYS_NAME}" of the store holds no signing keys; ` +
      "restore it from a backup, or delete it to get a new one: access tokens end then",
    { cause },
  );
}
