/** Waits between attempts: doubling from the least to the most, half of it random. */
export const BACKOFF_MIN_MS = 1_000;
export const BACKOFF_MAX_MS = 30_000;

/** How long to wait before attempt number `attempt` (from 1). */
export function backoffMs(
  attempt: number,
  random: () => number,
  minMs = BACKOFF_MIN_MS,
): number {
  const full = Math.min(BACKOFF_MAX_MS, minMs * 2 ** (attempt - 1));
  return Math.max(minMs, Math.round(full / 2 + random() * full / 2));
}
