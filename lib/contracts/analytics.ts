/**
 * What closed trades came to, broken down by what they have in common. Money is
 * decimal text in one quote currency and one mode: simulated and real money are
 * never in one figure, and neither are two currencies. Unknown is null.
 *
 * @module
 */
import * as z from "zod";
import type { DecimalText } from "../core/decimal.ts";
import { isTimeZone, MAX_ZONE_LENGTH } from "./preference_values.ts";
import type { EpochMs } from "./primitives.ts";

/** What trades are grouped by, in the order of the page. */
export const BREAKDOWNS = [
  "strategy",
  "symbol",
  "agent",
  "trend",
  "volatility",
  "hour",
  "weekday",
  "exit",
  "holding",
] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/** Times in the market, shortest first: name, and from how many milliseconds on. */
export const HOLDINGS = [
  { key: "under_15m", fromMs: 0 },
  { key: "15m_1h", fromMs: 15 * 60_000 },
  { key: "1h_4h", fromMs: 60 * 60_000 },
  { key: "4h_1d", fromMs: 4 * 60 * 60_000 },
  { key: "1d_7d", fromMs: 24 * 60 * 60_000 },
  { key: "from_7d", fromMs: 7 * 24 * 60 * 60_000 },
] as const;

/** With fewer trades a group says nothing: its figures are as good as chance. */
export const TELLING_TRADES = 30;

/** Days that two agents must both have traded in for a correlation. */
export const TELLING_DAYS = 20;

/** The figures of some trades. */
export interface TradeFigures {
  trades: number;
  /** Trades with a net result above zero. */
  wins: number;
  winRatePct: number | null;
  /** Wilson interval of the win rate at 95 %. */
  winRateLowPct: number | null;
  winRateHighPct: number | null;
  /** After fees and funding. */
  netPnl: DecimalText;
  fees: DecimalText;
  /** Sum of the gains over the sum of the losses; null without a loss. */
  profitFactor: number | null;
  /** Mean result as a multiple of the money at risk. */
  expectancyR: number | null;
  averageHoldMs: number | null;
  /** Whether there are fewer than `TELLING_TRADES`. */
  isTooFew: boolean;
}

/** Trades that have something in common. */
export interface TradeGroup extends TradeFigures {
  /** What they have in common; null where that is not known. */
  key: string | null;
  /** The same for people, where the key is an id. */
  name?: string;
}

/** How alike the daily results of two agents are. */
export interface DailyCorrelation {
  one: string;
  other: string;
  /** Days between the first and the last trade that both have. */
  days: number;
  /** Pearson's coefficient, −1 to 1; null with too few days, or where one of them never changes. */
  coefficient: number | null;
}

/** `GET /api/analytics`. */
export interface AnalyticsResponse {
  mode: "paper" | "live";
  /** Whether the trades are simulated: all of one mode are alike. */
  simulated: boolean;
  /** Null where there is no trade. */
  currency: string | null;
  /** Currencies that there are trades in, most trades first: only one is in the figures. */
  currencies: readonly { currency: string; trades: number }[];
  /** Zone of days and hours. */
  timeZone: string;
  /** Agents in the figures. */
  agents: readonly { id: string; name: string; trades: number }[];
  /** Agents whose trades could not be read, with the reason: they are in no figure. */
  missing: readonly { id: string; name: string; detail: string }[];
  total: TradeFigures;
  breakdowns: readonly { by: Breakdown; groups: readonly TradeGroup[] }[];
  /** Of the agents with the most trades, two by two. */
  correlations: readonly DailyCorrelation[];
  at: EpochMs;
}

const day = z.string().regex(
  /^\d{4}-\d{2}-\d{2}$/,
  "Give a day such as 2026-01-31",
).refine(
  (text) => {
    const at = Date.parse(`${text}T00:00:00Z`);
    return Number.isFinite(at) &&
      new Date(at).toISOString().startsWith(text);
  },
  "There is no such day",
);

/** Most agents that may be named. */
export const CHOSEN_AGENTS_MAX = 100;

/** What trades are wanted. */
export const analyticsQuerySchema = z.strictObject({
  mode: z.enum(["paper", "live"], { error: "Choose a mode: paper or live" })
    .default("paper"),
  /** Ids of agents and of teams, separated by commas; left out for all. */
  agents: z.string().max(4_000).transform((text) =>
    text.split(",").map((id) => id.trim()).filter((id) => id !== "")
  ).pipe(
    z.array(z.string()).max(
      CHOSEN_AGENTS_MAX,
      `Name at most ${CHOSEN_AGENTS_MAX} agents`,
    ),
  ).optional(),
  /** First and last day of the closes, both included, in `timeZone`. */
  from: day.optional(),
  to: day.optional(),
  /** Quote currency; left out for the one with the most trades. */
  currency: z.string().regex(/^[A-Z0-9]{1,20}$/, "Name a currency such as USDT")
    .optional(),
  timeZone: z.string().max(MAX_ZONE_LENGTH).refine(
    isTimeZone,
    "Choose a time zone by its name such as Europe/Berlin",
  ).default("UTC"),
});
export type AnalyticsQuery = z.infer<typeof analyticsQuerySchema>;
