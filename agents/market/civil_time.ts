/**
 * Calendar arithmetic on UTC milliseconds, without a clock and without the
 * machine's time zone data, so that a replay gives the same everywhere.
 *
 * @module
 */

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

/** Day of a time, counted from 1970-01-01. */
export function dayNumber(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** Week of a time, Monday to Sunday UTC, counted from the one of 1970-01-01 (a Thursday). */
export function weekNumber(at: number): number {
  return Math.floor((dayNumber(at) + 3) / 7);
}

/** Month of a time, counted from January of year 0. */
export function monthNumber(at: number): number {
  const { year, month } = civilDate(dayNumber(at));
  return year * 12 + month - 1;
}

/**
 * Year and month (1 to 12) of a day number, proleptic Gregorian calendar.
 *
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * `civil_from_days`.
 */
export function civilDate(day: number): { year: number; month: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month };
}

/** Day number of the first day of a month; `days_from_civil` of the same source. */
export function firstDayOfMonth(year: number, month: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const monthIndex = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * monthIndex + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Day number of the n-th Sunday of a month (1 = first). */
export function nthSunday(year: number, month: number, nth: number): number {
  const first = firstDayOfMonth(year, month);
  return first + daysToSunday(first) + (nth - 1) * 7;
}

/** Day number of the last Sunday of a month. */
export function lastSunday(year: number, month: number): number {
  const next = month === 12
    ? firstDayOfMonth(year + 1, 1)
    : firstDayOfMonth(year, month + 1);
  const week = next - 7;
  return week + daysToSunday(week);
}

/** Days from a day to the next Sunday, 0 on a Sunday. 1970-01-04 was one. */
function daysToSunday(day: number): number {
  return (((3 - day) % 7) + 7) % 7;
}
