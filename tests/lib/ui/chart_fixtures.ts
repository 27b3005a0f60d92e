import type { Candle } from "../../../lib/contracts/candle.ts";
import type { ChartResponse, ZoneView } from "../../../lib/contracts/chart.ts";

export function candle(seq: number, change: Partial<Candle> = {}): Candle {
  return {
    seq,
    openAt: seq * 60_000,
    open: 100,
    high: 101,
    low: 99,
    close: 100,
    volume: 1,
    ...change,
  };
}

export function chart(
  seqs: readonly number[],
  change: Partial<ChartResponse> = {},
): ChartResponse {
  return {
    simulated: true,
    candles: seqs.map((seq) => candle(seq)),
    overlays: { zones: [], structure: [], sweeps: [], swings: [] },
    decisions: [],
    trades: [],
    equity: [],
    ...change,
  };
}

/** A bullish gap around candle 5 of {@link candle}. */
export function zone(change: Partial<ZoneView> = {}): ZoneView {
  return {
    id: "z",
    kind: "fvg",
    bias: 1,
    top: 102,
    bottom: 100,
    fromAt: 300_000,
    toAt: null,
    state: "fresh",
    createdAt: 360_000,
    touchedAt: null,
    endedBy: null,
    displaced: null,
    ...change,
  };
}
