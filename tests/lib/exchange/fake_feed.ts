/** A feed program on a simulated clock, with lists for links and credit that the test gives. */
import assert from "node:assert/strict";
import type { ActorHandlers, ActorRuntime } from "../../../actors/program.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { FeedConfig } from "../../../lib/contracts/feed.ts";
import { type FeedMessage, LINKS } from "../../../lib/contracts/links.ts";
import type {
  CandleStreamConfig,
  FeedReport,
  FeedWorkerConfig,
  StreamOpened,
} from "../../../lib/contracts/market.ts";
import {
  feedProgram,
  type FeedSnapshot,
} from "../../../lib/exchange/feed_program.ts";

export const FIXTURES = new URL("../../fixtures/", import.meta.url).pathname;
export const FILE = "simulated-btcusdt-15m.csv";
export const FILE_CANDLES = 3_000;
export const GENESIS = 1_700_000_000_000;
export const AGENT = `${LINKS.candlesOf("a1")}:agent`;
export const DESK = `${LINKS.candlesOf("a1")}:desk`;
/** Credit that no test uses up. */
export const UNLIMITED = 1_000_000;

export const CONFIG: FeedWorkerConfig = {
  candlesDir: FIXTURES,
  seed: 5,
  genesisAt: GENESIS,
  simulationSpeed: 60,
  exchangeOrigin: null,
  silence: null,
  streams: [],
};

/** A stream of BTC/USDT in candles of 15 minutes. */
export function streamOf(
  feed: FeedConfig,
  streamId = "s1",
): CandleStreamConfig {
  return { streamId, feed, symbol: "BTC/USDT", timeframe: "15m" };
}

export const SIMULATED = streamOf({ kind: "simulated" });
export const MAX = streamOf({ kind: "replay", file: FILE, speed: "max" });

/** A runtime whose links are lists and whose credit the test gives. */
export class FakeFeed {
  readonly clock = createSimulatedClock();
  readonly sent = new Map<string, FeedMessage[]>();
  readonly reports: { report: FeedReport; atMs: number }[] = [];
  readonly #credit = new Map<string, number>();
  handlers!: ActorHandlers;

  static async start(
    config: Partial<FeedWorkerConfig> = {},
    snapshot: FeedSnapshot | null = null,
  ): Promise<FakeFeed> {
    const feed = new FakeFeed();
    const runtime: ActorRuntime = {
      actorId: "feed:test",
      epoch: 1,
      config: { ...CONFIG, ...config },
      snapshot,
      clock: feed.clock,
      credits: (link) => feed.#credit.get(link) ?? 0,
      send: (link, message) => {
        const credit = feed.#credit.get(link) ?? 0;
        assert(credit > 0, `sent on ${link} without credit`);
        feed.#credit.set(link, credit - 1);
        feed.sent.get(link)!.push(message as FeedMessage);
      },
      report: (report) => {
        const atMs = feed.clock.monotonicMs();
        feed.reports.push({ report: report as FeedReport, atMs });
      },
    };
    feed.handlers = await feedProgram.start(runtime);
    return feed;
  }

  async open(stream: CandleStreamConfig, headSeq = -1): Promise<StreamOpened> {
    const query = { type: "openStream", stream, headSeq };
    return await this.handlers.ask!(query) as StreamOpened;
  }

  connect(
    link: string,
    options: {
      fromSeq?: number;
      credit?: number;
      windowCandles?: number;
    } = {},
  ): void {
    const { fromSeq = 0, credit = UNLIMITED, windowCandles } = options;
    this.sent.set(link, []);
    this.#credit.set(link, credit);
    const info = { streamId: "s1", peerId: "p", peerEpoch: 1 };
    this.handlers.linkOpened!(link, info);
    this.handlers.receive(link, { type: "subscribe", fromSeq, windowCandles });
  }

  give(link: string, credit: number): void {
    this.#credit.set(link, (this.#credit.get(link) ?? 0) + credit);
    this.handlers.credited!(link);
  }

  batches(link: string) {
    return this.sent.get(link)!.filter((message) => message.type === "candles");
  }

  /** Sequence numbers received on a link, after checking that each candle is whole. */
  seqs(link: string): number[] {
    return this.batches(link).flatMap(({ fromSeq, count, packed }) => {
      assert.equal(packed.length, count * 6);
      return Array.from({ length: count }, (_, index) => fromSeq + index);
    });
  }

  isEnded(link: string): boolean {
    return this.sent.get(link)!.some((message) => message.type === "ended");
  }
}

/** Whole numbers from `from` to `to`, both included. */
export const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
