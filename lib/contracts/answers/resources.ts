import * as z from "zod";
import type { ResourcesResponse, ResourceUsage } from "../resources.ts";
import { agentVitalsSchema, resourceEstimateSchema } from "./agent.ts";
import { COMPARED_RESOURCES } from "../resources.ts";
import { same } from "./parts.ts";

/** {@link ResourceUsage} */
export const resourceUsageSchema = z.object({
  measuredSeconds: z.number(),
  cores: z.number().nullable(),
  busyShare: z.number().nullable(),
  heapMiB: z.number().nullable(),
  heapMiBMax: z.number().nullable(),
  messagesPerMinute: z.number().nullable(),
  messagesInPerSecond: z.number().nullable(),
  messagesOutPerSecond: z.number().nullable(),
  mailboxDepthMax: z.number().nullable(),
  loopLagMsP99: z.number().nullable(),
  apiCallsPerMinute: z.number().nullable(),
});
same<ResourceUsage, typeof resourceUsageSchema>();

/** {@link ResourcesResponse} */
export const resourcesResponseSchema = z.object({
  agentId: z.string(),
  estimate: resourceEstimateSchema.nullable(),
  measured: z.record(z.enum(["lastMinute", "lastHour"]), resourceUsageSchema),
  compared: z.record(z.enum(COMPARED_RESOURCES), z.number().nullable()),
  windowSeconds: z.record(z.enum(["lastMinute", "lastHour"]), z.number()),
  measuredSince: z.number().nullable(),
  measuredAt: z.number().nullable(),
  ageSeconds: z.number().nullable(),
  vitals: agentVitalsSchema,
});
same<ResourcesResponse, typeof resourcesResponseSchema>();
