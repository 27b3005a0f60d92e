/** How a time is written. */
export type TimeKind =
  | "seconds"
  | "milliseconds"
  | "microseconds"
  | "nanoseconds"
  | "text with a zone"
  | "text without a zone";

/** A time of a file to import. */
export interface ParsedTime {
  ms: number;
  kind: TimeKind;
}

/**
 * Reads an open time: a number since 1970, whose unit its size tells, or a date
 * with the year first. Null for what is no time, or might be two: 01/02/2024.
 * A text without a zone is taken as UTC.
 */
export function parseTime(text: string): ParsedTime | null {
  if (/^\d+(\.\d+)?$/.test(text)) {
    return dateOfDigits(text) ?? timeOfNumber(Number(text));
  }
  return timeOfText(text);
}

/** 1e11 seconds are the year 5138 and 1e11 milliseconds are 1973, so sizes do not overlap in practice. */
function timeOfNumber(value: number): ParsedTime | null {
  const [ms, kind]: [number, TimeKind] = value < 1e11
    ? [value * 1_000, "seconds"]
    : value < 1e14
    ? [value, "milliseconds"]
    : value < 1e17
    ? [value / 1_000, "microseconds"]
    : [value / 1_000_000, "nanoseconds"];
  return Number.isSafeInteger(ms) ? { ms, kind } : null;
}

/** `20240131` and `20240131120000`: as numbers they would be no time of a market. */
function dateOfDigits(text: string): ParsedTime | null {
  const match = /^((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?$/.exec(
    text,
  );
  return match === null ? null : timeOfParts(match.slice(1, 7), null);
}

const DATE = String.raw`(\d{4})([-./]?)(\d{2})\2(\d{2})`;
const CLOCK = String
  .raw`(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?`;
const ZONE = String.raw`(Z|UTC|GMT|[+-]\d{2}:?\d{2})`;
const DATE_AND_CLOCK = new RegExp(
  `^${DATE}(?:(?:T|[ ,;]+)${CLOCK}(?:[- ]?(AM|PM))?(?:\\s*${ZONE})?)?$`,
  "i",
);

function timeOfText(text: string): ParsedTime | null {
  const match = DATE_AND_CLOCK.exec(text);
  if (match === null) return null;
  const [, year, , month, day, hour, minute, second, fraction, half, zone] =
    match;
  const parts = [year, month, day, hourOf24(hour, half), minute, second];
  return timeOfParts(parts, { fraction, zone });
}

/** A wrong hour stays wrong, so that it is refused. */
function hourOf24(
  hour: string | undefined,
  half: string | undefined,
): string | undefined {
  if (hour === undefined || half === undefined) return hour;
  const twelve = Number(hour);
  if (twelve < 1 || twelve > 12) return "99";
  return String(twelve % 12 + (half.toUpperCase() === "PM" ? 12 : 0));
}

function timeOfParts(
  parts: readonly (string | undefined)[],
  rest: { fraction: string | undefined; zone: string | undefined } | null,
): ParsedTime | null {
  const [year, month, day, hour, minute, second] = parts.map((part) =>
    Number(part ?? 0)
  ) as [number, number, number, number, number, number];
  const fraction = Number(`0.${rest?.fraction ?? "0"}`) * 1_000;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(at);
  // 31 February would become a day of March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    return null;
  }
  const zone = rest?.zone;
  const ms = at + Math.round(fraction) - offsetMs(zone);
  return {
    ms,
    kind: zone === undefined ? "text without a zone" : "text with a zone",
  };
}

function offsetMs(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? "");
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -1 : 1) * minutes * 60_000;
}
