/**
 * Levels, categories and times of log lines. Apart from the schemas, so that
 * the panel's scripts need no validator for them.
 *
 * @module
 */
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

/** Severity order for "this level and above"; trade counts as info. */
export const LOG_SEVERITY: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  trade: 1,
  warning: 2,
  error: 3,
};

const TIME_PATTERN =
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Reads a day or a time of ISO 8601, in UTC where it names no zone; null if it is none. */
export function readLogTime(text: string): EpochMs | null {
  const parts = TIME_PATTERN.exec(text);
  if (parts === null) return null;
  const hasTime = parts[1] !== undefined;
  const hasZone = parts[4] !== undefined;
  const at = Date.parse(hasTime && !hasZone ? `${text}Z` : text);
  return Number.isNaN(at) ? null : at;
}

/** Bounds of a time range, both of them inside; left out = open. */
export interface LogRange {
  from?: EpochMs | null | undefined;
  to?: EpochMs | null | undefined;
}

/** Tells whether a time is within a range. */
export function isInRange(
  at: EpochMs,
  range: LogRange,
): boolean {
  const from = range.from ?? null;
  const to = range.to ?? null;
  // Lines of the first builds have no time of their own: no range, no comparison.
  return (from === null || at >= from) && (to === null || at <= to);
}
