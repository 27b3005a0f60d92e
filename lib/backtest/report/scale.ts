/**
 * Axes of the drawings: readable ticks of numbers and of time.
 *
 * @module
 */
import { formatUtcDay, MONTH_NAMES } from "../../ui/format.ts";

/** A mark on an axis. */
export interface Tick {
  /** Place on the axis, 0 to 1. */
  place: number;
  label: string;
}

/** A range of numbers with round ends and the marks within it. */
export interface Scale {
  low: number;
  high: number;
  /** Multiples of 1, 2 or 5 times a power of ten, ascending. */
  marks: readonly number[];
  /** Digits after the point that tell the marks apart. */
  digits: number;
}

/** A range below this part of the values is a rounding error, not a range. */
const RANGE_MIN = 1e-9;

/** A scale that holds all values, with about `count` marks. Without a range it is widened. */
export function scaleOf(values: readonly number[], count: number): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high >= low)) [low, high] = [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high), 1);
  if (high - low < size * RANGE_MIN) {
    const margin = size * 0.01;
    [low, high] = [low - margin, high + margin];
  }
  const step = roundStep((high - low) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return {
    low: first * step,
    high: last * step,
    marks: Array.from(
      { length: last - first + 1 },
      (_, index) => (first + index) * step,
    ),
    digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}

/** The next of 1, 2, 5 times a power of ten from `size` on. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5].find((candidate) =>
    candidate * power >= size * (1 - 1e-9)
  );
  return (factor ?? 10) * power;
}

/** Place of a value on a scale, 0 to 1. */
export function placeOn({ low, high }: Scale, value: number): number {
  return (value - low) / (high - low);
}

const DAY_MS = 86_400_000;
const DAY_STEPS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120];

/** Marks at starts of days, months or years (UTC), at most `count` + 1. */
export function timeTicks(
  { from, to, count }: { from: number; to: number; count: number },
): readonly Tick[] {
  if (!(to > from)) return [{ place: 0, label: formatUtcDay(from) }];
  const place = (at: number) => (at - from) / (to - from);
  const span = (to - from) / DAY_MS;
  const dayStep = DAY_STEPS.find((step) => span / step <= count);
  if (dayStep !== undefined) {
    const first = Math.ceil(from / DAY_MS);
    const ticks = Math.floor((to / DAY_MS - first) / dayStep) + 1;
    return Array.from({ length: Math.max(0, ticks) }, (_, index) => {
      const at = (first + index * dayStep) * DAY_MS;
      return { place: place(at), label: formatUtcDay(at) };
    });
  }
  const months = span / 30.44;
  const step = MONTH_STEPS.find((size) => months / size <= count) ?? 120;
  const ticks: Tick[] = [];
  const start = new Date(from);
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  month = Math.ceil(month / step) * step;
  for (;; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at > to) return ticks;
    if (at >= from) ticks.push({ place: place(at), label: monthLabel(month) });
  }
}

/** `2019` for a January, else `Mar 2019`. */
function monthLabel(month: number): string {
  const year = Math.floor(month / 12);
  return `${MONTH_NAMES[month % 12]} ${year}`;
}
