import type { QuietHours } from "../contracts/alerts/rule.ts";
import type { EpochMs } from "../contracts/primitives.ts";

const MINUTE_MS = 60_000;
/** A day, and what the longest change of clocks may add. */
const SEARCH_MINUTES = 27 * 60;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Whether a moment lies in the quiet hours; the start does, the end does not. */
export function isQuiet(at: EpochMs, hours: QuietHours): boolean {
  const now = minuteOfDay(at, hours.timeZone);
  const from = minutesOf(hours.from);
  const to = minutesOf(hours.to);
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/**
 * When the quiet hours that hold at `at` are over: the first full minute that
 * is not quiet. Looked for minute by minute, so that it is right on the days
 * on which the clocks change. `at` itself where it is not quiet.
 */
export function quietEnd(at: EpochMs, hours: QuietHours): EpochMs {
  if (!isQuiet(at, hours)) return at;
  let minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  for (let steps = 0; steps < SEARCH_MINUTES; steps++) {
    minute += MINUTE_MS;
    if (!isQuiet(minute, hours)) return minute;
  }
  return minute;
}

function minuteOfDay(at: EpochMs, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    clocks.set(timeZone, clock);
  }
  return minutesOf(clock.format(at));
}

function minutesOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
