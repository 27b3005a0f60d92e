import { createHmac } from "node:crypto";
import {
  CLOCK_AHEAD_MS_MAX,
  RECV_WINDOW_MS_DEFAULT,
  RECV_WINDOW_MS_MAX,
} from "../limits.ts";
import { Refusal } from "../refusal.ts";

/** The only customer's key. */
export interface Credentials {
  apiKey: string;
  secret: string;
}

/** @throws {Refusal} -2014 for no key at all, -2015 for a wrong one. */
export function checkKey(
  sent: string | null,
  { apiKey }: Credentials,
): void {
  if (sent === null || sent === "") {
    throw new Refusal(-2014, "API-key format invalid.", 401);
  }
  if (sent === apiKey) return;
  throw new Refusal(
    -2015,
    "Invalid API-key, IP, or permissions for action.",
    401,
  );
}

/**
 * Checks HMAC SHA-256 over the query followed by the body, both without the
 * signature, as at https://developers.binance.com (endpoint security).
 *
 * @throws {Refusal} -1022
 */
export function checkSignature(
  sent: { query: string; body: string },
  { secret }: Credentials,
): void {
  const all = new URLSearchParams(
    `${sent.query}&${sent.body}`,
  );
  const signature = all.get("signature");
  const payload = withoutSignature(sent.query) + withoutSignature(sent.body);
  const expected = createHmac("sha256", secret).update(payload).digest("hex");
  if (signature === expected) return;
  throw new Refusal(-1022, "Signature for this request is not valid.");
}

/** Checks a time stamp against the venue's time. @throws {Refusal} -1102 or -1021 */
export function checkTime(
  sent: { timestamp: number | null; recvWindow: number | null },
  now: number,
): void {
  const { timestamp } = sent;
  const window = sent.recvWindow ?? RECV_WINDOW_MS_DEFAULT;
  if (timestamp === null) {
    throw new Refusal(
      -1102,
      "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.",
    );
  }
  if (window > RECV_WINDOW_MS_MAX) {
    throw new Refusal(-1131, "recvWindow must be less than 60000.");
  }
  if (timestamp > now + CLOCK_AHEAD_MS_MAX) {
    throw new Refusal(
      -1021,
      "Timestamp for this request was 1000ms ahead of the server's time.",
    );
  }
  if (now - timestamp > window) {
    throw new Refusal(
      -1021,
      "Timestamp for this request is outside of the recvWindow.",
    );
  }
}

function withoutSignature(text: string): string {
  return text.split("&").filter((part) => !part.startsWith("signature="))
    .join("&");
}
