/**
 * The feed worker's program: opens streams of candles on demand and sends
 * them to agents and desks over one link each, as fast as each can take them
 * and never before a candle is due.
 *
 * @module
 */
import type { Timer } from "../../actors/clock.ts";
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
} from "../../actors/program.ts";
import { assertNever } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import type {
  CandleStreamConfig,
  FeedQuery,
  FeedWorkerConfig,
  StreamOpened,
} from "../contracts/market.ts";
import { CandleFileCache } from "./candle_file.ts";
import { isConsumption, isSubscription } from "./feed_messages.ts";
import type { Subscription } from "./candle_consumers.ts";
import type { CandleFiles } from "./feed_source.ts";
import { IDLE_LOOK_MS, STREAMS_MAX } from "./limits.ts";
import type { MarketStream } from "./market_stream.ts";
import {
  CCXT_PARTS,
  isSameMarket,
  type LiveParts,
  StreamOpener,
} from "./stream_opener.ts";

/** What the owner says when it opens a consumer's link. */
export interface CandleLinkInfo {
  streamId: string;
  peerId: string;
  peerEpoch: number;
}

/** State of a feed from which a later incarnation goes on: the market does not go back. */
export interface FeedSnapshot {
  streams: readonly { stream: CandleStreamConfig; headSeq: number }[];
}

/** Makes a feed program over the given files and live markets; a simulation brings candles from memory. */
export function createFeedProgram(
  openFiles: (candlesDir: string) => CandleFiles = (candlesDir) =>
    new CandleFileCache(candlesDir),
  live: LiveParts = CCXT_PARTS,
): ActorProgram {
  return {
    async start(runtime) {
      const config = runtime.config as FeedWorkerConfig;
      const files = openFiles(config.candlesDir);
      const opener = new StreamOpener({ runtime, config, files, live });
      const feed = new Feed({ runtime, config, opener });
      await feed.restore(runtime.snapshot as FeedSnapshot | null);
      return feed;
    },
  };
}

/** The program of the feed worker; its configuration is a {@link FeedWorkerConfig}. */
export const feedProgram: ActorProgram = createFeedProgram();

interface StreamEntry {
  config: CandleStreamConfig;
  opening: Promise<MarketStream>;
  /** Null while the source is being opened. */
  stream: MarketStream | null;
}

interface Consumer {
  streamId: string;
  /** Null until it subscribes. */
  subscription: Subscription | null;
}

class Feed implements ActorHandlers {
  readonly #runtime: ActorRuntime;
  readonly #config: FeedWorkerConfig;
  readonly #opener: StreamOpener;
  readonly #entries = new Map<string, StreamEntry>();
  /** Open links, also those whose stream is not open yet. */
  readonly #consumers = new Map<string, Consumer>();
  /** Consumers that subscribe now wait until the owner lets the candles go. */
  #isHeld = false;
  /** Looks for live streams that nobody reads; null while there is none. */
  #idleLook: Timer | null = null;

  constructor(
    { runtime, config, opener }: {
      runtime: ActorRuntime;
      config: FeedWorkerConfig;
      opener: StreamOpener;
    },
  ) {
    this.#runtime = runtime;
    this.#config = config;
    this.#opener = opener;
  }

