/**
 * The one place where numbers and times become text. Amounts stay decimal text
 * all the way into `Intl`, so nothing is rounded through a float on its way to
 * the screen. Unknown values never get here as 0: they are null and come out as
 * {@link UNKNOWN}.
 *
 * @module
 */
import {
  decimal,
  type DecimalText,
  toDecimalText,
  ZERO,
} from "../core/decimal.ts";

/** What is shown for a value that nobody knows. */
export const UNKNOWN = "—";

const LOCALE = "en-US";
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** The zone that times are written in; a page says in its first element which. */
let zone = globalThis.document?.documentElement.dataset.zone ?? "UTC";

/** Writes times in this zone from now on. The server says so before it paints a page, which nothing interrupts. */
export function setTimeZone(name: string): void {
  zone = name;
}

/** What to say beside a time: `UTC`, or the place that the zone is named after, such as `New York`. */
export function zoneName(): string {
  return zone.split("/").at(-1)!.replaceAll("_", " ");
}

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE, options);
    numberFormats.set(key, format);
  }
  return format;
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let format = dateFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(LOCALE, {
      timeZone: zone,
      hourCycle: "h23",
      ...options,
    });
    dateFormats.set(key, format);
  }
  return format;
}

function trueMinus(text: string): string {
  return text.replace("-", "−");
}

/** How a decimal is written. */
export interface DecimalOptions {
  /** Digits after the point, always shown. */
  digits?: number;
  /** More digits that are shown where they are not zero. */
  maxDigits?: number;
  /** Shows "+" before a gain; zero has no sign. */
  signed?: boolean;
}

/** Writes a decimal text (or a number) with grouping and a true minus. */
export function formatDecimal(
  value: DecimalText | number | null,
  { digits = 2, maxDigits = digits, signed = false }: DecimalOptions = {},
): string {
  if (value === null) return UNKNOWN;
  const format = numberFormat({
    minimumFractionDigits: digits,
    maximumFractionDigits: maxDigits,
    signDisplay: signed ? "exceptZero" : "negative",
  });
  // Intl reads a text as an exact decimal; a number is what it is.
  return trueMinus(format.format(value as Intl.StringNumericLiteral));
}

/** Writes an amount with its currency: `48,212.40 USDT`. */
export function formatMoney(
  value: DecimalText | null,
  unit: string,
  options: DecimalOptions = {},
): string {
  return value === null
    ? UNKNOWN
    : `${formatDecimal(value, options)} ${unit}`.trimEnd();
}

/** Writes a percentage that is already in percent: 3.1 is `3.1%`. */
export function formatPercent(
  value: number | null,
  { digits = 1, maxDigits = digits, signed = false }: DecimalOptions = {},
): string {
  return value === null
    ? UNKNOWN
    : `${formatDecimal(value, { digits, maxDigits, signed })}%`;
}

/** Writes a price with as many digits as its size calls for. */
export function formatPrice(value: DecimalText | number | null): string {
  if (value === null) return UNKNOWN;
  const size = Math.abs(Number(value));
  if (size >= 1_000) return formatDecimal(value);
  return formatDecimal(value, { digits: 2, maxDigits: size >= 1 ? 4 : 8 });
}

/** Writes a quantity without trailing zeros. */
export function formatQuantity(value: DecimalText | number | null): string {
  return formatDecimal(value, { digits: 0, maxDigits: 8 });
}

/** Writes a count: `12,431`. */
export function formatCount(value: number | null): string {
  return formatDecimal(value, { digits: 0 });
}

/** Writes a latency with about two significant digits: `0.8 ms`, `11 ms`, `1.2 s`. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms >= 1_000) return `${formatDecimal(ms / 1_000, { digits: 1 })} s`;
  if (ms >= 10) return `${formatDecimal(ms, { digits: 0 })} ms`;
  return `${formatDecimal(ms, { digits: ms < 1 ? 2 : 1 })} ms`;
}

/** Writes a size in MiB. */
export function formatMiB(value: number | null): string {
  return value === null
    ? UNKNOWN
    : `${formatDecimal(value, { digits: value < 10 ? 1 : 0 })} MB`;
}

/** Writes a length of time with its two largest units: `3 h 12 min`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return "0 s";
  return parts.slice(first, first + 2).filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}

/** Writes how long ago something was: `12 s ago`; the future is `now`. */
export function formatAge(at: number | null, now: number): string {
  if (at === null) return UNKNOWN;
  return now - at < 1_000 ? "now" : `${formatDuration(now - at)} ago`;
}

/** Writes a time of day in the zone of the page: `12:03:22`. */
export function formatTime(at: number | null): string {
  if (at === null) return UNKNOWN;
  return dateFormat({ hour: "2-digit", minute: "2-digit", second: "2-digit" })
    .format(at);
}

/** Writes a time of day with milliseconds: `12:03:22.041`. */
export function formatTimeMs(at: number): string {
  return `${formatTime(at)}.${String(Math.floor(at % 1_000)).padStart(3, "0")}`;
}

/** Writes a day in the zone of the page: `2026-05-01`. */
export function formatDay(at: number): string {
  if (zone === "UTC") return formatUtcDay(at);
  const parts = Object.fromEntries(
    dateFormat({ year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
}

/** Writes day and time in the zone of the page: `2026-05-01 12:03:22`. */
export function formatDateTime(at: number | null): string {
  return at === null ? UNKNOWN : `${formatDay(at)} ${formatTime(at)}`;
}

/** Writes a day of a market, which is always one in UTC. */
export function formatUtcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Writes day and time of a candle, which are always in UTC, as on the chart. */
export function formatUtcDateTime(at: number | null): string {
  return at === null
    ? UNKNOWN
    : new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** Writes a count with its noun: `1 agent`, `3 agents`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** −1, 0 or +1: the sign of a decimal text, or null where it is unknown. */
export function signOf(value: DecimalText | number | null): -1 | 0 | 1 | null {
  if (value === null) return null;
  const amount = decimal(value);
  return amount.gt(ZERO) ? 1 : amount.lt(ZERO) ? -1 : 0;
}

/** Adds decimal texts exactly. */
export function sumDecimals(values: readonly DecimalText[]): DecimalText {
  return toDecimalText(
    values.reduce((sum, value) => sum.plus(decimal(value)), ZERO),
  );
}

/** What `part` is of `whole` in percent, or null where that has no meaning. */
export function percentOf(
  part: DecimalText | null,
  whole: DecimalText | null,
): number | null {
  if (part === null || whole === null) return null;
  const base = decimal(whole);
  return base.gt(ZERO)
    ? Number(decimal(part).times(100).div(base).toFixed(6))
    : null;
}

/** Day result in percent of the equity at the start of the day. */
export function dayPercent(
  dayPnl: DecimalText | null,
  equity: DecimalText | null,
): number | null {
  if (dayPnl === null || equity === null) return null;
  return percentOf(
    dayPnl,
    toDecimalText(decimal(equity).minus(decimal(dayPnl))),
  );
}

/** The quote currency of a market: `USDT` of `BTC/USDT`. */
export function quoteOf(symbol: string): string {
  return symbol.split("/")[1] ?? "";
}

/** Short names of the months, January first. */
export const MONTH_NAMES = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
] as const;
