/**
 * What somebody chose to see on a chart. Timeframe and range are of the page,
 * so its address holds them; the overlays are of the person, so the browser
 * keeps them for every chart.
 *
 * @module
 */
import { type Timeframe, TIMEFRAMES } from "../../contracts/candle.ts";
import type { TextStorage } from "../fleet/saved_views.ts";
import { timeframesFrom } from "./chart_frame.ts";

/** Which kinds of overlay are shown. */
export interface ChartToggles {
  orderBlocks: boolean;
  gaps: boolean;
  structure: boolean;
  sweeps: boolean;
  trades: boolean;
  decisions: boolean;
}

/** The kinds of overlay in the order of their buttons. */
export const TOGGLES: readonly {
  key: keyof ChartToggles;
  label: string;
  hint: string;
}[] = [
  {
    key: "orderBlocks",
    label: "OB",
    hint: "Order blocks: solid boxes, outlines once they have ended",
  },
  {
    key: "gaps",
    label: "FVG",
    hint: "Fair value gaps: dashed boxes with a middle line",
  },
  { key: "structure", label: "Structure", hint: "BOS solid, CHoCH dashed" },
  {
    key: "sweeps",
    label: "Sweeps",
    hint: "Liquidity sweeps: a ring at the wick",
  },
  {
    key: "trades",
    label: "Trades",
    hint: "Entries and exits with their result in R",
  },
  {
    key: "decisions",
    label: "Decisions",
    hint: "Every decision with its outcome",
  },
];

/** What is shown while nobody has chosen. */
export const DEFAULT_TOGGLES: ChartToggles = {
  orderBlocks: true,
  gaps: true,
  structure: true,
  sweeps: true,
  trades: true,
  decisions: false,
};

/** Nothing but candles. */
export const NO_TOGGLES: ChartToggles = {
  orderBlocks: false,
  gaps: false,
  structure: false,
  sweeps: false,
  trades: false,
  decisions: false,
};

const HOUR_MS = 3_600_000;

/** How much is in view: `latest` as many candles as can be read well. */
export const RANGES = [
  { key: "latest", label: "Latest", ms: 0 },
  { key: "6h", label: "6 hours", ms: 6 * HOUR_MS },
  { key: "1d", label: "1 day", ms: 24 * HOUR_MS },
  { key: "1w", label: "1 week", ms: 7 * 24 * HOUR_MS },
  { key: "all", label: "All", ms: Infinity },
] as const;

/** A range that can be chosen. */
export type ChartRangeKey = (typeof RANGES)[number]["key"];

/** Length of a range; 0 for the latest candles. */
export function rangeMsOf(range: ChartRangeKey): number {
  return RANGES.find(({ key }) => key === range)!.ms;
}

/** What is chosen for one page. */
export interface ChartChoice {
  timeframe: Timeframe;
  range: ChartRangeKey;
}

/** The choice that an address holds; what it does not say, or says wrong, is as if nobody had chosen. */
export function readChoice(
  search: URLSearchParams,
  own: Timeframe,
): ChartChoice {
  const timeframe = TIMEFRAMES.find((each) => each === search.get("timeframe"));
  return {
    timeframe:
      timeframe !== undefined && timeframesFrom(own).includes(timeframe)
        ? timeframe
        : own,
    range: RANGES.find(({ key }) => key === search.get("range"))?.key ??
      "latest",
  };
}

/** The query of an address with a choice; the rest of it stays. */
export function writeChoice(
  search: URLSearchParams,
  { timeframe, range, own }: ChartChoice & { own: Timeframe },
): string {
  const next = new URLSearchParams(search);
  if (timeframe === own) next.delete("timeframe");
  else next.set("timeframe", timeframe);
  if (range === "latest") next.delete("range");
  else next.set("range", range);
  const text = next.toString();
  return text === "" ? "" : `?${text}`;
}

/** Puts a choice into the address of the page. */
export function keepChoice(choice: ChartChoice & { own: Timeframe }): void {
  const query = writeChoice(new URLSearchParams(location.search), choice);
  history.replaceState(null, "", location.pathname + query + location.hash);
}

const TOGGLES_KEY = "smc.chart.overlays";

/** The overlays that this browser shows. */
export function loadToggles(
  storage: Pick<TextStorage, "getItem">,
): ChartToggles {
  try {
    const kept: unknown = JSON.parse(storage.getItem(TOGGLES_KEY) ?? "[]");
    const toggles = { ...DEFAULT_TOGGLES };
    for (const { key } of TOGGLES) {
      const value = (kept as Partial<ChartToggles> | null)?.[key];
      if (typeof value === "boolean") toggles[key] = value;
    }
    return toggles;
  } catch {
    // Storage may be switched off, or hold what another version wrote.
    return DEFAULT_TOGGLES;
  }
}

/** Keeps them. */
export function saveToggles(
  storage: Pick<TextStorage, "setItem">,
  toggles: ChartToggles,
): void {
  try {
    storage.setItem(TOGGLES_KEY, JSON.stringify(toggles));
  } catch {
    // They hold for this page alone.
  }
}
