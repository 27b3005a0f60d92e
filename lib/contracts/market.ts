import type { Candle, Timeframe } from "./candle.ts";
import type { FeedConfig } from "./feed.ts";
import type { EpochMs } from "./primitives.ts";

/** One stream of candles of a feed worker: a simulated or an exchange's market is shared, a replay belongs to one agent. */
export interface CandleStreamConfig {
  streamId: string;
  feed: FeedConfig;
  symbol: string;
  timeframe: Timeframe;
  /** Second market whose candles come along, joined by open time; none where it is left out. */
  hedge?: HedgeSource;
}

/** Where the candles of a second market come from. */
export interface HedgeSource {
  symbol: string;
  /** File of a replay; null where the first market is simulated, as then this one is too. */
  file: string | null;
}

/** Open time of candle 0 of every exchange's market; before that their candles have no number. */
export const EXCHANGE_GENESIS_AT: EpochMs = Date.UTC(2015, 0, 1);

/** Start configuration of a feed worker. */
export interface FeedWorkerConfig {
  /** Folder of replayable files. */
  candlesDir: string;
  /** Seed of the simulated markets. */
  seed: number;
  /** Market time of candle 0 of every simulated stream. */
  genesisAt: EpochMs;
  /** Simulated market time per real time; 60 makes a one-minute candle each second. */
  simulationSpeed: number;
  /** Where an exchange is reached instead of at its own addresses, always on this machine; null for its own. Its market is then a simulated one. */
  exchangeOrigin: string | null;
  /** Memory of a `SharedSilence` that the desk of the exchange has, too; null for other markets. */
  silence: SharedArrayBuffer | null;
  /** Streams to open at once, with the last candle each one has published (−1 = none). */
  streams: readonly { stream: CandleStreamConfig; headSeq: number }[];
}

/** Questions from the owner to a feed worker. */
export type FeedQuery =
  | { type: "openStream"; stream: CandleStreamConfig; headSeq: number }
  | { type: "closeStream"; streamId: string }
  /** While candles are held, those who subscribe wait for them; markets move on. */
  | { type: "holdCandles"; isHeld: boolean };

/** Answer to `openStream`. */
export interface StreamOpened {
  streamId: string;
  /** Last published candle; −1 before the first. */
  headSeq: number;
  /** Number of candles of a replay file; null for an endless market. */
  totalCandles: number | null;
  firstAt: EpochMs;
  /** Why nothing comes from an exchange now; null or left out where it comes. */
  staleDetail?: string | null;
}

/** What a feed reports to its owner about each stream, at most once a second. */
export interface FeedReport {
  kind: "feed";
  streamId: string;
  headSeq: number;
  candle: Candle;
}

/** What the feed of an exchange tells its owner: nothing comes for a stream, or it comes again (null). */
export interface FeedStaleReport {
  kind: "feed_stale";
  streamId: string;
  detail: string | null;
}

/** What the feed of an exchange has to say about a stream; it goes to the log of the agents on it. */
export interface FeedNotice {
  kind: "feed_notice";
  streamId: string;
  level: "info" | "warning";
  message: string;
}

/** Data of a `market:update` event. */
export interface MarketUpdate {
  agentId: string;
  symbol: string;
  timeframe: Timeframe;
  /** False for prices of an exchange's real market, whatever the fills are: shown wherever the numbers are shown. */
  simulated: boolean;
  source: FeedConfig["kind"];
  candle: Candle;
}
