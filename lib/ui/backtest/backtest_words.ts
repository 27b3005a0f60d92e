import type {
  BacktestState,
  BacktestView,
  Objective,
  Study,
} from "../../contracts/backtest.ts";
import { formatCount, formatPercent, plural } from "../format.ts";
import type { Owned } from "../roles.ts";
import type { StateWord } from "../words.ts";

/** Whose a run is, as the rules of the panel ask. */
export function ownedRun(
  { ownerId, ownerEmail }: Pick<BacktestView, "ownerId" | "ownerEmail">,
): Owned {
  return { owner: { id: ownerId, email: ownerEmail ?? null } };
}

/** How the states of a run look and read. */
export const RUN_WORDS: Readonly<Record<BacktestState, StateWord>> = {
  queued: {
    glyph: "ring",
    word: "Waiting",
    tone: "muted",
    meaning: "Runs before it are carried out first",
  },
  running: {
    glyph: "half",
    word: "Running",
    tone: "info",
    meaning: "The run is being carried out",
  },
  done: {
    glyph: "check",
    word: "Done",
    tone: "ok",
    meaning: "The run has ended; this says nothing about its result",
  },
  failed: {
    glyph: "cross",
    word: "Failed",
    tone: "danger",
    meaning: "The run ended without a result",
  },
  canceled: {
    glyph: "stop",
    word: "Canceled",
    tone: "muted",
    meaning: "Somebody ended the run; it has no result",
  },
};

/** Kinds of study. */
export const STUDY_WORDS: Readonly<Record<Study["kind"], string>> = {
  single: "Single run",
  sweep: "Parameter sweep",
  walk_forward: "Walk-forward",
};

/** What the better of two parameter sets has more of. */
export const OBJECTIVE_WORDS: Readonly<Record<Objective, string>> = {
  sharpe: "Sharpe ratio",
  sortino: "Sortino ratio",
  calmar: "Calmar ratio",
  netPnl: "Net result",
  profitFactor: "Profit factor",
  expectancyR: "Expectancy (R)",
};

/** What a run is made over, in a few words. */
export function dataWord({ request: { data } }: BacktestView): string {
  return data.kind === "file"
    ? data.file
    : `simulated, ${plural(data.candles, "candle")}`;
}

/** How far a run is, in words. */
export function progressWord({ progress, state }: BacktestView): string {
  if (state === "queued") return "Waits for the runs before it";
  const { phase, share, candlesPerSecond } = progress;
  const speed = candlesPerSecond === null
    ? ""
    : ` · ${formatCount(Math.round(candlesPerSecond))} candles/s`;
  return `${phase} ${
    formatPercent(Math.floor(share * 100), { digits: 0 })
  }${speed}`;
}

/** Whether a run has ended. */
export function hasEnded({ state }: Pick<BacktestView, "state">): boolean {
  return state !== "queued" && state !== "running";
}

/** Writes the values of a parameter set: `minGapAtr 0.5, leverage 2`. */
export function valuesWord(
  values: Readonly<Record<string, number | string | boolean>>,
): string {
  return Object.entries(values).map(([path, value]) =>
    `${path.split(".").at(-1)} ${value}`
  ).join(", ");
}
