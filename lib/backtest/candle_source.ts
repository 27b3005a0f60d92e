/**
 * The candles of a request: of a file or of the simulated market, cut to a range.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { BacktestData } from "../contracts/backtest.ts";
import { CANDLE_WIDTH } from "../contracts/candle.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { AppError } from "../core/errors.ts";
import {
  type CandleSeries,
  CandleSeriesBuilder,
} from "../exchange/candle_series.ts";
import { CANDLE_CHUNK_ROWS } from "../exchange/limits.ts";
import { joinSeries } from "../exchange/joined_series.ts";
import { createSimulatedMarket } from "../exchange/simulated/market.ts";

/** Simulated candles that are made without a turn of the event loop. */
const TURN_CANDLES = 8_192;

/** Market time of the first simulated candle of every backtest, so that equal requests have equal candles. */
const SIMULATED_GENESIS_AT = Date.UTC(2024, 0, 1);

/**
 * Candles of the simulated market, with those of a second one where it is
 * named. A million of them take seconds, so the event loop gets its turns.
 */
export async function simulatedCandles(
  options: Pick<AgentConfig, "symbol" | "timeframe"> & {
    seed: number;
    candles: number;
    /** Second market of the same seed; none where it is left out. */
    hedgeSymbol?: string;
  },
): Promise<CandleSeries> {
  const market = createSimulatedMarket({
    seed: options.seed,
    symbol: options.symbol,
    timeframe: options.timeframe,
    genesisAt: SIMULATED_GENESIS_AT,
  });
  const builder = new CandleSeriesBuilder();
  for (let seq = 0; seq < options.candles; seq += TURN_CANDLES) {
    const count = Math.min(TURN_CANDLES, options.candles - seq);
    pushRows(builder, market.packed(seq, count));
    // deno-lint-ignore no-await-in-loop -- whoever waits gets a turn
    await new Promise((resolve) => void setImmediate(resolve));
  }
  const series = builder.finish();
  const { hedgeSymbol, ...rest } = options;
  return hedgeSymbol === undefined ? series : series.withHedge(
    await simulatedCandles({ ...rest, symbol: hedgeSymbol }),
  );
}

/**
 * The candles of a request; `load` reads a file of the candle folder.
 *
 * @throws {AppError} As `load` and `joinSeries`, HEDGE_MISSING if pairs are on
 * without a second file, or BACKTEST_RANGE_EMPTY if the range holds no candle.
 */
export async function candlesOf(
  data: BacktestData,
  { config, load }: {
    config: AgentConfig;
    load: (file: string) => Promise<CandleSeries>;
  },
): Promise<CandleSeries> {
  const { pairs } = config.strategies;
  if (data.kind === "simulated") {
    return await simulatedCandles({
      ...config,
      ...data,
      ...(pairs.enabled ? { hedgeSymbol: pairs.hedgeSymbol } : {}),
    });
  }
  const series = await loadJoined(data, { needsHedge: pairs.enabled, load });
  return cutRange(series, {
    from: data.from === null ? null : Date.parse(data.from),
    to: data.to === null ? null : Date.parse(data.to),
  });
}

async function loadJoined(
  { file, hedgeFile }: Extract<BacktestData, { kind: "file" }>,
  { needsHedge, load }: {
    needsHedge: boolean;
    load: (file: string) => Promise<CandleSeries>;
  },
): Promise<CandleSeries> {
  if (!needsHedge) return await load(file);
  if (hedgeFile === undefined) {
    throw new AppError(
      "HEDGE_MISSING",
      "The pairs strategy needs the candles of a second market; name their file with --hedge (hedgeFile in a request) or turn it off",
      { status: 422 },
    );
  }
  const main = await load(file);
  // What was read joined already stays as it is.
  return main.hedge === null
    ? joinSeries(main, await load(hedgeFile)).series
    : main;
}

/**
 * The candles that open from one time to another, both included, numbered anew
 * from 0: the same as a file that holds only them.
 *
 * @throws {AppError} BACKTEST_RANGE_EMPTY if there is none.
 */
export function cutRange(
  series: CandleSeries,
  { from, to }: { from: EpochMs | null; to: EpochMs | null },
): CandleSeries {
  const fromSeq = from === null ? 0 : firstFrom(series, from);
  const toSeq = to === null ? series.length : firstFrom(series, to + 1);
  if (fromSeq === 0 && toSeq === series.length) return series;
  if (fromSeq >= toSeq) {
    const iso = (at: EpochMs) => new Date(at).toISOString();
    throw new AppError(
      "BACKTEST_RANGE_EMPTY",
      `No candle opens within the range; the candles go from ${
        iso(series.openAt(0))
      } to ${iso(series.openAt(series.length - 1))}`,
      { status: 422 },
    );
  }
  const range = { fromSeq, toSeq };
  const cut = copyRows((seq, count) => series.packed(seq, count), range);
  const { hedge } = series;
  return hedge === null ? cut : cut.withHedge(
    copyRows((seq, count) => hedge.packed(seq, count), range),
  );
}

/** SHA-256 over all candles as packed 64-bit numbers, those of a second market after them. */
export function hashCandles(series: CandleSeries): string {
  const hash = createHash("sha256");
  for (let seq = 0; seq < series.length; seq += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, series.length - seq);
    hash.update(new Uint8Array(series.packed(seq, count).buffer));
  }
  if (series.hedge !== null) hash.update(hashCandles(series.hedge));
  return hash.digest("hex");
}

/** First candle that opens at or after a time; the length of the series where none does. */
function firstFrom(series: CandleSeries, at: EpochMs): number {
  let low = 0;
  let high = series.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (series.openAt(middle) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function copyRows(
  read: (fromSeq: number, count: number) => Float64Array,
  { fromSeq, toSeq }: { fromSeq: number; toSeq: number },
): CandleSeries {
  const builder = new CandleSeriesBuilder();
  for (let seq = fromSeq; seq < toSeq; seq += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, toSeq - seq);
    pushRows(builder, read(seq, count));
  }
  return builder.finish();
}

function pushRows(builder: CandleSeriesBuilder, packed: Float64Array): void {
  for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
    builder.push(packed.subarray(at, at + CANDLE_WIDTH));
  }
}
