/**
 * Finds out how a file of candles is written: its separator, and which column
 * holds what.
 *
 * @module
 */
import { parseCsvNumber } from "../candle_csv_format.ts";
import { parseTime } from "./csv_time.ts";

/** Where the parts of a candle are in a line. */
export interface CsvDialect {
  separator: string;
  /** Column of the time; with `clock` the column of the day. */
  time: number;
  /** Column of the time of day, where a file has it apart. */
  clock: number | null;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Null where the file has no volume. */
  volume: number | null;
  symbol: number | null;
  /** Names of the columns; null where the file has no line of names. */
  names: readonly string[] | null;
}

const SEPARATORS = [",", ";", "\t", "|"] as const;

/** Names of the time column, the surest first. */
const TIME_NAMES = [
  "timestamp_ms",
  "open_time",
  "opentime",
  "unix",
  "unix_timestamp",
  "timestamp",
  "epoch",
  "datetime",
  "date_time",
  "gmt_time",
  "utc_time",
  "utc",
  "time",
  "date",
  "t",
];
const PRICE_NAMES = {
  open: ["open", "open_price", "o"],
  high: ["high", "high_price", "h"],
  low: ["low", "low_price", "l"],
  close: ["close", "close_price", "close_last", "last", "c"],
} as const;
const VOLUME_NAMES = ["volume", "vol", "base_volume", "v"];
const SYMBOL_NAMES = ["symbol", "pair", "ticker", "market"];

/** Cells of a line, trimmed and without quotes. */
export function splitLine(line: string, separator: string): string[] {
  if (!line.includes('"')) {
    return line.split(separator).map((cell) => cell.trim());
  }
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

/**
 * The dialect that a line of column names tells, or null if it names no time
 * and prices. Of several volumes the one of the market's base is taken: of
 * BTC/USDT, also written BTCUSDT, that of BTC.
 */
export function dialectOfNames(
  line: string,
  symbol: string | null,
): CsvDialect | null {
  for (const separator of SEPARATORS) {
    const names = splitLine(line, separator);
    const plain = names.map(plainName);
    const find = (wanted: readonly string[]) => {
      const found = wanted.find((name) => plain.includes(name));
      return found === undefined ? null : plain.indexOf(found);
    };
    const time = find(TIME_NAMES);
    const open = find(PRICE_NAMES.open);
    const high = find(PRICE_NAMES.high);
    const low = find(PRICE_NAMES.low);
    const close = find(PRICE_NAMES.close);
    if (
      time === null || open === null || high === null || low === null ||
      close === null
    ) continue;
    const day = plain.indexOf("date");
    const hasClock = plain[time] === "time" && day !== -1;
    return {
      separator,
      time: hasClock ? day : time,
      clock: hasClock ? time : null,
      open,
      high,
      low,
      close,
      volume: find(VOLUME_NAMES) ?? volumeColumn(plain, symbol),
      symbol: find(SYMBOL_NAMES),
      names,
    };
  }
  return null;
}

/** The usual order, if a line without names before it is one of numbers: time, open, high, low, close, volume. */
export function dialectOfNumbers(line: string): CsvDialect | null {
  for (const separator of SEPARATORS) {
    const cells = splitLine(line, separator);
    const numbers = cells.slice(1, 6).filter((cell) =>
      !Number.isNaN(parseCsvNumber(cell))
    );
    if (numbers.length < 4 || parseTime(cells[0]!) === null) continue;
    return {
      separator,
      time: 0,
      clock: null,
      open: 1,
      high: 2,
      low: 3,
      close: 4,
      volume: numbers.length === 5 ? 5 : null,
      symbol: null,
      names: null,
    };
  }
  return null;
}

/** `<DATE>`, `1. open` and `Open Time` as `date`, `open` and `open_time`. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/^\d+\.\s*/, "")
    .replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
}

/** `Volume BTC` rather than `Volume USDT`, and neither the quote's volume nor a part of it. */
function volumeColumn(
  plain: readonly string[],
  symbol: string | null,
): number | null {
  const candidates = plain.filter((name) =>
    /(^|_)(tick)?vol(ume)?(_|$)|^tickvol/.test(name) &&
    !/quote|taker|buy|sell/.test(name)
  );
  const market = symbol?.toLowerCase() ?? "";
  const ofBase = candidates.find((name) =>
    name.split("_").some((word) =>
      !word.includes("vol") && market.startsWith(word)
    )
  );
  const found = ofBase ?? candidates[0];
  return found === undefined ? null : plain.indexOf(found);
}
