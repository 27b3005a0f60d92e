import type { EpochMs } from "./primitives.ts";

const DAY_MS = 86_400_000;

/** How {@link tryTimeText} wants a time to be written, for its refusal. */
export const TIME_TEXT_HELP = "write it as 2019-03-01 or 2019-03-01T12:00Z";

/**
 * Reads a time as people write it on a command line: a day alone means its
 * first or its last millisecond, a time without zone is UTC. Null if it is none.
 */
export function tryTimeText(
  text: string,
  edge: "start" | "end",
): EpochMs | null {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isZoned = isDay || /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(10));
  const at = Date.parse(isZoned ? text : `${text}Z`);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at)) return null;
  return isDay && edge === "end" ? at + DAY_MS - 1 : at;
}
