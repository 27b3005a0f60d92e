import { SESSION_NAMES } from "../../lib/contracts/pattern.ts";
import { DAY_MS } from "../market/civil_time.ts";
import type { SessionDetector } from "../smc/sessions.ts";
import { PLACE } from "./feature_list.ts";

const WEEK_MS = 7 * DAY_MS;

/** 1970-01-05, the first Monday. */
const FIRST_MONDAY_AT = 4 * DAY_MS;

/** Writes time of day, time of week and the open sessions of a candle into a row. */
export function writeCalendar(
  row: Float32Array,
  { openAt, sessions }: { openAt: number; sessions: SessionDetector },
): void {
  const day = turn(openAt, DAY_MS);
  const week = turn(openAt - FIRST_MONDAY_AT, WEEK_MS);
  row[PLACE.day_sin] = Math.sin(day);
  row[PLACE.day_cos] = Math.cos(day);
  row[PLACE.week_sin] = Math.sin(week);
  row[PLACE.week_cos] = Math.cos(week);
  // The flags have the order of SESSION_NAMES; a test holds that.
  for (let session = 0; session < SESSION_NAMES.length; session++) {
    row[PLACE.session_sydney + session] = sessions.isOpen(session) ? 1 : 0;
  }
}

/** Part of a period that has passed, as an angle. */
function turn(at: number, periodMs: number): number {
  const passedMs = at - Math.floor(at / periodMs) * periodMs;
  return 2 * Math.PI * (passedMs / periodMs);
}
