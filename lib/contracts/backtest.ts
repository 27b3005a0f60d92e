import * as z from "zod";
import { agentConfigSchema } from "./agent_config.ts";
import type { BacktestReport, BacktestSummary } from "./backtest_report.ts";
import { candleFileName } from "./feed.ts";
import { integerInRange } from "./primitives.ts";

/** Candles that a backtest runs over. Times are ISO 8601; both ends included. */
export const backtestDataSchema = z.discriminatedUnion("kind", [
  /** A file of the candle folder, or a part of it. */
  z.strictObject({
    kind: z.literal("file"),
    file: candleFileName,
    /** Candles of the second market, for the pairs strategy. */
    hedgeFile: candleFileName.optional(),
    from: z.iso.datetime({ offset: true }).nullable().default(null),
    to: z.iso.datetime({ offset: true }).nullable().default(null),
  }),
  /** The seeded simulated market of the configuration's symbol and timeframe. */
  z.strictObject({
    kind: z.literal("simulated"),
    candles: integerInRange(100, 1_000_000, "candles"),
    seed: integerInRange(0, 2_147_483_647, "").default(1),
  }),
]);
export type BacktestData = z.infer<typeof backtestDataSchema>;

/** What the better of two parameter sets has more of. */
export const OBJECTIVES = [
  "sharpe",
  "sortino",
  "calmar",
  "netPnl",
  "profitFactor",
  "expectancyR",
] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** Most parameter sets of one study; a larger grid is refused with its size. */
export const GRID_SETS_MAX = 2_000;

/** Values to try, by dotted path of the configuration, for instance `strategies.fvg.minGapAtr`. */
const gridSchema = z.record(
  z.string().regex(
    /^[a-zA-Z]+(\.[a-zA-Z]+)*$/,
    "Name a setting by its path, for instance strategies.fvg.minGapAtr",
  ),
  z.array(z.union([z.number(), z.string(), z.boolean()])).min(1).max(200),
);
export type ParameterGrid = z.infer<typeof gridSchema>;

/** What is done with the candles. */
export const studySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("single") }),
  /** One run for every combination of the grid. */
  z.strictObject({
    kind: z.literal("sweep"),
    grid: gridSchema,
    objective: z.enum(OBJECTIVES).default("sharpe"),
  }),
  /**
   * Rolling folds: the best set of each training part is traded on the test
   * part that follows it, which it has not seen; the tests are joined into one result.
   */
  z.strictObject({
    kind: z.literal("walk_forward"),
    grid: gridSchema,
    objective: z.enum(OBJECTIVES).default("sharpe"),
    folds: integerInRange(2, 50, "folds").default(5),
    /** Part of each fold that is training, in percent. */
    trainPct: integerInRange(50, 95, "percent").default(75),
  }),
]);
export type Study = z.infer<typeof studySchema>;

/** `POST /api/backtests`, and what the command line makes of its options. */
export const backtestRequestSchema = z.strictObject({
  /** Template that the configuration was made from, for the label only. */
  template: z.string().max(60).nullable().default(null),
  /** The agent; its name is the run's label, its feed and mode are not used. */
  config: agentConfigSchema,
  data: backtestDataSchema,
  study: studySchema.default({ kind: "single" }),
  /** Reruns on truncated data, which must agree. */
  lookAheadCheck: z.boolean().default(true),
  /** Orders in which the trades are drawn anew; 0 leaves it out. */
  monteCarloRuns: integerInRange(0, 10_000, "runs").default(1_000),
  /** Runs with random entries and the same stops; 0 leaves them out. */
  randomEntryRuns: integerInRange(0, 200, "runs").default(20),
});
export type BacktestRequest = z.infer<typeof backtestRequestSchema>;
export type BacktestRequestInput = z.input<typeof backtestRequestSchema>;

/** Where a run stands. The last three are final. */
export const BACKTEST_STATES = [
  "queued",
  "running",
  "done",
  "failed",
  "canceled",
] as const;
export type BacktestState = (typeof BACKTEST_STATES)[number];

/** How far a run is. */
export interface BacktestProgress {
  /** What is being done, in one or two words: "backtest", "sweep", "random entries". */
  phase: string;
  /** Part of the whole run, 0 to 1. */
  share: number;
  candlesPerSecond: number | null;
}

/** A run in a list. */
export interface BacktestView {
  /** `bt_` + ULID. */
  id: string;
  ownerId: string;
  /** E-mail address of the owner. Absent in what older builds have stored. */
  ownerEmail?: string;
  label: string;
  /** The process that carries it out; left out where there is only one. */
  host?: string;
  request: BacktestRequest;
  state: BacktestState;
  progress: BacktestProgress;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** One sentence: why it failed or who canceled it. */
  detail: string | null;
  summary: BacktestSummary | null;
}

/** `GET /api/backtests/{id}`. */
export interface BacktestDetail extends BacktestView {
  /** Null until the run is done. */
  report: BacktestReport | null;
}
