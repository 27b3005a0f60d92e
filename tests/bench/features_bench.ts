/**
 * Compute time of the decision engine's features, per candle and on top of the
 * detectors. Run alone it prints one line of JSON a figure.
 *
 * @module
 */
import { FeatureStream } from "../../agents/decision/features.ts";
import {
  packCandles,
  type PackedCandles,
} from "../../agents/market/candle_batch.ts";
import { DetectorSet } from "../../agents/smc/detector_set.ts";
import { randomWalk } from "../agents/fixtures/candles.ts";
import { loadMarketData } from "../agents/fixtures/market_data.ts";
import { DETECTOR } from "../agents/fixtures/run_detectors.ts";
import type { LatencyFigure } from "./smc_bench.ts";

/** Measures on real five-minute candles, or on a seeded random walk where they are absent. */
export async function benchFeatures(): Promise<LatencyFigure> {
  const batch = await loadMarketData("btcusd-5m-bitfinex-2019.csv.gz") ??
    packCandles(randomWalk({ seed: 1, count: 104_849 }));
  // The first pass only warms up.
  stepTimes(batch);
  const times = stepTimes(batch).sort();
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return {
    name: "ml.features",
    unit: "ms",
    n: times.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

/** Time of the features of each single candle, the clock's own time included. */
function stepTimes(batch: PackedCandles): Float64Array {
  const detectors = new DetectorSet(DETECTOR);
  const stream = new FeatureStream(detectors);
  const times = new Float64Array(batch.count);
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
    const startMs = performance.now();
    stream.step();
    times[index] = performance.now() - startMs;
  }
  return times;
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- a benchmark prints its figures
  console.log(JSON.stringify(await benchFeatures()));
}
