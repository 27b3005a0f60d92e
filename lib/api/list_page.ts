/**
 * Pages of lists that a service gives as a whole. The cursor says after which
 * item a page begins.
 *
 * @module
 */
import * as z from "zod";
import { cursors } from "../contracts/cursor.ts";
import { AppError } from "../core/errors.ts";
import type { ListResponse } from "./client.ts";
import { limitOf } from "./input.ts";
import { MAX_PAGE_ITEMS } from "./limits.ts";

/** Query of a list without filters: all of it, unless it is very long. */
export const listQuerySchema = z.strictObject({
  limit: limitOf(MAX_PAGE_ITEMS),
  cursor: cursors.whole.schema.optional(),
});

/**
 * One page of a list in its own order.
 *
 * @throws {AppError} REQUEST_INVALID where the item that the cursor names is gone.
 */
export function pageOfList<T>(
  all: readonly T[],
  { limit, cursor, keyOf }: z.infer<typeof listQuerySchema> & {
    /** Tells items apart. */
    keyOf: (item: T) => string;
  },
): ListResponse<T> {
  const from = cursor === undefined
    ? 0
    : all.findIndex((item) => keyOf(item) === cursor) + 1;
  if (cursor !== undefined && from === 0) {
    throw new AppError(
      "REQUEST_INVALID",
      "/cursor: What the cursor names is gone; read the list from its beginning",
      {
        errors: [{
          pointer: "/cursor",
          code: "FIELD_INVALID",
          detail:
            "What the cursor names is gone; read the list from its beginning",
        }],
      },
    );
  }
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last !== undefined && from + items.length < all.length
      ? cursors.whole.write(keyOf(last))
      : null,
  };
}
