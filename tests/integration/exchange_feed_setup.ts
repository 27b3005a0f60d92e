/** A real feed worker on a fake venue: real sockets, the permissions of the server's workers. */
import assert from "node:assert/strict";
import { type ActorMessage, PROTOCOL_VERSION } from "../../actors/protocol.ts";
import { createWorkerHost } from "../../actors/worker_host.ts";
import { type Candle, unpackCandle } from "../../lib/contracts/candle.ts";
import type { FeedMessage } from "../../lib/contracts/links.ts";
import {
  EXCHANGE_GENESIS_AT,
  type FeedWorkerConfig,
  type StreamOpened,
} from "../../lib/contracts/market.ts";
import {
  type MarketKind,
  type Quote,
  venueKey,
} from "../../lib/contracts/venue.ts";
import { exchangeFeedPermissions } from "../../lib/server/worker_hosts.ts";
import { closeMinute } from "../venue/engine/market_moves.ts";
import type { FaultRule } from "../venue/faults/kinds.ts";
import type { FakeVenue } from "../venue/venue.ts";

const MINUTE_MS = 60_000;
const ROOT = new URL("../../", import.meta.url);
const LINK = "candles:a1:desk";

/** A feed worker with one consumer. */
export class FeedUnderTest {
  readonly #venue: FakeVenue;
  readonly #market: MarketKind;
  readonly #host;
  readonly #messages: FeedMessage[] = [];
  readonly #answers = new Map<number, PromiseWithResolvers<ActorMessage>>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<never>();
  #port: MessagePort | null = null;
  #asked = 0;
  /** Resolved by the next message of the link. */
  #heard = Promise.withResolvers<void>();

  constructor(venue: FakeVenue, market: MarketKind) {
    this.#venue = venue;
    this.#market = market;
    this.#failed.promise.catch(() => {});
    this.#host = createWorkerHost({
      entry: new URL("lib/exchange/worker.ts", ROOT),
      name: "feed",
      permissions: exchangeFeedPermissions(
        new Map([[venueKey({ exchange: "binance", market }), [
          new URL(venue.url).host,
        ]]]),
        { exchange: "binance", market },
      ),
    });
  }

  async start(): Promise<void> {
    this.#host.start({
      onMessage: (message) => this.#take(message as ActorMessage),
      onFailure: ({ message }) => this.#failed.reject(new Error(message)),
    });
    const config: FeedWorkerConfig = {
      candlesDir: "",
      seed: 1,
      genesisAt: 0,
      simulationSpeed: 1,
      exchangeOrigin: this.#venue.url,
      silence: null,
      streams: [],
    };
    this.#host.post({
      type: "init",
      v: PROTOCOL_VERSION,
      actorId: "feed",
      epoch: 1,
      config,
      snapshot: null,
      paused: false,
    });
    await this.#or(this.#ready.promise);
  }

  /** Opens the market's minutes; answers as the worker does. */
  async open(symbol: string): Promise<StreamOpened> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<ActorMessage>();
    this.#answers.set(id, answer);
    const stream = {
      streamId: "s1",
      feed: { kind: "exchange", exchange: "binance", market: this.#market },
      symbol,
      timeframe: "1m",
    };
    const query = { type: "openStream", stream, headSeq: -1 };
    this.#host.post({ type: "ask", id, query });
    const { ok, value, error } = await this.#or(answer.promise) as unknown as {
      ok: boolean;
      value: StreamOpened;
      error: { message: string };
    };
    if (!ok) throw new Error(JSON.stringify(error));
    return value;
  }

  subscribe(fromSeq: number, wantsQuotes: boolean): void {
    const { port1, port2 } = new MessageChannel();
    this.#port = port2;
    port2.onmessage = ({ data }) => {
      if (!Array.isArray(data)) return;
      this.#messages.push(data[0]);
      port2.postMessage(1);
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    };
    this.#host.post({
      type: "link_open",
      link: LINK,
      info: { streamId: "s1", peerId: "a1", peerEpoch: 1 },
      window: 64,
      port: port1,
    }, [port1]);
    port2.postMessage([{ type: "subscribe", fromSeq, wantsQuotes }]);
  }

  /** Lets minutes pass at the venue while a fault strikes, and waits until all of them are here; answers how long that took. */
  async minutes(
    count: number,
    rules: readonly FaultRule[] = [],
  ): Promise<number> {
    const { state } = this.#venue;
    for (const rule of rules) state.faults.add(rule);
    for (let minute = 0; minute < count; minute++) closeMinute(state);
    const startMs = performance.now();
    await this.until(() => (this.candles().at(-1)?.seq ?? 0) >= this.lastSeq());
    state.faults.clear();
    return performance.now() - startMs;
  }

  /** Waits, message by message. */
  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      // deno-lint-ignore no-await-in-loop -- each message may be the one
      await this.#or(this.#heard.promise);
    }
  }

  messages(): readonly FeedMessage[] {
    return this.#messages;
  }

  /** What came, in its order. */
  candles(): Candle[] {
    return this.#messages.flatMap((message) =>
      message.type === "candles"
        ? Array.from(
          { length: message.count },
          (_, index) => unpackCandle(message.packed, index, message.fromSeq),
        )
        : []
    );
  }

  /** The candle that is known to be over: the one before the newest that the venue has begun to tell. */
  lastSeq(): number {
    const series = this.#series();
    return seqAt(series.minute(series.count - 1).openAt) - 1;
  }

  /** The newest best prices. */
  quote(): Quote | null {
    const newest = this.#messages.findLast(({ type }) => type === "quote");
    return newest?.type === "quote" ? newest.quote : null;
  }

  /** Holds all that came against the venue's own candles. */
  assertSame(fromSeq: number): void {
    const series = this.#series();
    const first = seqAt(series.minute(0).openAt);
    const candles = this.candles();
    const expected = Array.from({ length: candles.length }, (_, index) => {
      const { openAt, open, high, low, close, volume } = series.minute(
        fromSeq + index - first,
      );
      return {
        seq: fromSeq + index,
        openAt,
        open,
        high,
        low,
        close,
        // As the venue writes it.
        volume: Number(volume.toFixed(3)),
      };
    });
    assert.deepEqual(candles, expected);
  }

  end(): void {
    this.#port?.close();
    this.#host.terminate();
  }

  #series() {
    return this.#venue.state.seriesOf(
      this.#market === "swap" ? "futures" : "spot",
      "BTCUSDT",
    );
  }

  #or<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failed.promise]);
  }

  #take(message: ActorMessage): void {
    if (message.type === "ready") this.#ready.resolve();
    else if (message.type === "ack") {
      this.#answers.get(message.id)?.resolve(message);
    } else if (message.type === "crash") {
      this.#failed.reject(new Error(JSON.stringify(message)));
    }
  }
}

/** Number of the candle that opens at a time. */
export function seqAt(openAt: number): number {
  return (openAt - EXCHANGE_GENESIS_AT) / MINUTE_MS;
}
