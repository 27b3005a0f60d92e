import {
  ATTEMPTS_MAX,
  RETRY_AFTER_MAX_MS,
  RETRY_BASE_MS,
  RETRY_CAP_MS,
} from "./limits.ts";
import type { SendOutcome } from "./delivery/outcome.ts";

/**
 * How long to wait before the next attempt, or null if there is none: the
 * receiver said that it is no use, or it was tried often enough. Exponential
 * with full jitter, and never before what the receiver asked for.
 */
export function retryDelayMs(
  outcome: Extract<SendOutcome, { ok: false }>,
  { attempts, random }: {
    /** Attempts so far, this one included. */
    attempts: number;
    /** From 0 to below 1. */
    random: number;
  },
): number | null {
  if (outcome.isFinal || attempts >= ATTEMPTS_MAX) return null;
  const ceiling = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (attempts - 1));
  const asked = Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  return Math.max(Math.floor(ceiling * random), asked);
}
