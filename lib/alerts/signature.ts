/**
 * Signs the body of a webhook: HMAC-SHA256 over `timestamp.body`, in
 * hexadecimal. The timestamp is part of it, so that an old message cannot be
 * sent again later.
 *
 * @param timestamp Seconds since 1970, as in the header.
 */
export async function signBody(
  body: string,
  { secret, timestamp }: { secret: string; timestamp: string },
): Promise<string> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    text.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signed = await crypto.subtle.sign(
    "HMAC",
    key,
    text.encode(`${timestamp}.${body}`),
  );
  return new Uint8Array(signed).toHex();
}
