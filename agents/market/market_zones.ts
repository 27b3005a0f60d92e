/**
 * Local time of the market places, by the daylight saving rules that are in
 * force: Europe since 1996, the United States since 2007, New South Wales since
 * 2008. Older times are read by the same rules.
 *
 * @module
 */
import {
  civilDate,
  DAY_MS,
  dayNumber,
  lastSunday,
  nthSunday,
} from "./civil_time.ts";

const HOUR_MS = 3_600_000;

/** Market places with a local time. */
export type MarketZoneName = "sydney" | "tokyo" | "london" | "new_york";

interface ZoneRules {
  standardMs: number;
  /** When daylight saving begins and ends in a year, UTC; null where there is none. */
  saving: ((year: number) => { fromAt: number; toAt: number }) | null;
}

const ZONES: Readonly<Record<MarketZoneName, ZoneRules>> = {
  tokyo: { standardMs: 9 * HOUR_MS, saving: null },
  // Last Sunday of March to last Sunday of October, both at 01:00 UTC.
  london: {
    standardMs: 0,
    saving: (year) => ({
      fromAt: lastSunday(year, 3) * DAY_MS + HOUR_MS,
      toAt: lastSunday(year, 10) * DAY_MS + HOUR_MS,
    }),
  },
  // Second Sunday of March, 02:00 standard, to first Sunday of November, 02:00 daylight time.
  new_york: {
    standardMs: -5 * HOUR_MS,
    saving: (year) => ({
      fromAt: nthSunday(year, 3, 2) * DAY_MS + 7 * HOUR_MS,
      toAt: nthSunday(year, 11, 1) * DAY_MS + 6 * HOUR_MS,
    }),
  },
  // First Sunday of October, 02:00 standard, to first Sunday of April, 03:00
  // daylight time: both are 16:00 UTC of the Saturday before.
  sydney: {
    standardMs: 10 * HOUR_MS,
    saving: (year) => ({
      fromAt: nthSunday(year, 10, 1) * DAY_MS - 8 * HOUR_MS,
      toAt: nthSunday(year, 4, 1) * DAY_MS - 8 * HOUR_MS,
    }),
  },
};

/** Local time minus UTC of a market place, and until when that holds. */
export interface ZoneOffset {
  offsetMs: number;
  /** First time with another offset, UTC; Infinity where it never changes. */
  untilAt: number;
}

/** Offset of a market place at a time. */
export function zoneOffset(zone: MarketZoneName, at: number): ZoneOffset {
  const { standardMs, saving } = ZONES[zone];
  if (saving === null) return { offsetMs: standardMs, untilAt: Infinity };
  const { year } = civilDate(dayNumber(at));
  const changes = [year - 1, year, year + 1].flatMap((each) => {
    const { fromAt, toAt } = saving(each);
    return [{ at: fromAt, saved: true }, { at: toAt, saved: false }];
  }).sort((a, b) => a.at - b.at);
  const last = changes.findLast((change) => change.at <= at);
  const next = changes.find((change) => change.at > at);
  return {
    offsetMs: standardMs + (last?.saved === true ? HOUR_MS : 0),
    untilAt: next?.at ?? Infinity,
  };
}
