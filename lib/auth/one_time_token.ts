const TOKEN_BYTES = 32;

/** Makes a token of 256 random bits that is safe in a link. */
export function makeOneTimeToken(): string {
  return crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** What is stored of it: its SHA-256 in hex. It is random, so no slow hash is needed. */
export async function hashOneTimeToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(token),
  );
  return new Uint8Array(digest).toHex();
}
