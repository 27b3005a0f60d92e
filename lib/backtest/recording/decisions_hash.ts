import { createHash } from "node:crypto";

/** Hash of no decision at all. */
export const EMPTY_DECISIONS_HASH = "0".repeat(64);

/**
 * Chains decisions: SHA-256 over the hash so far and the text of each
 * (`decisionTexts`). Two runs with one hash decided the same on the same candles.
 */
export function chainDecisionsHash(
  hash: string,
  decisions: readonly string[],
): string {
  for (const text of decisions) {
    hash = createHash("sha256").update(hash).update(text).digest("hex");
  }
  return hash;
}