  /**
   * Opens the streams of the configuration and of the snapshot. One whose file
   * is gone must not keep the others from their candles: it stays closed, and
   * the owner gets the sentence when it asks for it.
   */
  async restore(snapshot: FeedSnapshot | null): Promise<void> {
    const streams = new Map<string, FeedSnapshot["streams"][number]>();
    const known = [...this.#config.streams, ...snapshot?.streams ?? []];
    for (const { stream, headSeq } of known) {
      const other = streams.get(stream.streamId)?.headSeq ?? -1;
      streams.set(stream.streamId, {
        stream,
        headSeq: Math.max(headSeq, other),
      });
    }
    await Promise.allSettled(
      [...streams.values()].map(({ stream, headSeq }) =>
        this.#open(stream, headSeq)
      ),
    );
  }

  ask(query: unknown): Promise<StreamOpened> | null {
    const question = query as FeedQuery;
    switch (question.type) {
      case "openStream":
        return this.#open(question.stream, question.headSeq);
      case "closeStream":
        this.#close(question.streamId);
        return null;
      case "holdCandles":
        this.#hold(question.isHeld);
        return null;
      default:
        return assertNever(question, "feed query");
    }
  }

  linkOpened(link: string, info: unknown): void {
    const { streamId } = info as CandleLinkInfo;
    this.#consumers.set(link, { streamId, subscription: null });
  }

  linkClosed(link: string): void {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return;
    this.#consumers.delete(link);
    this.#entries.get(consumer.streamId)?.stream?.unsubscribe(link);
  }

  receive(link: string, message: unknown): void {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return;
    const stream = this.#entries.get(consumer.streamId)?.stream ?? null;
    // One consumer that is wrong must not end the feed of all others.
    if (isSubscription(message)) {
      const { fromSeq, windowCandles = Infinity, wantsQuotes = false } =
        message;
      consumer.subscription = { fromSeq, windowCandles, wantsQuotes };
      if (!this.#isHeld || stream?.has(link)) {
        stream?.subscribe(link, consumer.subscription);
      }
    } else if (isConsumption(message)) stream?.consumed(link, message.seq);
  }

  credited(link: string): void {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return;
    this.#entries.get(consumer.streamId)?.stream?.credited(link);
  }

  snapshot(): FeedSnapshot {
    const streams: { stream: CandleStreamConfig; headSeq: number }[] = [];
    for (const { config, stream } of this.#entries.values()) {
      if (stream !== null) {
        streams.push({ stream: config, headSeq: stream.headSeq });
      }
    }
    return { streams };
  }

  /** Also on a drain: the streams' timers end and each head is reported a last time. */
  stop(): void {
    this.#idleLook?.cancel();
    for (const { stream } of this.#entries.values()) stream?.close();
  }

  async #open(
    config: CandleStreamConfig,
    headSeq: number,
  ): Promise<StreamOpened> {
    let entry = this.#entries.get(config.streamId);
    if (entry?.stream?.isOver === true) this.#close(config.streamId);
    entry = this.#entries.get(config.streamId);
    if (entry === undefined) {
      entry = this.#addEntry(config, headSeq);
    } else if (!isSameMarket(entry.config, config)) {
      throw new AppError(
        "STREAM_CONFLICT",
        `The stream ${config.streamId} is open with another market; close it first`,
        { status: 409 },
      );
    }
    return await (await entry.opening).describe();
  }

  #addEntry(config: CandleStreamConfig, headSeq: number): StreamEntry {
    if (this.#entries.size >= STREAMS_MAX) {
      throw new AppError(
        "STREAMS_TOO_MANY",
        `The feed has ${STREAMS_MAX} streams already; stop an agent first`,
        { status: 409 },
      );
    }
    const entry: StreamEntry = {
      config,
      stream: null,
      opening: this.#opener.open(config, headSeq).then(
        (stream) => this.#started(entry, stream),
        (error) => {
          this.#forget(entry);
          throw error;
        },
      ),
    };
    this.#entries.set(config.streamId, entry);
    return entry;
  }

  #started(entry: StreamEntry, stream: MarketStream): MarketStream {
    const { streamId, feed } = entry.config;
    if (this.#entries.get(streamId) !== entry) {
      stream.close();
      throw new AppError(
        "STREAM_CLOSED",
        `The stream ${streamId} was closed while it was being opened`,
        { status: 409 },
      );
    }
    entry.stream = stream;
    if (feed.kind === "exchange") {
      this.#idleLook ??= this.#runtime.clock.every(
        IDLE_LOOK_MS,
        () => this.#closeIdle(),
      );
    }
    // Those who were early have waited for this.
    if (!this.#isHeld) this.#subscribeWaiting(streamId, stream);
    return stream;
  }

  /** Who opens a stream links to it soon after, so one that nobody reads for long has no use. */
  #closeIdle(): void {
    const linked = new Set(
      [...this.#consumers.values()].map(({ streamId }) => streamId),
    );
    for (const [streamId, { stream }] of this.#entries) {
      if (stream?.isIdle === true && !linked.has(streamId)) {
        this.#close(streamId);
      }
    }
  }

  /** Streams that run already go on; only who subscribes from now on waits. */
  #hold(isHeld: boolean): void {
    const wasHeld = this.#isHeld;
    this.#isHeld = isHeld;
    if (!wasHeld || isHeld) return;
    for (const [streamId, { stream }] of this.#entries) {
      if (stream !== null) this.#subscribeWaiting(streamId, stream);
    }
  }

  #subscribeWaiting(streamId: string, stream: MarketStream): void {
    for (const [link, consumer] of this.#consumers) {
      const { subscription } = consumer;
      if (consumer.streamId !== streamId || subscription === null) continue;
      if (!stream.has(link)) stream.subscribe(link, subscription);
    }
  }

  #close(streamId: string): void {
    const entry = this.#entries.get(streamId);
    if (entry === undefined) return;
    this.#entries.delete(streamId);
    entry.stream?.close();
  }

  #forget(entry: StreamEntry): void {
    if (this.#entries.get(entry.config.streamId) === entry) {
      this.#entries.delete(entry.config.streamId);
    }
  }
}
