/**
 * The columns of the fleet table: which there are, in which order they stand,
 * and which of them a person has hidden. Pure.
 *
 * @module
 */
import type { SortKey } from "./sorting.ts";

/** What a column is called and how it is sorted. */
export interface Column {
  label: string;
  /** In the head, where it is narrower. */
  short?: string;
  sort: SortKey | null;
  css: string;
}

/** Every column that can be chosen, in the order of a fresh table. */
export const COLUMNS = {
  type: { label: "Type", sort: "type", css: "cell-type" },
  market: { label: "Market", sort: "symbol", css: "cell-market" },
  mode: { label: "Mode", sort: "mode", css: "cell-mode" },
  dayPnl: { label: "Day P&L", sort: "dayPnl", css: "cell-num" },
  drawdown: { label: "Drawdown", sort: "drawdown", css: "cell-num" },
  winRate: {
    label: "Win rate",
    short: "Win",
    sort: "winRate",
    css: "cell-num cell-minor",
  },
  trades: { label: "Trades", sort: "trades", css: "cell-num" },
  latency: {
    label: "Candle time p99",
    short: "p99",
    sort: "latency",
    css: "cell-num cell-minor",
  },
  mailbox: {
    label: "Mailbox depth",
    short: "Mailbox",
    sort: "mailbox",
    css: "cell-num cell-minor",
  },
  equity: { label: "Equity", sort: "equity", css: "cell-num" },
  curve: {
    label: "Equity curve",
    short: "Curve",
    sort: null,
    css: "cell-spark cell-minor",
  },
  host: { label: "Host", sort: null, css: "cell-host" },
} as const satisfies Record<string, Column>;
export type ColumnId = keyof typeof COLUMNS;

/** All columns in their first order. */
export const ALL_COLUMNS = Object.keys(COLUMNS) as readonly ColumnId[];

/** Those that a fresh table shows: on most installations there is one host. */
export const FIRST_COLUMNS = ALL_COLUMNS.filter((id) => id !== "host");

/** Columns that stand in every table: check box, state, name; actions. */
const FIXED_COLUMNS = 4;

/** How many cells a row has. */
export function cellCount(shown: readonly ColumnId[]): number {
  return FIXED_COLUMNS + shown.length;
}

/** A column by its id. */
export function columnOf(id: ColumnId): Column {
  return COLUMNS[id];
}

/** The columns that a stored list names; what is unknown or named twice is left out. */
export function readColumns(stored: unknown): readonly ColumnId[] | null {
  if (!Array.isArray(stored)) return null;
  const known = stored.filter((id): id is ColumnId =>
    typeof id === "string" && Object.hasOwn(COLUMNS, id)
  );
  return [...new Set(known)];
}

/** Shows or hides a column; one that is shown comes to its place of the first order. */
export function toggleColumn(
  shown: readonly ColumnId[],
  id: ColumnId,
): readonly ColumnId[] {
  if (shown.includes(id)) return shown.filter((other) => other !== id);
  const rank = ALL_COLUMNS.indexOf(id);
  const place = shown.findIndex((other) => ALL_COLUMNS.indexOf(other) > rank);
  return place < 0 ? [...shown, id] : shown.toSpliced(place, 0, id);
}

/** Moves a shown column one place to the front (−1) or the back (+1). */
export function moveColumn(
  shown: readonly ColumnId[],
  id: ColumnId,
  by: -1 | 1,
): readonly ColumnId[] {
  const from = shown.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= shown.length) return shown;
  return shown.toSpliced(from, 1).toSpliced(to, 0, id);
}
