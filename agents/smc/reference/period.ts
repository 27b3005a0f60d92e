/**
 * Periods that candles are grouped into, by the names and rules of pandas 1.5
 * (`DataFrame.resample`). Calendar arithmetic is done here because the trading
 * domain has no clock.
 *
 * @module
 */

/** Units that a period is counted in. */
export type PeriodUnit = "minute" | "hour" | "day" | "week" | "month";

/** So many units of time. */
export interface Period {
  unit: PeriodUnit;
  /** A whole number from 1. */
  count: number;
}

/** One period of a calendar. */
export interface LabelledPeriod {
  /** Time that names the period: its start, or the last day of weeks and months. */
  label: number;
  /** First time after it. */
  endAt: number;
}

/** Names of the units, lower case; `m` is a month, as in pandas. */
const UNITS: Readonly<Record<string, PeriodUnit>> = {
  min: "minute",
  t: "minute",
  h: "hour",
  d: "day",
  w: "week",
  m: "month",
};

/** Every period that is known, for a person who wrote another one. */
export const PERIOD_NAMES =
  "15min or 15T, 4h, 1D, W and M, each with any whole number before it (15m means 15 months, as in pandas)";

const COUNT_MAX = 1_000_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNIT_MS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;

/** Reads a period such as `4h`; null for a text that is none. */
export function tryPeriod(text: string): Period | null {
  const match = /^(\d{0,7})\s*([a-z]+)$/i.exec(text.trim());
  if (match === null) return null;
  const name = match[2]!.toLowerCase();
  const count = match[1] === "" ? 1 : Number(match[1]);
  if (!Object.hasOwn(UNITS, name) || count < 1 || count > COUNT_MAX) {
    return null;
  }
  return { unit: UNITS[name]!, count };
}

/**
 * How a period divides time, for candles of which the first opens at `firstAt`.
 *
 * Minutes, hours and days are fixed lengths from the midnight before the first
 * candle on, without a new start each day. Weeks end with Sunday and months with
 * their last day; the first group is the first candle's own week or month alone.
 *
 * @returns The period that holds a time.
 */
export function createCalendar(
  { unit, count }: Period,
  firstAt: number,
): (at: number) => LabelledPeriod {
  switch (unit) {
    case "week":
      return endLabelled(count, {
        firstAt,
        indexOf: weekOf,
        lastDayOf: sunday,
      });
    case "month":
      return endLabelled(count, {
        firstAt,
        indexOf: monthOf,
        lastDayOf: lastDayOfMonth,
      });
    default: {
      const midnight = dayOf(firstAt) * DAY_MS;
      const lengthMs = count * UNIT_MS[unit];
      return (at) => {
        const label = midnight +
          Math.floor((at - midnight) / lengthMs) * lengthMs;
        return { label, endAt: label + lengthMs };
      };
    }
  }
}

interface EndLabelledOptions {
  firstAt: number;
  /** Number of the week or month that holds a day. */
  indexOf: (day: number) => number;
  /** Last day of week or month `index`. */
  lastDayOf: (index: number) => number;
}

function endLabelled(
  count: number,
  { firstAt, indexOf, lastDayOf }: EndLabelledOptions,
): (at: number) => LabelledPeriod {
  const first = indexOf(dayOf(firstAt));
  return (at) => {
    const groups = Math.ceil((indexOf(dayOf(at)) - first) / count);
    const lastDay = lastDayOf(first + groups * count);
    return { label: lastDay * DAY_MS, endAt: (lastDay + 1) * DAY_MS };
  };
}

/** Days since 1970-01-01, a Thursday. */
function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** Weeks from Monday to Sunday; week 0 is that of 1970-01-01. */
function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}

function sunday(week: number): number {
  return week * 7 + 3;
}

/**
 * Months since year 0. Years are counted from March, so that the leap day comes
 * last and months follow one linear formula (H. Hinnant, "chrono-compatible
 * low-level date algorithms", `civil_from_days`).
 */
function monthOf(day: number): number {
  const days = day + DAYS_TO_1970;
  const era = Math.floor(days / DAYS_PER_ERA);
  const dayOfEra = days - era * DAYS_PER_ERA;
  const year = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra -
    (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return (era * 400 + year) * 12 + monthFromMarch + 2;
}

function lastDayOfMonth(month: number): number {
  // The day before the first of the next month; years again from March.
  const fromMarch = month + 1 - 2;
  const year = Math.floor(fromMarch / 12);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (fromMarch - year * 12) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970 - 1;
}

/** Days of 400 years. */
const DAYS_PER_ERA = 146_097;

/** Days from 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;
