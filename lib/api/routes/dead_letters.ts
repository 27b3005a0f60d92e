import { Hono } from "hono";
import * as z from "zod";
import type { DeadLetter } from "../../contracts/dead_letter.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { limitSchema, placeCursorSchema, readQuery } from "../input.ts";

const deadLetterListSchema = z.strictObject({
  limit: limitSchema,
  cursor: placeCursorSchema.optional(),
});

/** Messages that reached nobody, newest first. */
export function deadLetterRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/dead-letters", allow("logs.read"), async (c) => {
      const { limit, cursor = null } = readQuery(c, deadLetterListSchema);
      return c.json<ListResponse<DeadLetter>>(
        await options.deadLetters({ limit, cursor }),
      );
    });
}
