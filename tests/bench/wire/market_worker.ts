/**
 * Markets and a source of signals in one worker: candles go to desk and
 * executors, and a while after a candle there is a signal to enter, or to give
 * up what was entered.
 */
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
} from "../../../actors/program.ts";
import { runWorkerProgram } from "../../../actors/worker_main.ts";
import { SignalPublisher } from "../../../agents/signals/publisher.ts";
import {
  type FeedMessage,
  listenerOfLink,
  type SubscribeCandles,
} from "../../../lib/contracts/links.ts";
import type { Signal } from "../../../lib/contracts/signal.ts";
import { note, stamp, type Stamps } from "./stamps.ts";

/** What the worker is configured with. */
export interface MarketConfig {
  agents: readonly { agentId: string; agentKey: string }[];
  price: number;
}

/** A signal to enter, one to give up, and time for the venue to withdraw it. */
const CANDLES_PER_ENTRY = 8;
const GIVE_UP_AFTER = 3;

/** Everybody has decided on the candle by then. */
const SIGNAL_AFTER_MS = 6;

/** Every signal has reached the desk before the next candle. */
const REST_MS = 12;

const QUOTE_EVERY_MS = 1_000;
const MINUTE_MS = 60_000;

interface Market {
  agentId: string;
  agentKey: string;
  seq: number;
  publisher: SignalPublisher;
  isTrading: boolean;
}

class Markets implements ActorHandlers {
  readonly #runtime: ActorRuntime;
  readonly #price: number;
  readonly #markets: Market[];
  #stamps: Stamps = {};
  /** Links on which candles are wanted. */
  readonly #subscribed = new Set<string>();
  #entriesPerSecond = 0;

  constructor(runtime: ActorRuntime) {
    this.#runtime = runtime;
    const { agents, price } = runtime.config as MarketConfig;
    this.#price = price;
    this.#markets = agents.map((agent) => ({
      ...agent,
      seq: 0,
      publisher: new SignalPublisher({ decidedSeq: -1 }),
      isTrading: false,
    }));
    runtime.clock.every(QUOTE_EVERY_MS, () => this.#quoteAll());
    for (const market of this.#markets) this.#run(market);
  }

  receive(link: string, message: unknown): void {
    if ((message as SubscribeCandles).type === "subscribe") {
      this.#subscribed.add(link);
      return;
    }
    const agentId = listenerOfLink(link);
    const market = this.#markets.find((each) => each.agentId === agentId);
    if (market === undefined) return;
    for (const output of market.publisher.receive(market.agentId, message)) {
      if (output.to === "link") this.#runtime.send(link, output.message);
    }
  }

  ask(query: unknown): unknown {
    const { type, entriesPerSecond } = query as {
      type: string;
      entriesPerSecond: number;
    };
    if (type === "start") this.#entriesPerSecond = entriesPerSecond;
    if (type === "stop") this.#entriesPerSecond = 0;
    if (type !== "stamps") return null;
    const answer = this.#stamps;
    this.#stamps = {};
    return answer;
  }

  /** Candle, signal, and the rest of the time until the next candle, which never overtakes the signal. */
  #run(market: Market): void {
    const { clock } = this.#runtime;
    const perMarket = CANDLES_PER_ENTRY * Math.max(5, this.#entriesPerSecond) /
      this.#markets.length;
    const restMs = Math.max(REST_MS, 1_000 / perMarket - SIGNAL_AFTER_MS);
    const seq = this.#candle(market);
    clock.after(SIGNAL_AFTER_MS, () => {
      if (seq !== null) this.#tell(market, seq);
      clock.after(restMs, () => this.#run(market));
    });
  }

  /** Sends the next candle; null while not everybody wants one. */
  #candle(market: Market): number | null {
    const { agentId } = market;
    const wanted = [`c:${agentId}`, `f:${agentId}`];
    if (!wanted.every((link) => this.#subscribed.has(link))) return null;
    const seq = market.seq++;
    const price = this.#price;
    const openAt = Date.UTC(2024, 0, 1) + seq * MINUTE_MS;
    this.#send(agentId, {
      type: "candles",
      fromSeq: seq,
      count: 1,
      packed: Float64Array.of(openAt, price, price, price, price, 1),
    });
    return seq;
  }

  #tell(market: Market, seq: number): void {
    const { agentKey, publisher } = market;
    const turn = seq % CANDLES_PER_ENTRY;
    // What was begun is given up, too.
    if (turn === 0) market.isTrading = this.#entriesPerSecond > 0;
    const isEntry = market.isTrading && turn === 0;
    const isExit = market.isTrading && turn === GIVE_UP_AFTER;
    const signals = isEntry || isExit ? [this.#signal(seq, isEntry)] : [];
    if (isEntry) note(this.#stamps, agentKey);
    const beganAtMs = stamp();
    for (const output of publisher.publish(seq, signals)) {
      if (output.to !== "link") continue;
      const message = output.message as object;
      const stamps = { beganAtMs, sentAtMs: stamp() };
      this.#runtime.send(
        output.link,
        signals.length === 0 ? message : { ...message, ...stamps },
      );
    }
  }

  #signal(seq: number, isEntry: boolean): Signal {
    const price = this.#price;
    const base = {
      signalId: `${seq}.0`,
      seq,
      at: Date.UTC(2024, 0, 1) + seq * MINUTE_MS,
      side: "buy",
      price,
      strategy: "orderBlock",
      confidence: null,
      reasons: ["Bullish order block", "Target at the nearest liquidity"],
    } as const;
    return !isEntry ? { ...base, kind: "exit" } : {
      ...base,
      kind: "enter",
      // No two alike within a second, which the desk takes for a mistake.
      entry: { type: "limit", price: price * 0.9 - seq % 1_000 },
      stopPrice: price * 0.86,
      targetPrice: price * 0.98,
      expireAfterSeq: null,
    };
  }

  #quoteAll(): void {
    const price = this.#price;
    for (const { agentId } of this.#markets) {
      if (!this.#subscribed.has(`c:${agentId}`)) continue;
      this.#send(agentId, {
        type: "quote",
        quote: {
          at: this.#runtime.clock.nowMs(),
          bid: price - 0.1,
          ask: price + 0.1,
          bidSize: 1,
          askSize: 1,
          mark: price,
        },
      });
    }
  }

  #send(agentId: string, message: FeedMessage): void {
    this.#runtime.send(`c:${agentId}`, message);
    if (message.type === "candles") {
      this.#runtime.send(`f:${agentId}`, message);
    }
  }
}

const program: ActorProgram = { start: (runtime) => new Markets(runtime) };

runWorkerProgram(program);
