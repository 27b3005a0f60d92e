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
  intentsPerSecond: number;
  price: number;
}

const QUOTE_EVERY_MS = 1_000;
const MINUTE_MS = 60_000;

class Agents implements ActorHandlers {
  readonly #runtime: ActorRuntime;
  readonly #config: AgentsConfig;
  readonly #seqs = new Map<string, number>();
  /** Entries that rest, by agent. */
  readonly #entries = new Map<string, string>();
  #stamps: Stamps = {};
  /** Sentences of denials. */
  #denied: string[] = [];
  #isTrading = false;
  #turn = 0;
  #debt = 0;
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
      const { fromSeq } = message as SubscribeCandles;
      this.#seqs.set(agentId, fromSeq);
      this.#quote(agentId);
    } else this.#stepped(agentId, message as DeskStepped);
  }

  linkOpened(link: string): void {
    if (!link.startsWith("d:")) return;
    this.#runtime.send(link, { type: "attached", decidedSeq: -1 });
  }

  ask(query: unknown): unknown {
    const { type } = query as { type: string };
    this.#isTrading = type === "start" || type === "stamps" && this.#isTrading;
    if (type !== "stamps") return null;
    const answer = { stamps: this.#stamps, denied: this.#denied };
    this.#stamps = {};
    this.#denied = [];
    return answer;
  }

  /** Every intent takes two candles: one to enter and one to withdraw. */
  #tick(): void {
    const nowMs = this.#runtime.clock.monotonicMs();
    const sinceMs = Math.min(100, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (!this.#isTrading) return;
    const { agents, intentsPerSecond } = this.#config;
    this.#debt += 2 * intentsPerSecond * sinceMs / 1_000;
    for (; this.#debt >= 1; this.#debt--) {
      this.#candle(agents[this.#turn++ % agents.length]!.agentId);
    }
  }

  #candle(agentId: string): void {
    const { price } = this.#config;
    const seq = this.#seqs.get(agentId);
    if (seq === undefined) return;
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
    for (const event of events) {
      if (event.type === "OrderDenied") this.#denied.push(event.detail);
    }
    if (!this.#isTrading) return;
    const resting = this.#entries.get(agentId);
    const actions: DeskAction[] = resting === undefined
      ? [this.#entry(agentId, seq)]
      : [{ kind: "cancel", intentId: resting, reason: "bench" }];
    if (resting === undefined) {
      note(this.#stamps, keyOf(agentId));
    } else this.#entries.delete(agentId);
    this.#runtime.send(`d:${agentId}`, { type: "decided", seq, actions });
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
        entry: { type: "limit", price: price * 0.9 + seq % 100 },
        stopPrice: price * 0.88,
        targetPrice: price * 0.98,
        riskPct: 0.2,
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
