/**
 * The reference indicators by name: the columns of
 * joshyattridge/smart-money-concepts v0.0.27, cell for cell, in time that grows
 * with the candles only. For charts and comparison, never for trading: see
 * docs/smc.md for the cells that look ahead.
 *
 * @module
 */
import { bosChoch } from "./bos_choch.ts";
import type {
  CandleColumns,
  ColumnFormat,
  ReferenceColumn,
} from "./columns.ts";
import { fairValueGaps } from "./fvg.ts";
import { liquidityPools } from "./liquidity.ts";
import { orderBlocks } from "./ob.ts";
import type { Period } from "./period.ts";
import { previousHighLow } from "./previous_high_low.ts";
import { retracements } from "./retracements.ts";
import { sessions, type SessionWindow } from "./sessions.ts";
import { type SwingColumns, swingHighsLows } from "./swing_highs_lows.ts";

/** Names of the reference indicators. */
export const REFERENCE_INDICATORS = [
  "swing_highs_lows",
  "fvg",
  "bos_choch",
  "ob",
  "liquidity",
  "previous_high_low",
  "sessions",
  "retracements",
] as const;

export type ReferenceIndicator = typeof REFERENCE_INDICATORS[number];

/** Settings of all indicators; each reads its own. */
export interface ReferenceOptions {
  swingLength: number;
  joinConsecutive: boolean;
  closeBreak: boolean;
  closeMitigation: boolean;
  rangePercent: number;
  period: Period;
  window: SessionWindow;
  shiftMinutes: number;
}

type Compute = (
  candles: CandleColumns,
  options: ReferenceOptions,
) => object;

interface Entry {
  /** Header and format of the columns, in order. */
  columns: readonly (readonly [name: string, format: ColumnFormat])[];
  compute: Compute;
}

/** An indicator that is computed from swings. */
function fromSwings<Options>(
  compute: (
    candles: CandleColumns,
    swings: SwingColumns,
    options: Options,
  ) => object,
): (candles: CandleColumns, options: Options & ReferenceOptions) => object {
  return (candles, options) =>
    compute(candles, swingHighsLows(candles, options), options);
}

const ENTRIES: Readonly<Record<ReferenceIndicator, Entry>> = {
  swing_highs_lows: {
    columns: [["HighLow", "float64"], ["Level", "float64"]],
    compute: swingHighsLows,
  },
  fvg: {
    columns: [
      ["FVG", "float64"],
      ["Top", "float64"],
      ["Bottom", "float64"],
      ["MitigatedIndex", "float64"],
    ],
    compute: fairValueGaps,
  },
  bos_choch: {
    columns: [
      ["BOS", "float64"],
      ["CHOCH", "float64"],
      ["Level", "float32"],
      ["BrokenIndex", "float64"],
    ],
    compute: fromSwings(bosChoch),
  },
  ob: {
    columns: [
      ["OB", "float64"],
      ["Top", "float32"],
      ["Bottom", "float32"],
      ["OBVolume", "float32"],
      ["MitigatedIndex", "float64"],
      ["Percentage", "float32"],
    ],
    compute: fromSwings(orderBlocks),
  },
  liquidity: {
    columns: [
      ["Liquidity", "float32"],
      ["Level", "float32"],
      ["End", "float32"],
      ["Swept", "float32"],
    ],
    compute: fromSwings(liquidityPools),
  },
  previous_high_low: {
    columns: [
      ["PreviousHigh", "float32"],
      ["PreviousLow", "float32"],
      ["BrokenHigh", "integer"],
      ["BrokenLow", "integer"],
    ],
    compute: previousHighLow,
  },
  sessions: {
    columns: [["Active", "integer"], ["High", "float32"], ["Low", "float32"]],
    compute: sessions,
  },
  retracements: {
    columns: [
      ["Direction", "integer"],
      ["CurrentRetracement%", "float64"],
      ["DeepestRetracement%", "float64"],
    ],
    compute: fromSwings(retracements),
  },
};

/**
 * Computes one indicator over a whole history.
 *
 * @returns Its columns in the order of the package, each as long as the candles.
 */
export function computeReference(
  indicator: ReferenceIndicator,
  candles: CandleColumns,
  options: ReferenceOptions,
): readonly ReferenceColumn[] {
  const { columns, compute } = ENTRIES[indicator];
  const values = compute(candles, options) as Record<string, Float64Array>;
  return columns.map(([name, format]) => ({
    name,
    format,
    values: values[name]!,
  }));
}
