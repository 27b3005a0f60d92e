/**
 * Agents and their market in one worker: each candle is followed by a decision
 * to enter, or to withdraw the entry, as soon as the desk has told the step.
 */
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
} from "../../../actors/program.ts";
import { runWorkerProgram } from "../../../actors/worker_main.ts";
import type { DeskAction } from "../../../lib/contracts/order.ts";
import type {
  DeskStepped,
  FeedMessage,
  SubscribeCandles,
} from "../../../lib/contracts/links.ts";
import { note, type Stamps } from "./stamps.ts";

/** What the worker is configured with. */
export interface AgentsConfig {
  agents: readonly { agentId: string; agentKey: string }[];
  price: number;
}

/** One to enter, one to withdraw, and some in which the withdrawal is under way. */
const CANDLES_PER_INTENT = 3;

/** What this worker was too late for, because a core was busy, does not come all at once. */
const AT_ONCE_MAX = 3;

/** A market does not run away from a desk that is busy. */
const STEPS_AHEAD_MAX = 2;

const QUOTE_EVERY_MS = 1_000;
const MINUTE_MS = 60_000;

class Agents implements ActorHandlers {
  readonly #runtime: ActorRuntime;
  readonly #config: AgentsConfig;
  readonly #seqs = new Map<string, number>();
  /** Entries that are not over, by agent; whether they rest; and those that are to go. */
  readonly #entries = new Map<string, string>();
  readonly #resting = new Set<string>();
  readonly #leaving = new Set<string>();
  /** Newest step that the desk has told, by agent. */
  readonly #told = new Map<string, number>();
  #stamps: Stamps = {};
  /** Sentences of denials. */
  #denied: string[] = [];
  #isTrading = false;
  #intentsPerSecond = 0;
  #turn = 0;
  #candles = 0;
  #intents = 0;
  #lastMs = 0;

  constructor(runtime: ActorRuntime) {
    this.#runtime = runtime;
    this.#config = runtime.config as AgentsConfig;
    runtime.clock.every(QUOTE_EVERY_MS, () => this.#quoteAll());
    runtime.clock.every(1, () => this.#tick());
  }

  receive(link: string, message: unknown): void {
    const agentId = link.slice(2);
    if (link.startsWith("c:")) {
      const { type, fromSeq } = message as SubscribeCandles;
      if (type !== "subscribe") return;
      this.#seqs.set(agentId, fromSeq);
      this.#quote(agentId);
    } else this.#stepped(agentId, message as DeskStepped);
  }

  linkOpened(link: string): void {
    if (!link.startsWith("d:")) return;
    this.#runtime.send(link, { type: "attached", decidedSeq: -1 });
  }

  ask(query: unknown): unknown {
    const { type, intentsPerSecond } = query as {
      type: string;
      intentsPerSecond: number;
    };
    this.#intentsPerSecond = intentsPerSecond;
    this.#isTrading = type === "start" || type === "stamps" && this.#isTrading;
    if (type !== "stamps") return null;
    const answer = { stamps: this.#stamps, denied: this.#denied };
    this.#stamps = {};
    this.#denied = [];
    return answer;
  }

  #tick(): void {
    const nowMs = this.#runtime.clock.monotonicMs();
    const passed = Math.min(100, nowMs - this.#lastMs) / 1_000;
    this.#lastMs = nowMs;
    if (!this.#isTrading) return;
    const { agents } = this.#config;
    const intentsPerSecond = this.#intentsPerSecond;
    const atOnce = (due: number) => Math.min(AT_ONCE_MAX, due);
    this.#intents = atOnce(this.#intents + intentsPerSecond * passed);
    this.#candles = atOnce(
      this.#candles + CANDLES_PER_INTENT * intentsPerSecond * passed,
    );
    for (; this.#candles >= 1; this.#candles--) {
      this.#candle(agents[this.#turn++ % agents.length]!.agentId);
    }
  }

  #candle(agentId: string): void {
    const { price } = this.#config;
    const seq = this.#seqs.get(agentId);
    if (seq === undefined) return;
    const told = this.#told.get(agentId) ?? seq - 1;
    if (seq - told > STEPS_AHEAD_MAX) return;
    this.#seqs.set(agentId, seq + 1);
    const openAt = Date.UTC(2024, 0, 1) + seq * MINUTE_MS;
    this.#send(agentId, {
      type: "candles",
      fromSeq: seq,
      count: 1,
      packed: Float64Array.of(openAt, price, price, price, price, 1),
    });
  }

  #stepped(agentId: string, { seq, events }: DeskStepped): void {
    this.#told.set(agentId, seq);
    for (const event of events) {
      if (event.type === "OrderDenied") this.#denied.push(event.detail);
      if (event.type === "OrderAccepted") this.#resting.add(agentId);
      const isOver = event.type === "OrderDenied" ||
        event.type === "OrderCanceled";
      if (!isOver) continue;
      this.#entries.delete(agentId);
      this.#resting.delete(agentId);
      this.#leaving.delete(agentId);
    }
    const actions: DeskAction[] = this.#isTrading
      ? this.#decide(agentId, seq)
      : [];
    this.#runtime.send(`d:${agentId}`, { type: "decided", seq, actions });
  }

  /** Enters, withdraws what rests, or waits until that is over. */
  #decide(agentId: string, seq: number): DeskAction[] {
    const entry = this.#entries.get(agentId);
    if (this.#leaving.has(agentId)) return [];
    if (entry !== undefined) {
      // One that has not left yet would never reach the socket.
      if (!this.#resting.has(agentId)) return [];
      this.#leaving.add(agentId);
      return [{ kind: "cancel", intentId: entry, reason: "bench" }];
    }
    if (this.#intents < 1) return [];
    this.#intents--;
    note(this.#stamps, keyOf(agentId));
    return [this.#entry(agentId, seq)];
  }

  #entry(agentId: string, seq: number): DeskAction {
    const { price } = this.#config;
    const intentId = `${seq}.0`;
    this.#entries.set(agentId, intentId);
    return {
      kind: "submit",
      intent: {
        intentId,
        seq,
        side: "buy",
        // No two alike within a second, which the desk takes for a mistake.
        entry: { type: "limit", price: price * 0.9 - seq % 1_000 },
        stopPrice: price * 0.86,
        targetPrice: price * 0.98,
        riskPct: 3,
        expireAfterSeq: null,
        strategy: "orderBlock",
        reasons: ["Bullish order block", "Target at the nearest liquidity"],
      },
    };
  }

  #quoteAll(): void {
    for (const agentId of this.#seqs.keys()) this.#quote(agentId);
  }

  #quote(agentId: string): void {
    const { price } = this.#config;
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

  #send(agentId: string, message: FeedMessage): void {
    this.#runtime.send(`c:${agentId}`, message);
  }
}

/** The part of an id that client order ids carry. */
function keyOf(agentId: string): string {
  return agentId.slice(-5);
}

const program: ActorProgram = { start: (runtime) => new Agents(runtime) };

runWorkerProgram(program);
