/**
 * Compute time of the causal detectors and of a whole pattern detector agent,
 * per candle. Run alone it prints one line of JSON a figure.
 *
 * @module
 */
import { DetectorSet, patternDetector } from "../../agents/mod.ts";
import type { PackedCandles } from "../../agents/market/candle_batch.ts";
import { packCandles } from "../../agents/market/candle_batch.ts";
import { agentConfig } from "../agents/fixtures/agent_run.ts";
import { randomWalk } from "../agents/fixtures/candles.ts";
import { loadMarketData } from "../agents/fixtures/market_data.ts";
import { DETECTOR } from "../agents/fixtures/run_detectors.ts";

/** A latency as `deno task bench --json` prints it. */
export interface LatencyFigure {
  name: string;
  unit: "ms" | "us";
  n: number;
  p50: number;
  p99: number;
  max: number;
}

/** A throughput as `deno task bench --json` prints it; `value` is the median of the runs. */
export interface ThroughputFigure {
  name: string;
  unit: string;
  n: number;
  value: number;
}

const RUNS = 7;

/** Measures on real one-minute candles, or on a seeded random walk where they are absent. */
export async function benchSmc(): Promise<
  readonly (LatencyFigure | ThroughputFigure)[]
> {
  const batch = await loadMarketData("btcusd-1m-bitfinex-2019-05-07.csv.gz") ??
    packCandles(randomWalk({ seed: 1, count: 131_335 }));
  return [
    latency("smc.candle", batch),
    ...history(batch),
    throughput("smc.throughput", () => runDetectors(batch)),
    throughput("agent.throughput", () => runAgent(batch)),
  ];
}

/** Time of each single candle through all detectors, the clock's own time included; the first pass only warms up. */
function latency(name: string, batch: PackedCandles): LatencyFigure {
  runDetectors(batch);
  const detectors = new DetectorSet(DETECTOR);
  const times = new Float64Array(batch.count);
  for (let index = 0; index < batch.count; index++) {
    const startMs = performance.now();
    detectors.step(batch, index);
    times[index] = performance.now() - startMs;
  }
  times.sort();
  const at = (share: number) =>
    times[Math.min(batch.count - 1, Math.floor(share * batch.count))]!;
  return {
    name,
    unit: "ms",
    n: batch.count,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

/** Candles that are measured again and again, after ever longer histories. */
const TILE_CANDLES = 10_000;
const TILES = 100;

/**
 * Time of a candle after a short and after a long history: the same candles
 * over and over, so that only the history differs. Means of many candles,
 * because one takes less than the clock can tell.
 */
function history(batch: PackedCandles): ThroughputFigure[] {
  const tile = batch.packed.slice(0, TILE_CANDLES * 6);
  const spanMs = tile[(TILE_CANDLES - 1) * 6]! + 60_000 - tile[0]!;
  const early: number[] = [];
  const late: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const detectors = new DetectorSet(DETECTOR);
    for (let turn = 0; turn < TILES; turn++) {
      const packed = tile.slice();
      for (let row = 0; row < TILE_CANDLES; row++) {
        packed[row * 6]! += turn * spanMs;
      }
      const startMs = performance.now();
      for (let index = 0; index < TILE_CANDLES; index++) {
        detectors.step(
          { fromSeq: turn * TILE_CANDLES, count: TILE_CANDLES, packed },
          index,
        );
      }
      const microseconds = (performance.now() - startMs) * 1_000 / TILE_CANDLES;
      // The first tiles warm up; five tiles on each side even out the machine.
      if (run > 0 && turn >= 1 && turn <= 5) early.push(microseconds);
      if (run > 0 && turn >= TILES - 5) late.push(microseconds);
    }
  }
  return [
    medianFigure("smc.candle_after_10k", early),
    medianFigure("smc.candle_after_1m", late),
  ];
}

function medianFigure(name: string, values: number[]): ThroughputFigure {
  values.sort((a, b) => a - b);
  const value = Number(values[values.length >> 1]!.toFixed(3));
  return { name, unit: "us", n: values.length, value };
}

function throughput(name: string, run: () => number): ThroughputFigure {
  run();
  const values: number[] = [];
  for (let index = 0; index < RUNS; index++) {
    const startMs = performance.now();
    const candles = run();
    values.push(candles * 1_000 / (performance.now() - startMs));
  }
  values.sort((a, b) => a - b);
  return {
    name,
    unit: "candles/s",
    n: RUNS,
    value: Math.round(values[RUNS >> 1]!),
  };
}

function runDetectors(batch: PackedCandles): number {
  const detectors = new DetectorSet(DETECTOR);
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
  }
  return batch.count;
}

/** A whole agent against a desk that accepts nothing and fills nothing. */
function runAgent(batch: PackedCandles): number {
  const agent = patternDetector.start({
    actorId: "bench",
    config: {
      agentId: "bench",
      config: agentConfig(),
      startSeq: 0,
      tradeFromSeq: 0,
      notices: false,
    },
    snapshot: null,
  });
  for (let fromSeq = 0; fromSeq < batch.count; fromSeq += 1_024) {
    const count = Math.min(1_024, batch.count - fromSeq);
    const packed = batch.packed.subarray(fromSeq * 6, (fromSeq + count) * 6);
    agent.receive("feed", { type: "candles", fromSeq, count, packed });
    for (let seq = fromSeq; seq < fromSeq + count; seq++) {
      agent.receive("desk", {
        type: "stepped",
        seq,
        events: [],
        equity: "10000",
        hasPosition: false,
        tradingState: "active",
      });
    }
  }
  return batch.count;
}

if (import.meta.main) {
  for (const figure of await benchSmc()) {
    // deno-lint-ignore no-console -- a benchmark prints its figures
    console.log(JSON.stringify(figure));
  }
}
