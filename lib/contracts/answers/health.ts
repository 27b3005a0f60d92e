import * as z from "zod";

/** `GET /api/health/live`. */
export const liveResponseSchema = z.object({
  status: z.literal("ok"),
  /** Of the product. */
  version: z.string(),
});

/** `GET /api/health/ready`, with status 200 or 503. */
export const readyResponseSchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({
    name: z.string(),
    ok: z.boolean(),
    detail: z.string(),
  })),
});
