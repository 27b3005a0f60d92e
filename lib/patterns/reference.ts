import {
  type CandleColumns,
  computeReference,
  type ReferenceIndicator,
  type ReferenceOptions,
} from "../../agents/mod.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { toLines } from "./csv.ts";

/** The lines of a reference indicator over all candles of a file. */
export function referenceLines(
  candles: CandleSeries,
  { indicator, options }: {
    indicator: ReferenceIndicator;
    options: ReferenceOptions;
  },
): Iterable<string> {
  const columns: CandleColumns = {
    openAt: candles.column("openAt"),
    open: candles.column("open"),
    high: candles.column("high"),
    low: candles.column("low"),
    close: candles.column("close"),
    volume: candles.column("volume"),
  };
  return toLines(computeReference(indicator, columns, options));
}
