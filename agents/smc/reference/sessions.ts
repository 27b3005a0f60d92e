import type { CandleColumns } from "./columns.ts";

/** Result of {@link sessions}. */
export interface SessionColumns {
  /** 1 while the session is open. */
  Active: Float64Array;
  /** Highest high of the session so far, 32-bit; 0 while it is closed. */
  High: Float64Array;
  /** Lowest low of the session so far, 32-bit; 0 while it is closed. */
  Low: Float64Array;
}

/** A part of the day, in minutes since midnight; both ends belong to it. */
export interface SessionWindow {
  fromMinute: number;
  toMinute: number;
}

/** Settings of {@link sessions}. */
export interface SessionOptions {
  window: SessionWindow;
  /** Minutes added to the candles' times before they are compared with the window. */
  shiftMinutes: number;
}

/** Windows of the named sessions, UTC. They know no daylight saving. */
export const SESSION_WINDOWS: Readonly<Record<string, SessionWindow>> = {
  "Sydney": windowOf(21, 6),
  "Tokyo": windowOf(0, 9),
  "London": windowOf(7, 16),
  "New York": windowOf(13, 22),
  "Asian kill zone": windowOf(0, 4),
  "London open kill zone": windowOf(6, 9),
  "New York kill zone": windowOf(11, 14),
  "london close kill zone": windowOf(14, 16),
};

function windowOf(fromHour: number, toHour: number): SessionWindow {
  return { fromMinute: fromHour * 60, toMinute: toHour * 60 };
}

/** Reads a time of day such as `07:30` as minutes since midnight; null for a text that is none. */
export function tryMinuteOfDay(text: string): number | null {
  const match = /^(\d{1,2}):(\d{1,2})$/.exec(text.trim());
  if (match === null) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** Every time zone that is known, for a person who wrote another one. */
export const TIME_ZONE_NAMES = "UTC, GMT, UTC+1 to UTC+12, UTC-1 to UTC-14";

/**
 * Minutes that a time zone adds to the candles' times; null for an unknown one.
 *
 * The package reads `UTC+3` as the zone Etc/GMT+3, which by the convention of
 * that name lies west of Greenwich: candles of `UTC+3` are moved three hours on,
 * not back.
 */
export function tryShiftMinutes(timeZone: string): number | null {
  const match = /^(?:UTC|GMT)(?:([+-]?)(\d|1\d))?$/.exec(timeZone.trim());
  if (match === null) return null;
  const hours = Number(match[2] ?? 0);
  const isSigned = match[1] === "+" || match[1] === "-";
  if (hours !== 0 && !isSigned) return null;
  if (hours > (match[1] === "-" ? 14 : 12)) return null;
  return (match[1] === "-" ? -1 : 1) * hours * 60;
}

/**
 * Highs and lows of a trading session.
 *
 * A candle belongs to it if its open time, in whole minutes, lies in the window,
 * both ends included; a window that does not end after its start goes over
 * midnight. High and low begin anew only after a row outside, so a hole in the
 * data joins two days.
 *
 * Looks ahead: nowhere.
 */
export function sessions(
  { openAt, high, low }: CandleColumns,
  { window, shiftMinutes }: SessionOptions,
): SessionColumns {
  const length = openAt.length;
  const Active = new Float64Array(length);
  const High = new Float64Array(length);
  const Low = new Float64Array(length);
  const { fromMinute, toMinute } = window;
  const isOvernight = fromMinute >= toMinute;
  let isActive = false;
  let highest = 0;
  let lowest = 0;
  for (let row = 0; row < length; row++) {
    const minute = minuteOfDay(openAt[row]!, shiftMinutes);
    const isAfterStart = minute >= fromMinute;
    const isBeforeEnd = minute <= toMinute;
    const wasActive = isActive;
    isActive = isOvernight
      ? isAfterStart || isBeforeEnd
      : isAfterStart && isBeforeEnd;
    if (!isActive) continue;
    highest = wasActive ? Math.max(highest, high[row]!) : high[row]!;
    lowest = wasActive ? Math.min(lowest, low[row]!) : low[row]!;
    Active[row] = 1;
    High[row] = Math.fround(highest);
    Low[row] = Math.fround(lowest);
  }
  return { Active, High, Low };
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

function minuteOfDay(at: number, shiftMinutes: number): number {
  const minute = Math.floor(at / MINUTE_MS) + shiftMinutes;
  return minute - Math.floor(minute / DAY_MINUTES) * DAY_MINUTES;
}
