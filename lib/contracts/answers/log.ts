import * as z from "zod";
import type { LogDraft, LogEntry } from "../log.ts";
import { LOG_CATEGORIES, LOG_LEVELS } from "../log.ts";
import { same } from "./parts.ts";

/** {@link LogDraft} */
export const logDraftSchema = z.object({
  level: z.enum(LOG_LEVELS),
  category: z.enum(LOG_CATEGORIES),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  message: z.string(),
  at: z.number(),
  marketAt: z.number().nullable(),
  data: z.record(z.string(), z.unknown()).optional(),
});
same<LogDraft, typeof logDraftSchema>();

/** {@link LogEntry} */
export const logEntrySchema = logDraftSchema.extend({ seq: z.number() });
same<LogEntry, typeof logEntrySchema>();
