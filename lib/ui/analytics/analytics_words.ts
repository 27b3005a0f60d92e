import type { Breakdown, TradeGroup } from "../../contracts/analytics.ts";
import { strategyShort } from "../strategy_words.ts";

/** What people are told of a breakdown. */
export interface BreakdownWords {
  title: string;
  /** Head of the first column. */
  head: string;
  /** What to know of the groups. */
  note: string;
}

/** The breakdowns as a page has them. */
export const BREAKDOWN_WORDS: Readonly<Record<Breakdown, BreakdownWords>> = {
  strategy: {
    title: "Strategy",
    head: "Strategy",
    note: "What opened the trade; of an executor, the strategy of the signal.",
  },
  symbol: { title: "Market", head: "Market", note: "" },
  agent: { title: "Agent", head: "Agent", note: "" },
  trend: {
    title: "Trend at the decision",
    head: "Trend",
    note:
      "ADX of 14 candles: from 25 a trend, below 20 a range, mixed between them.",
  },
  volatility: {
    title: "Volatility at the decision",
    head: "Volatility",
    note:
      "ATR of 14 candles among its last 200: low in the lowest quarter, high in the highest.",
  },
  hour: {
    title: "Hour of the entry",
    head: "Hour",
    note: "In your time zone.",
  },
  weekday: {
    title: "Weekday of the entry",
    head: "Weekday",
    note: "In your time zone.",
  },
  exit: { title: "Exit", head: "Ended by", note: "" },
  holding: { title: "Time in the market", head: "Held for", note: "" },
};

const TREND_WORDS: Readonly<Record<string, string>> = {
  up: "Trend up",
  down: "Trend down",
  mixed: "Mixed",
  range: "Range",
};

const VOLATILITY_WORDS: Readonly<Record<string, string>> = {
  low: "Low",
  normal: "Normal",
  high: "High",
};

const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

const EXIT_WORDS: Readonly<Record<string, string>> = {
  stop: "Stop",
  target: "Target",
  close: "Closed at the market",
  entry: "An entry the other way",
};

const HOLDING_WORDS: Readonly<Record<string, string>> = {
  under_15m: "Under 15 min",
  "15m_1h": "15 min to 1 h",
  "1h_4h": "1 h to 4 h",
  "4h_1d": "4 h to 1 day",
  "1d_7d": "1 to 7 days",
  from_7d: "7 days and more",
};

/** What the trades have in common of which it is not known. */
export const UNKNOWN_GROUP = "Unknown";

/** The name of a group; what this version does not know is shown as it is. */
export function groupName(
  by: Breakdown,
  { key, name }: Pick<TradeGroup, "key" | "name">,
): string {
  if (key === null) return UNKNOWN_GROUP;
  switch (by) {
    case "strategy":
      return strategyShort(key);
    case "trend":
      return TREND_WORDS[key] ?? key;
    case "volatility":
      return VOLATILITY_WORDS[key] ?? key;
    case "hour": {
      const hour = key.padStart(2, "0");
      return `${hour}:00–${hour}:59`;
    }
    case "weekday":
      return WEEKDAYS[Number(key)] ?? key;
    case "exit":
      return EXIT_WORDS[key] ?? key;
    case "holding":
      return HOLDING_WORDS[key] ?? key;
    case "symbol":
    case "agent":
      return name ?? key;
  }
}
