import { RETRY_PAUSE_MS_MAX, RETRY_PAUSE_MS_MIN } from "./limits.ts";
import { VenueFailure } from "./venue.ts";

/** Time and chance, so that a test waits for nothing. */
export interface Waiting {
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** How a question is repeated. */
export interface RetryOptions {
  attemptsMax: number;
  waiting: Waiting;
  signal: AbortSignal;
  /** Is told before each pause. */
  onPause(failure: VenueFailure, pauseMs: number): void;
}

/**
 * Asks again after a passing failure, with pauses that double, with jitter, or
 * as long as the venue asks for.
 *
 * @throws {VenueFailure} The last one: lasting, one too many, or asking for too long a pause.
 */
export async function retrying<T>(
  ask: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { attemptsMax, signal, waiting } = options;
  for (let attempt = 1;; attempt++) {
    try {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      return await ask();
    } catch (failure) {
      if (!(failure instanceof VenueFailure)) throw failure;
      const pauseMs = failure.retryAfterMs ??
        pauseAfter(attempt, waiting.random());
      const isLast = attempt >= attemptsMax || signal.aborted;
      if (!failure.isPassing || isLast || pauseMs > RETRY_PAUSE_MS_MAX) {
        throw failure;
      }
      options.onPause(failure, pauseMs);
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      await waiting.sleep(pauseMs, signal);
    }
  }
}

/** From half of the doubled pause to all of it. */
function pauseAfter(attempt: number, random: number): number {
  const fullMs = RETRY_PAUSE_MS_MIN * 2 ** (attempt - 1);
  return Math.round(Math.min(fullMs, RETRY_PAUSE_MS_MAX) * (0.5 + random / 2));
}
