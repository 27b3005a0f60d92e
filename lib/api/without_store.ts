/**
 * What becomes of commands while the store does not take writes: those that
 * add risk are refused before anything else, those that reduce it are carried
 * out although the store cannot remember their Idempotency-Key.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import type { Fleet } from "../fleet/port.ts";
import type { ApiContext } from "./context.ts";
import { runOnce, toResponse } from "./idempotency.ts";

/**
 * Refuses what adds risk with the reason that people understand.
 *
 * @throws {AppError} STORE_UNAVAILABLE
 */
export function refuseWhileHeld(fleet: Fleet): void {
  const reason = fleet.heldReason();
  if (reason !== null) throw new AppError("STORE_UNAVAILABLE", reason);
}

/** Runs once if the key can be stored, and at any rate. */
export async function runOnceOrNow(
  c: ApiContext,
  options: Parameters<typeof runOnce>[1],
): Promise<Response> {
  let refusal: { error: unknown } | null = null;
  const run = async () => {
    try {
      return await options.run();
    } catch (error) {
      refusal = { error };
      throw error;
    }
  };
  try {
    return await runOnce(c, { ...options, run });
  } catch (error) {
    // What the command said counts, not that its key could not be freed.
    const said = refusal as { error: unknown } | null;
    if (said !== null) throw said.error;
    if (!(error instanceof AppError) || error.code !== "STORE_UNAVAILABLE") {
      throw error;
    }
    return toResponse(await options.run());
  }
}
