const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Days whose offsets are kept; more than a century. */
const KEPT_DAYS_MAX = 40_000;

/** The clock of a place. */
export interface Zone {
  /** Days since 1970-01-01 on the calendar of the place. */
  dayOf(at: number): number;
  /** 0 to 23. */
  hourOf(at: number): number;
  /** 0 (Monday) to 6. */
  weekdayOf(at: number): number;
  /** When a day begins there, in epoch milliseconds. */
  startOf(day: number): number;
}

/**
 * Makes the clock of a time zone. Asking `Intl` for every trade would take
 * longer than all sums together, so an offset is asked for once a day, and
 * within the few days that have two of them every time.
 *
 * @param timeZone A name that `Intl` knows.
 */
export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const offsets = new Map<number, number | null>();
  const ask = (at: number) => askOffset(format, at);
  const offsetAt = (at: number): number => {
    const utcDay = Math.floor(at / DAY_MS);
    let offset = offsets.get(utcDay);
    if (offset === undefined) {
      const first = ask(utcDay * DAY_MS);
      offset = ask((utcDay + 1) * DAY_MS - 1) === first ? first : null;
      if (offsets.size >= KEPT_DAYS_MAX) offsets.clear();
      offsets.set(utcDay, offset);
    }
    return offset ?? ask(Math.floor(at / QUARTER_MS) * QUARTER_MS);
  };
  const dayOf = (at: number) => Math.floor((at + offsetAt(at)) / DAY_MS);
  return {
    dayOf,
    hourOf: (at) => mod(Math.floor((at + offsetAt(at)) / HOUR_MS), 24),
    // 1970-01-01 was a Thursday.
    weekdayOf: (at) => mod(dayOf(at) + 3, 7),
    startOf(day) {
      const midnight = day * DAY_MS;
      const guess = midnight - offsetAt(midnight);
      return midnight - offsetAt(guess);
    },
  };
}

function mod(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** How far the clock of the place is ahead of UTC. Whole minutes. */
function askOffset(format: Intl.DateTimeFormat, at: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) {
    parts[type] = Number(value);
  }
  const local = Date.UTC(
    parts["year"]!,
    parts["month"]! - 1,
    parts["day"]!,
    parts["hour"]!,
    parts["minute"]!,
    parts["second"]!,
  );
  return local - Math.floor(at / 1_000) * 1_000;
}
