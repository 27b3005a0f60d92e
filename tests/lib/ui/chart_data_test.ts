import { deepEqual, equal, ok } from "node:assert/strict";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { ChartResponse } from "../../../lib/contracts/chart.ts";
import {
  describeChart,
  equityCurves,
  indexAt,
  mergeCharts,
} from "../../../lib/ui/agent/chart_data.ts";
import { isDebugOn } from "../../../lib/ui/client/debug.ts";

function candle(seq: number): Candle {
  return {
    seq,
    openAt: seq * 60_000,
    open: 100,
    high: 101,
    low: 99,
    close: 100,
    volume: 1,
  };
}

function chart(
  seqs: number[],
  change: Partial<ChartResponse> = {},
): ChartResponse {
  return {
    simulated: true,
    candles: seqs.map(candle),
    overlays: { zones: [], structure: [], sweeps: [], swings: [] },
    decisions: [],
    trades: [],
    equity: [],
    ...change,
  };
}

Deno.test("mergeCharts() joins candles without a double", () => {
  const merged = mergeCharts(chart([1, 2, 3]), chart([3, 4]));
  deepEqual(merged.candles.map(({ seq }) => seq), [1, 2, 3, 4]);
});

Deno.test("mergeCharts() takes the newer state of a zone", () => {
  const zone = {
    id: "z",
    kind: "fvg" as const,
    bias: 1 as const,
    top: 2,
    bottom: 1,
    fromAt: 0,
    toAt: null,
    state: "fresh" as const,
  };
  const overlays = chart([]).overlays;
  const merged = mergeCharts(
    chart([1], { overlays: { ...overlays, zones: [zone] } }),
    chart([2], {
      overlays: {
        ...overlays,
        zones: [{ ...zone, state: "ended", toAt: 120_000 }],
      },
    }),
  );
  deepEqual(merged.overlays.zones.map(({ state }) => state), ["ended"]);
});

Deno.test("indexAt() finds the candle that is open at a time", () => {
  const candles = [candle(1), candle(2), candle(3)];
  equal(indexAt(candles, 0), -1);
  equal(indexAt(candles, 119_999), 0);
  equal(indexAt(candles, 120_000), 1);
  equal(indexAt(candles, 9e9), 2);
});

Deno.test("equityCurves() counts what happened before the first candle", () => {
  const { equity, drawdown } = equityCurves([candle(5), candle(6), candle(7)], [
    { seq: 1, at: 0, equity: "200" },
    { seq: 2, at: 0, equity: "100" },
    { seq: 7, at: 0, equity: "90" },
  ]);
  deepEqual(equity, [{ time: 300, value: 100 }, { time: 420, value: 90 }]);
  deepEqual(drawdown.map(({ value }) => Math.round(value)), [-50, -55]);
});

Deno.test("equityCurves() has one point a candle", () => {
  const { equity } = equityCurves([candle(5), candle(6)], [
    { seq: 4, at: 0, equity: "1" },
    { seq: 5, at: 0, equity: "2" },
    { seq: 6, at: 0, equity: "3" },
  ]);
  deepEqual(equity.map(({ value }) => value), [2, 3]);
});

Deno.test("describeChart() stands for the picture", () => {
  equal(describeChart(chart([]), "BTC/USDT 1m"), "BTC/USDT 1m: no candle yet.");
  ok(
    describeChart(chart([1, 2]), "BTC/USDT 1m").includes(
      "2 candles from 1970-01-01 00:01:00",
    ),
  );
});

Deno.test("isDebugOn() understands names and patterns", () => {
  equal(isDebugOn("smc:*", "smc:stream"), true);
  equal(isDebugOn("smc:stream", "smc:stream"), true);
  equal(isDebugOn("other:*", "smc:stream"), false);
  equal(isDebugOn(null, "smc:stream"), false);
});
