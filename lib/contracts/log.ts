import * as z from "zod";
import type { EpochMs } from "./primitives.ts";

export const LOG_LEVELS = [
  "debug",
  "info",
  "warning",
  "error",
  "trade",
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_CATEGORIES = [
  "trade",
  "decision",
  "risk",
  "lifecycle",
  "market",
  "system",
] as const;
export type LogCategory = (typeof LOG_CATEGORIES)[number];

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

/** Severity order for "this level and above"; trade counts as info. */
export const LOG_SEVERITY: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  trade: 1,
  warning: 2,
  error: 3,
};

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
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().regex(/^\d+$/, "Use the nextCursor of an earlier answer")
    .optional(),
});
export type LogQuery = z.infer<typeof logQuerySchema>;

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
