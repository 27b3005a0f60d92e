import { AppError } from "../../core/errors.ts";

/** What a caller is told of a call that failed. */
export function unavailable(what: string, cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (isTooLarge(cause)) {
    return new AppError(
      "STORE_VALUE_TOO_LARGE",
      `The store could not ${what}: ${detail}. Nothing was stored; bound what is written`,
      { cause },
    );
  }
  return new AppError(
    "STORE_UNAVAILABLE",
    `The store could not ${what}: ${detail}. Whether a change was stored is unknown; check the disk and try again`,
    { status: 503, cause },
  );
}

/** KV refuses these before it writes anything, however often they are sent. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof TypeError && /too large/i.test(error.message);
}
