/**
 * Rows a second of each reference indicator over a short and a long history: a
 * cost that grows with the rows alone gives figures of one order. Run alone it
 * prints one line of JSON a figure.
 *
 * @module
 */
import {
  type CandleColumns,
  computeReference,
  REFERENCE_INDICATORS,
  type ReferenceIndicator,
  SESSION_WINDOWS,
} from "../../agents/mod.ts";
import { createRng } from "../../lib/core/rng.ts";
import type { ThroughputFigure } from "./smc_bench.ts";

/** A year of quarter hours, and two years of minutes. */
const SIZES = [["24k", 24_000], ["1M", 1_000_000]] as const;

/** Runs of one figure, the first of which only warms up. */
const RUNS = { "24k": 21, "1M": 4 } as const;

const OPTIONS = {
  swingLength: 5,
  joinConsecutive: false,
  closeBreak: true,
  closeMitigation: false,
  rangePercent: 0.01,
  period: { unit: "day", count: 1 },
  window: SESSION_WINDOWS["London"]!,
  shiftMinutes: 0,
} as const;

/** Measures all indicators on seeded random walks of one-minute candles. */
export function benchReference(): readonly ThroughputFigure[] {
  return SIZES.flatMap(([name, rows]) => {
    const candles = walk(rows);
    return REFERENCE_INDICATORS.map((indicator) => ({
      name: `smc.reference.${indicator}.${name}`,
      unit: "rows/s",
      n: RUNS[name] - 1,
      value: rowsPerSecond(indicator, candles, RUNS[name]),
    }));
  });
}

/** Median of all runs but the first. */
function rowsPerSecond(
  indicator: ReferenceIndicator,
  candles: CandleColumns,
  runs: number,
): number {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) {
    const startMs = performance.now();
    computeReference(indicator, candles, OPTIONS);
    values.push(
      candles.openAt.length * 1_000 / (performance.now() - startMs),
    );
  }
  const measured = values.slice(1).sort((a, b) => a - b);
  return Math.round(measured[measured.length >> 1]!);
}

/** A walk without a pull to its start, so that levels far back stay unbroken. */
function walk(rows: number): CandleColumns {
  const rng = createRng(1);
  const column = () => new Float64Array(rows);
  const candles = {
    openAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 100_000;
  for (let row = 0; row < rows; row++) {
    const open = price;
    price = Math.max(1, price + (rng.next() + rng.next() - 1) * 20);
    candles.openAt[row] = row * 60_000;
    candles.open[row] = open;
    candles.close[row] = price;
    candles.high[row] = Math.max(open, price) + rng.next() * 5;
    candles.low[row] = Math.max(0.5, Math.min(open, price) - rng.next() * 5);
    candles.volume[row] = rng.next();
  }
  return candles;
}

if (import.meta.main) {
  for (const figure of benchReference()) {
    // deno-lint-ignore no-console -- a benchmark prints its figures
    console.log(JSON.stringify(figure));
  }
}
