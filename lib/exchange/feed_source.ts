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
import type { PacedFeed } from "./feed_pacing.ts";
import { joinByTime, toHedgeRows } from "./joined_series.ts";
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
  /** The same candles of the second market by HEDGE_COLUMNS, also fresh; null where there is none. */
  hedge: ((fromSeq: number, count: number) => Float64Array<ArrayBuffer>) | null;
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
  stream: CandleStreamConfig & { feed: PacedFeed },
  options: {
    config: Pick<FeedWorkerConfig, "seed" | "genesisAt">;
    files: CandleFiles;
  },
): Promise<CandleSource> {
  return stream.feed.kind === "simulated"
    ? openSimulated(stream, options.config)
    : await openReplay(
      { ...stream, file: stream.feed.file },
      options.files,
    );
}

function openSimulated(
  { symbol, timeframe, hedge }: CandleStreamConfig,
  { seed, genesisAt }: Pick<FeedWorkerConfig, "seed" | "genesisAt">,
): CandleSource {
  const shared = { seed, genesisAt, timeframe };
  const market = createSimulatedMarket({ ...shared, symbol });
  // The same genesis and candle length: the markets agree candle by candle.
  const second = hedge === undefined
    ? null
    : createSimulatedMarket({ ...shared, symbol: hedge.symbol });
  return {
    totalCandles: null,
    stepMs: market.timeframeMs,
    openAt: market.openAt,
    candle: market.candle,
    packed: market.packed,
    hedge: second &&
      ((fromSeq, count) => toHedgeRows(second.packed(fromSeq, count))),
    release: () => {},
  };
}

async function openReplay(
  { file, timeframe, hedge }: CandleStreamConfig & { file: string },
  files: CandleFiles,
): Promise<CandleSource> {
  const series = await files.acquire(file, timeframe);
  if (hedge === undefined || hedge.file === null) {
    return sourceOf(series, {
      timeframe,
      release: () => files.release(file, timeframe),
    });
  }
  try {
    const second = await files.acquire(hedge.file, timeframe);
    try {
      // The joined series is a copy, so both files may go.
      const joined = joinByTime(series, second);
      return sourceOf(joined.series, { timeframe, release: () => {} });
    } finally {
      files.release(hedge.file, timeframe);
    }
  } finally {
    files.release(file, timeframe);
  }
}

function sourceOf(
  series: CandleSeries,
  { timeframe, release }: { timeframe: Timeframe; release: () => void },
): CandleSource {
  const { hedge } = series;
  return {
    totalCandles: series.length,
    stepMs: series.gapReport.stepMs ?? TIMEFRAME_MS[timeframe],
    openAt: (seq) => series.openAt(seq),
    candle: (seq) => series.candle(seq),
    packed: (fromSeq, count) => series.packed(fromSeq, count),
    hedge: hedge &&
      ((fromSeq, count) => toHedgeRows(hedge.packed(fromSeq, count))),
    release,
  };
}
