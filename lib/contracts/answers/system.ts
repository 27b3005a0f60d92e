import * as z from "zod";
import type { SystemView } from "../system.ts";
import { same } from "./parts.ts";

/** {@link SystemView} */
export const systemViewSchema = z.object({
  version: z.string(),
  formats: z.object({
    api: z.string(),
    store: z.number(),
    workers: z.number(),
  }),
  runtime: z.object({
    deno: z.string(),
    v8: z.string(),
    system: z.string(),
    processors: z.number(),
  }),
  startedAt: z.string(),
  uptimeMs: z.number(),
  tradingMode: z.enum(["paper", "live"]),
  memory: z.object({ residentMiB: z.number(), heapUsedMiB: z.number() }),
  storage: z.object({
    kind: z.literal("folder"),
    path: z.string(),
    bytes: z.number().nullable(),
    freeBytes: z.number().nullable(),
    ok: z.boolean(),
    detail: z.string(),
  }),
  agents: z.object({ running: z.number(), all: z.number() }),
  settings: z.array(z.object({ name: z.string(), isSet: z.boolean() })),
});
same<SystemView, typeof systemViewSchema>();
