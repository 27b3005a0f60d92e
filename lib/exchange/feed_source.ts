import {
  type Candle,
  type Timeframe,
  TIMEFRAME_MS,
} from "../contracts/candle.ts";
import type {
  CandleStreamConfig,
  FeedWorkerConfig,
} from "../contracts/market.ts";
import type { CandleSeries } from "./candle_series.ts";
import { createSimulatedMarket } from "./simulated/market.ts";

/** Where the candles of one stream come from: random access, no sense of time. */
export interface CandleSource {
  /** Null for an endless market. */
  readonly totalCandles: number | null;
  /** Usual time from one open to the next. */
  readonly stepMs: number;
  openAt(seq: number): number;
  candle(seq: number): Candle;
  /** A fresh packed copy whose buffer may be transferred. */
  packed(fromSeq: number, count: number): Float64Array<ArrayBuffer>;
  /** Lets go of what the source holds. */
  release(): void;
}

/** Where a feed gets the candles of replay files; `candle_file.ts` reads them from a folder. */
export interface CandleFiles {
  /**
   * The candles of a file for a timeframe, held until they are released.
   *
   * @throws {AppError} If the file is missing, wrong, too much or of a timeframe that does not fit.
   */
  acquire(file: string, timeframe: Timeframe): Promise<CandleSeries>;
  release(file: string, timeframe: Timeframe): void;
}

/**
 * Opens the source of a stream.
 *
 * @throws {AppError} If the replay file is missing, wrong or refused.
 */
export async function openSource(
  stream: CandleStreamConfig,
  options: {
    config: Pick<FeedWorkerConfig, "seed" | "genesisAt">;
    files: CandleFiles;
  },
): Promise<CandleSource> {
  const { feed, symbol, timeframe } = stream;
  const { config, files } = options;
  if (feed.kind === "simulated") {
    const { seed, genesisAt } = config;
    const market = createSimulatedMarket({
      seed,
      genesisAt,
      symbol,
      timeframe,
    });
    return {
      totalCandles: null,
      stepMs: market.timeframeMs,
      openAt: market.openAt,
      candle: market.candle,
      packed: market.packed,
      release: () => {},
    };
  }
  const series = await files.acquire(feed.file, timeframe);
  return {
    totalCandles: series.length,
    stepMs: series.gapReport.stepMs ?? TIMEFRAME_MS[timeframe],
    openAt: (seq) => series.openAt(seq),
    candle: (seq) => series.candle(seq),
    packed: (fromSeq, count) => series.packed(fromSeq, count),
    release: () => files.release(feed.file, timeframe),
  };
}
