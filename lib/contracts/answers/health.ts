import * as z from "zod";
import { HEALTH_STATES, type HealthReport } from "../health.ts";
import { same } from "./parts.ts";

/** {@link HealthReport} */
export const healthReportSchema = z.object({
  state: z.enum(HEALTH_STATES),
  version: z.string(),
  at: z.string(),
  components: z.array(z.object({
    name: z.string(),
    state: z.enum(HEALTH_STATES),
    cause: z.string(),
    since: z.string().nullable(),
  })).nullable(),
});
same<HealthReport, typeof healthReportSchema>();

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
