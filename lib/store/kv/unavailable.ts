import { AppError } from "../../core/errors.ts";

/** How Deno says that a host may not be reached. */
const FORBIDDEN_HOST = /\bnet access to "([^"]+)"/;

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
  const [, host] = FORBIDDEN_HOST.exec(detail) ?? [];
  if (host !== undefined) {
    return new AppError(
      "STORE_UNAVAILABLE",
      `The store could not ${what}: the KV server names ${host} for its data, which this process may not reach; add it to KV_HOSTS and start again`,
      { status: 503, cause },
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
