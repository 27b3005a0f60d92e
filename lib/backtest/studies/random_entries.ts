/**
 * The agent of the random baseline: it enters at candles drawn by lot, with the
 * sides, stops and targets of the strategy's own entries, through the same desk
 * and at the same costs. What a strategy has beyond it is its timing.
 *
 * @module
 */
import type { BehaviorInstance, Output } from "../../../actors/behavior.ts";
import { CandleSeries as AgentSeries } from "../../../agents/mod.ts";
import type { AgentWorkerConfig } from "../../contracts/agent.ts";
import { TIMEFRAME_MS } from "../../contracts/candle.ts";
import {
  type AgentDecided,
  type CandleBatch,
  type DeskStepped,
  LINKS,
} from "../../contracts/links.ts";
import type { DeskAction, OrderIntent } from "../../contracts/order.ts";
import { createRng } from "../../core/rng.ts";
import type { AgentBehavior } from "../engine.ts";
import type { EntryPlan } from "./entry_plans.ts";

/** What is drawn from. */
export interface RandomEntryOptions {
  seed: number;
  /** The strategy's own entries; each is used once. */
  plans: readonly EntryPlan[];
  /** Candles to draw from: from the first to before the last. */
  fromSeq: number;
  toSeq: number;
}

/** Candles before the ATR is known well enough for a stop. */
const ATR_CANDLES = 15;

/** A behaviour that enters by lot. */
export function randomEntryBehavior(
  options: RandomEntryOptions,
): AgentBehavior {
  return {
    name: "random_entries",
    snapshotVersion: 1,
    upcasters: {},
    start: ({ config }) => new RandomEntries(drawEntries(options), config),
  };
}

interface DrawnEntry extends EntryPlan {
  /** First candle on which it may be decided. */
  seq: number;
}

/** Gives each plan a candle of its own, in order of time. */
export function drawEntries(options: RandomEntryOptions): DrawnEntry[] {
  const { seed, plans, toSeq } = options;
  const rng = createRng(seed);
  const from = options.fromSeq + ATR_CANDLES;
  const room = Math.max(0, toSeq - 1 - from);
  const count = Math.min(plans.length, room);
  // Floyd's sampling: distinct candles without a list of all of them.
  const drawn = new Set<number>();
  for (let upper = room - count; upper < room; upper++) {
    const candidate = Math.floor(rng.next() * (upper + 1));
    drawn.add(from + (drawn.has(from + candidate) ? upper : candidate));
  }
  const shuffled = [...plans];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(rng.next() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
  }
  return [...drawn].sort((a, b) => a - b).map((seq, index) => ({
    ...shuffled[index]!,
    seq,
  }));
}

const NOTHING: readonly Output[] = [];

class RandomEntries implements BehaviorInstance<AgentWorkerConfig, null> {
  readonly #entries: readonly DrawnEntry[];
  readonly #riskPct: number;
  readonly #strategyName = "random";
  /** Candles until an order that was not filled is renewed: one, and those of its latency. */
  readonly #patience: number;
  readonly #series = new AgentSeries();
  #batch: CandleBatch | null = null;
  #next = 0;
  #restingId: string | null = null;

  constructor(entries: readonly DrawnEntry[], { config }: AgentWorkerConfig) {
    this.#entries = entries;
    this.#riskPct = config.risk.riskPerTradePct;
    this.#patience = 1 +
      Math.floor(config.costs.latencyMs / TIMEFRAME_MS[config.timeframe]);
  }

  linkOpened(): readonly Output[] {
    return NOTHING;
  }

  receive(link: string, message: unknown): readonly Output[] {
    if (link === LINKS.feed) {
      this.#batch = message as CandleBatch;
      return NOTHING;
    }
    const step = message as DeskStepped;
    const { fromSeq, count, packed } = this.#batch!;
    this.#series.append({ fromSeq, count, packed }, step.seq - fromSeq);
    this.#takeEvents(step);
    const decided: AgentDecided = {
      type: "decided",
      seq: step.seq,
      actions: this.#decide(step),
    };
    return [{ to: "link", link: LINKS.desk, message: decided }];
  }

  /** An entry is used up by a fill or a denial; one that was withdrawn unfilled is renewed. */
  #takeEvents({ events }: DeskStepped): void {
    for (const event of events) {
      if (event.type === "OrderDenied") this.#useUp(event.intentId);
      else if (event.type === "OrderFilled") this.#useUp(event.fill.intentId);
      else if (
        event.type === "OrderCanceled" && event.intentId === this.#restingId
      ) this.#restingId = null;
    }
  }

  #useUp(intentId: string): void {
    if (intentId !== this.#restingId) return;
    this.#restingId = null;
    this.#next++;
  }

  #decide(step: DeskStepped): readonly DeskAction[] {
    const entry = this.#entries[this.#next];
    const isClosed = entry === undefined || step.seq < entry.seq ||
      step.hasPosition || this.#restingId !== null ||
      step.tradingState !== "active";
    if (isClosed) return [];
    const intent = this.#intentOf(entry, step.seq);
    this.#restingId = intent.intentId;
    return [{ kind: "submit", intent }];
  }

  /** A limit at the close: like the entries of the strategies it makes liquidity, and is filled only when traded through. */
  #intentOf(entry: DrawnEntry, seq: number): OrderIntent {
    const atr = this.#series.newestAtr;
    const close = this.#series.newestClose;
    const sign = entry.direction === "long" ? 1 : -1;
    return {
      intentId: `${seq}.0`,
      seq,
      side: entry.direction === "long" ? "buy" : "sell",
      entry: { type: "limit", price: close },
      stopPrice: close - sign * entry.stopAtr * atr,
      targetPrice: entry.targetAtr === null
        ? null
        : close + sign * entry.targetAtr * atr,
      riskPct: this.#riskPct,
      expireAfterSeq: seq + this.#patience,
      strategy: this.#strategyName,
      reasons: ["Drawn by lot"],
    };
  }

  pause(): readonly Output[] {
    return NOTHING;
  }

  resume(): readonly Output[] {
    return NOTHING;
  }

  configure(): "needs_restart" {
    return "needs_restart";
  }

  snapshot(): null {
    return null;
  }

  inspect(): null {
    return null;
  }
}
