import * as z from "zod";
import {
  LOG_CATEGORIES,
  LOG_LEVELS,
  type LogCategory,
  type LogLevel,
  readLogTime,
} from "./log_terms.ts";
import type { EpochMs } from "./primitives.ts";

export { LOG_CATEGORIES, LOG_LEVELS, LOG_SEVERITY } from "./log_terms.ts";
export type { LogCategory, LogLevel } from "./log_terms.ts";

/** A log line before it has a place in the log. */
export interface LogDraft {
  level: LogLevel;
  category: LogCategory;
  /** Null for the platform itself. */
  agentId: string | null;
  agentName: string | null;
  message: string;
  /** When it happened, real time. */
  at: EpochMs;
  /** Market time where it differs (simulated or replayed), else null. */
  marketAt: EpochMs | null;
  data?: Readonly<Record<string, unknown>>;
}

/** A stored log line. `seq` is its place among all streamed events. */
export interface LogEntry extends LogDraft {
  seq: number;
}

const timeSchema = z.string().optional().transform((text, context) => {
  if (text === undefined || text === "") return undefined;
  const at = readLogTime(text);
  if (at !== null) return at;
  context.addIssue({
    code: "custom",
    message: "Write a time as 2026-09-01 or 2026-09-01T12:00Z",
  });
  return z.NEVER;
});

/** Filter of log lists and streams. */
export const logQuerySchema = z.object({
  /** Comma-separated exact levels. */
  level: z.string().optional().transform((text, context) =>
    splitEnum(text, LOG_LEVELS, context)
  ),
  category: z.string().optional().transform((text, context) =>
    splitEnum(text, LOG_CATEGORIES, context)
  ),
  agentId: z.string().optional(),
  q: z.string().max(200).optional(),
  /** Lines of this time and later, ISO 8601; UTC where it names no zone. */
  from: timeSchema,
  /** Lines up to this time, itself included. */
  to: timeSchema,
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().regex(/^\d+$/, "Use the nextCursor of an earlier answer")
    .optional(),
});
type ParsedLogQuery = z.infer<typeof logQuerySchema>;
/** What log lists are asked for. */
export type LogQuery =
  & Omit<ParsedLogQuery, "from" | "to">
  & Partial<Pick<ParsedLogQuery, "from" | "to">>;

function splitEnum<T extends string>(
  text: string | undefined,
  allowed: readonly T[],
  context: z.RefinementCtx,
): readonly T[] | undefined {
  if (text === undefined || text === "") return undefined;
  const parts = text.split(",");
  const wrong = parts.find((part) =>
    !(allowed as readonly string[]).includes(part)
  );
  if (wrong !== undefined) {
    context.addIssue({
      code: "custom",
      message: `Unknown value "${wrong}": choose from ${allowed.join(", ")}`,
    });
    return z.NEVER;
  }
  return parts as T[];
}

/** What a behaviour reports to its owner. Real time is added there: the behaviour has no clock. */
export interface AgentReport {
  kind: "agent";
  logs: readonly Omit<LogDraft, "agentId" | "agentName" | "at">[];
}
