import { AppError } from "../../core/errors.ts";
import type { User } from "../../contracts/auth.ts";
import type { PasskeyView, StoredPasskey } from "../../contracts/passkey.ts";

/** The refusal of an id that none of the person's passkeys has. */
export function notFound(): AppError {
  return new AppError(
    "PASSKEY_NOT_FOUND",
    "You have no passkey of this id; GET /api/account/passkeys lists the ids",
    { status: 404 },
  );
}

/** The refusal of one more. */
export function tooMany(): AppError {
  return new AppError(
    "PASSKEY_LIMIT",
    "This passkey is registered already, or you have as many as are allowed; remove one first",
    { status: 409 },
  );
}

/** A passkey, as its owner sees it. */
export function toView(passkey: StoredPasskey): PasskeyView {
  const { id, name, rpId, isSynced, createdAt, lastUsedAt } = passkey;
  return {
    id,
    name,
    rpId,
    isSynced,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  };
}

/** How a browser is told of a passkey. */
export function descriptorOf(
  { credentialId, transports }: StoredPasskey,
): { id: string; transports: string[] } {
  return { id: credentialId, transports: [...transports] };
}

/** The challenge that a browser says it has answered; null where it says nothing readable. */
export function challengeOf(clientDataJSON: string): string | null {
  try {
    const { challenge } = JSON.parse(
      new TextDecoder().decode(bytesOf(clientDataJSON)),
    ) as { challenge?: unknown };
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null;
  }
}

/** Our id of a person, as authenticators keep it. */
export function handleOf({ id }: User): string {
  return new TextEncoder().encode(id).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** The bytes of base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
