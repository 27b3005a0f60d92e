import { AppError } from "../../core/errors.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import { RECONCILE_RETRY_MAX_MS, RECONCILE_RETRY_MS } from "./limits.ts";
import type { Sleeper } from "./sleeper.ts";

/**
 * Repeats what a venue refuses for now until it succeeds, with growing waits;
 * `onFailure` hears each reason. Anything but a failure of the venue is thrown.
 */
export async function untilDone(
  act: () => void | Promise<void>,
  options: {
    sleeper: Sleeper;
    isClosed(): boolean;
    onFailure(reason: string): void;
  },
): Promise<void> {
  for (let waitMs = RECONCILE_RETRY_MS; !options.isClosed();) {
    try {
      // deno-lint-ignore no-await-in-loop -- until the venue is ready
      return await act();
    } catch (error) {
      const isExpected = error instanceof VenueError ||
        error instanceof AppError;
      if (!isExpected) throw error;
      options.onFailure(error.message);
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await options.sleeper.sleep(waitMs);
    waitMs = Math.min(RECONCILE_RETRY_MAX_MS, 2 * waitMs);
  }
}
