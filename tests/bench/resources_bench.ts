/**
 * What an agent uses: real agents in their workers, on simulated markets of
 * several speeds and timeframes and in a replay at full speed. What it prints
 * under `resources.fit` are the constants of agents/resource_model.ts, under
 * `resources.ratio` what was measured ÷ what the estimate says. It reads the
 * running totals in the workers' heartbeats, so that nothing disturbs what is
 * measured. One line of JSON a figure.
 *
 * @module
 */
import { packCandles } from "../../agents/market/candle_batch.ts";
import { SERIES_CAPACITY } from "../../agents/market/candle_series.ts";
import { DetectorSet } from "../../agents/mod.ts";
import { ensureBuilt } from "../support/built.ts";
import { randomWalk } from "../agents/fixtures/candles.ts";
import { DETECTOR } from "../agents/fixtures/run_detectors.ts";
import { tirelessConfig } from "../support/config.ts";
import { withTempDir } from "../support/temp.ts";
import { startMeasured } from "./measured_agents.ts";
import { measure, print, printUse, type Use } from "./measured_use.ts";

/** Candles a minute from which on their cost stands out from that of an idle worker. */
const BUSY_PER_MINUTE = 600;
const MINUTE_MS = 60_000;
const REPLAY_CANDLES = 500_000;
const REPLAY_FILE = "walk.csv";

/** Agents side by side on simulated markets. */
async function onMarkets(
  speed: number,
  timeframes: readonly ("1m" | "5m" | "1h" | "1d")[],
): Promise<Use[]> {
  return await withTempDir(async (dataDir) => {
    const platform = await startMeasured({
      DATA_DIR: dataDir,
      SIMULATION_SPEED: String(speed),
    });
    try {
      const agents = await Promise.all(
        timeframes.map((timeframe) => {
          const label = `simulated-${speed}-${timeframe}`;
          return platform.spawn(label, {
            ...tirelessConfig(label),
            timeframe,
          });
        }),
      );
      return await Promise.all(agents.map(measure));
    } finally {
      await platform.stop();
    }
  });
}

/** One agent that gets its candles as fast as it decides them. */
async function atFullSpeed(): Promise<Use> {
  return await withTempDir(async (dir) => {
    const rows = randomWalk({ seed: 1, count: REPLAY_CANDLES })
      .map(({ openAt, open, high, low, close, volume }) =>
        [openAt, open, high, low, close, volume].join(",")
      );
    await Deno.writeTextFile(
      `${dir}/${REPLAY_FILE}`,
      `timestamp_ms,open,high,low,close,volume\n${rows.join("\n")}\n`,
    );
    const platform = await startMeasured({
      DATA_DIR: `${dir}/data`,
      CANDLES_DIR: dir,
    });
    try {
      const label = "replay-max-1m";
      return await measure(
        await platform.spawn(label, {
          ...tirelessConfig(label),
          timeframe: "1m",
          feed: { kind: "replay", file: REPLAY_FILE, speed: "max" },
        }),
      );
    } finally {
      await platform.stop();
    }
  });
}

/** Heap that each kept candle takes in the detectors, over many of them in this isolate. */
function heapBytesPerCandle(): number {
  const collect = (globalThis as unknown as { gc(): void }).gc;
  const batch = packCandles(randomWalk({ seed: 2, count: SERIES_CAPACITY }));
  const fill = (count: number) =>
    Array.from({ length: 200 }, () => {
      const detectors = new DetectorSet(DETECTOR);
      for (let index = 0; index < count; index++) detectors.step(batch, index);
      return detectors;
    });
  const bytesOf = (count: number) => {
    collect();
    const before = Deno.memoryUsage().heapUsed;
    const kept = fill(count);
    collect();
    return (Deno.memoryUsage().heapUsed - before) / kept.length;
  };
  bytesOf(SERIES_CAPACITY);
  return (bytesOf(SERIES_CAPACITY) - bytesOf(1)) / SERIES_CAPACITY;
}

print("resources.fit.heapBytesPerKeptCandle", "B", heapBytesPerCandle());
await ensureBuilt();
const paced = [
  ...await onMarkets(60, ["1m", "1d"]),
  ...await onMarkets(6_000, ["1m", "5m", "1h"]),
];
const full = await atFullSpeed();
for (const use of [...paced, full]) printUse(use);
// The slowest has no candle while it is measured.
const idleCores = Math.min(...paced.map(({ cores }) => cores));
const candleMs = paced
  .filter(({ candlesPerMinute }) => candlesPerMinute >= BUSY_PER_MINUTE)
  .map(({ cores, candlesPerMinute }) =>
    (cores - idleCores) / candlesPerMinute * MINUTE_MS
  );
print("resources.fit.idleCores", "cores", idleCores);
// Candles that come thicker cost less: the middle is off as much for the slow as for the fast.
print(
  "resources.fit.candleMs",
  "ms",
  candleMs.reduce((product, ms) => product * ms, 1) ** (1 / candleMs.length),
  candleMs.length,
);
print("resources.fit.fullSpeed.candles", "1/min", full.candlesPerMinute);
print("resources.fit.fullSpeed.cores", "cores", full.cores);
print("resources.fit.fullSpeed.heap", "MiB", full.heapMiBMax);
print("resources.fit.fullSpeed.messages", "1/min", full.messagesPerMinute);
const moving = paced.filter(({ candlesPerMinute }) => candlesPerMinute > 0);
for (const { label, candlesPerMinute, messagesPerMinute } of moving) {
  print(
    `resources.fit.messagesPerCandle.${label}`,
    "messages",
    messagesPerMinute / candlesPerMinute,
  );
}
