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

/** Market places in a fixed order, so that a zone can be named by its place. */
export const MARKET_ZONES = Object.keys(ZONES) as MarketZoneName[];

/**
 * Local time minus UTC of every market place. A change of clocks is looked up
 * when it comes, so that between two of them an offset costs one comparison.
 */
export class ZoneClock {
  readonly #offsetMs = new Float64Array(MARKET_ZONES.length);
  /** Until when the offset holds. */
  readonly #untilAt = new Float64Array(MARKET_ZONES.length).fill(-Infinity);
  readonly #fromAt = new Float64Array(MARKET_ZONES.length).fill(Infinity);

  /** Offset of the market place `zone` (its place in MARKET_ZONES) at a time. */
  offsetMs(zone: number, at: number): number {
    if (at >= this.#untilAt[zone]! || at < this.#fromAt[zone]!) {
      this.#lookUp(zone, at);
    }
    return this.#offsetMs[zone]!;
  }

  /** First time after the one last asked for at which the place changes its clocks; Infinity where it never does. */
  nextChangeAt(zone: number): number {
    return this.#untilAt[zone]!;
  }

  #lookUp(zone: number, at: number): void {
    const { standardMs, saving } = ZONES[MARKET_ZONES[zone]!];
    let fromAt = -Infinity;
    let untilAt = Infinity;
    let isSaved = false;
    if (saving !== null) {
      const { year } = civilDate(dayNumber(at));
      for (let each = year - 1; each <= year + 1; each++) {
        const span = saving(each);
        for (const changeAt of [span.fromAt, span.toAt]) {
          if (changeAt > at) {
            untilAt = Math.min(untilAt, changeAt);
          } else if (changeAt > fromAt) {
            fromAt = changeAt;
            isSaved = changeAt === span.fromAt;
          }
        }
      }
    }
    this.#fromAt[zone] = fromAt;
    this.#untilAt[zone] = untilAt;
    this.#offsetMs[zone] = standardMs + (isSaved ? HOUR_MS : 0);
  }
}
