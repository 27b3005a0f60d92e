/** Letters and digits that nobody takes for another; 32 of them, so each is five bits of chance. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

const HALF = 5;

/** A code of 50 random bits, in two halves that are easy to type. */
export function makeRecoveryCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(2 * HALF));
  const text = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join(
    "",
  );
  return `${text.slice(0, HALF)}-${text.slice(HALF)}`;
}

/**
 * What is stored of a code: its SHA-256 in hex. A code is random and attempts
 * are delayed, so no slow hash is needed.
 */
export async function hashRecoveryCode(code: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(code),
  );
  return new Uint8Array(digest).toHex();
}
