import type { CostsConfig } from "../../lib/contracts/costs.ts";
import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../lib/contracts/order.ts";
import type { SizingConfig } from "../../lib/contracts/strategies.ts";
import { sizeEntry } from "../sizing/size_entry.ts";
import type { TradeResults } from "../sizing/trade_results.ts";
import { LostEntries } from "../lost_entries.ts";
import { hedgeValueOf, toIntent } from "./entry_intent.ts";
import {
  type ArmedSetup,
  type EntryBookSnapshot,
  isLost,
  isUnderWay,
  type SkippedSetup,
} from "./entry_state.ts";
import type { Setup } from "./setup.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** Most withdrawals that are waited for; the desk answers each within a few candles. */
const MAX_WITHDRAWN = 8;

/** What bounds the decision on one candle. */
export interface EntryGate {
  /** Most of equity that one trade may lose, in percent. */
  riskPct: number;
  sizing: SizingConfig;
  /** Costs of the agent; the presets where they are left out. */
  costs?: CostsConfig;
  /** Why no entry may be open now, or null where entries are allowed. */
  closedBecause: string | null;
}

/**
 * The entries of one agent. Each strategy has at most one setup, the newest;
 * at most ONE entry is submitted in all, so that two fills on one candle
 * cannot make two positions in a symbol.
 *
 * A setup at a zone waits while entries are closed (warm-up, pause, open
 * position) and is submitted afterwards if price has not touched it meanwhile.
 * A setup at the market is submitted on its candle or not at all; a resting
 * entry is withdrawn for it. A setup is used up by a fill, a denial, a
 * cancellation by the desk, or a size of nothing.
 *
 * The answer of a venue takes its time. Until it is there an entry at the market
 * is under way: no newer setup of its strategy takes its place. And a withdrawn
 * entry may have been filled before its withdrawal arrived, so its setup is
 * kept until the desk says what became of it: a position is never without one.
 * An entry that the desk has not named after some candles never reached it: it
 * is given up, and withdrawn again should the desk accept it after all.
 */
export class EntryBook {
  readonly #strategies: readonly Strategy[];
  readonly #results: TradeResults;
  /** Where decisions go. */
  readonly #actions: DeskAction[];
  /** By place of the strategy. */
  readonly #armed: (ArmedSetup | null)[];
  #submitted: ArmedSetup | null = null;
  readonly #withdrawn: ArmedSetup[] = [];
  readonly #lost = new LostEntries();
  #context: StrategyContext | null = null;
  /** Places of the strategies that are on, as the context has it. */
  #enabled: readonly number[] = [];
  /** Setups that the newest candle made. The array is reused. */
  readonly proposed: Setup[] = [];
  /** Setups that the newest candle gave up for their size or costs. The array is reused. */
  readonly skipped: SkippedSetup[] = [];

  /** `strategies` are in the order in which they may submit; decisions are appended to `actions`. */
  constructor(options: {
    strategies: readonly Strategy[];
    results: TradeResults;
    actions: DeskAction[];
  }) {
    this.#strategies = options.strategies;
    this.#results = options.results;
    this.#actions = options.actions;
    this.#armed = options.strategies.map(() => null);
  }

  /** Takes an event of the desk; returns the setup whose entry it fills, or null. */
  apply(event: DeskEvent): Setup | null {
    if (event.type === "OrderDenied") {
      // The entry is known to the desk already: an earlier incarnation sent it, and its order stands.
      if (event.code === "INTENT_DUPLICATE") this.#named(event.intentId);
      else this.#useUp(event.intentId);
    } else if (event.type === "OrderAccepted") {
      const { role, intentId } = event.order;
      if (role === "entry") this.#named(intentId);
    } else if (event.type === "OrderFilled") {
      if (event.fill.role === "entry") return this.#fill(event.fill.intentId);
    } else if (event.type === "OrderCanceled") {
      if (event.role === "entry") this.#useUp(event.intentId);
    }
    return null;
  }

  /** Decides on the newest candle of the detectors: withdrawals first, then at most one entry. */
  decide(context: StrategyContext, gate: EntryGate): void {
    if (this.proposed.length > 0) this.proposed.length = 0;
    if (this.skipped.length > 0) this.skipped.length = 0;
    this.#giveUpLost(context.detectors.series.lastSeq);
    const armed = this.#armed;
    for (let place = 0; place < armed.length; place++) {
      if (armed[place] === null) continue;
      const over = this.#endOf(place, context);
      const reason = over ?? gate.closedBecause;
      if (reason !== null) this.#cancel(armed[place]!, reason);
      if (over !== null) armed[place] = null;
    }
    if (context !== this.#context) this.#takeContext(context);
    for (let index = 0; index < this.#enabled.length; index++) {
      this.#arm(this.#enabled[index]!, context);
    }
    if (gate.closedBecause === null) this.#submit(context, gate);
  }

  #takeContext(context: StrategyContext): void {
    this.#context = context;
    this.#enabled = this.#strategies.flatMap(({ key }, place) =>
      context.strategies[key].enabled ? [place] : []
    );
  }

  /** The desk has an entry. */
  #named(intentId: string): void {
    for (const armed of this.#armed) {
      if (armed?.intentId === intentId) delete armed.sentSeq;
    }
    this.#lost.named(intentId);
  }

  #giveUpLost(seq: number): void {
    this.#actions.push(...this.#lost.takeAccepted());
    for (let place = 0; place < this.#armed.length; place++) {
      const armed = this.#armed[place];
      if (!armed || !isLost(armed, seq)) continue;
      this.#actions.push(this.#lost.giveUp(armed.intentId!));
      this.#keepWithdrawn(armed);
      this.#armed[place] = null;
    }
  }

  #useUp(intentId: string): void {
    for (let place = 0; place < this.#armed.length; place++) {
      if (this.#armed[place]?.intentId === intentId) this.#armed[place] = null;
    }
    const index = this.#withdrawn.findIndex((entry) =>
      entry.intentId === intentId
    );
    if (index >= 0) this.#withdrawn.splice(index, 1);
    this.#lost.forget(intentId);
  }

  #fill(intentId: string): Setup | null {
    const filled = [this.#submitted, ...this.#withdrawn].find((entry) =>
      entry?.intentId === intentId
    );
    this.#useUp(intentId);
    return filled?.setup ?? null;
  }

  /** Why the setup of a strategy is over, or null. An order at the market is under way until the desk answers. */
  #endOf(place: number, context: StrategyContext): string | null {
    const strategy = this.#strategies[place]!;
    if (!context.strategies[strategy.key].enabled) {
      return "The strategy was turned off";
    }
    const armed = this.#armed[place]!;
    return isUnderWay(armed) ? null : strategy.endOfSetup(armed.setup, context);
  }

  #arm(place: number, context: StrategyContext): void {
    const setup = this.#strategies[place]!.propose(context);
    const older = this.#armed[place]!;
    if (setup === null || (older !== null && isUnderWay(older))) return;
    if (older !== null) this.#cancel(older, "A newer setup takes its place");
    this.#armed[place] = { setup, intentId: null };
    this.proposed.push(setup);
  }

  #submit(context: StrategyContext, gate: EntryGate): void {
    const armed = this.#armed;
    let resting: ArmedSetup | null = null;
    let isAnyWaiting = false;
    for (let place = 0; place < armed.length; place++) {
      const candidate = armed[place]!;
      if (candidate === null) continue;
      if (candidate.intentId === null) isAnyWaiting = true;
      else resting = candidate;
    }
    if (!isAnyWaiting || resting?.setup.entry === "market") return;
    for (let place = 0; place < armed.length; place++) {
      const candidate = armed[place]!;
      if (candidate === null || candidate.intentId !== null) continue;
      if (resting !== null && candidate.setup.entry !== "market") continue;
      const intent = this.#toIntent(place, { context, gate });
      if (intent === null) continue;
      if (resting !== null) {
        this.#cancel(resting, "An entry at the market takes its place");
      }
      candidate.intentId = intent.intentId;
      this.#submitted = { ...candidate };
      candidate.sentSeq = intent.seq;
      this.#actions.push({ kind: "submit", intent });
      return;
    }
  }

  /** Withdraws the entry of a setup, if one is submitted. */
  #cancel(armed: ArmedSetup, reason: string): void {
    if (armed.intentId === null) return;
    this.#actions.push({ kind: "cancel", intentId: armed.intentId, reason });
    this.#keepWithdrawn(armed);
    armed.intentId = null;
  }

  #keepWithdrawn(armed: ArmedSetup): void {
    delete armed.sentSeq;
    this.#withdrawn.push({ ...armed });
    if (this.#withdrawn.length > MAX_WITHDRAWN) this.#withdrawn.shift();
  }

  /** The intent of a setup; null where it could not live a candle, or is given up for its size. */
  #toIntent(
    place: number,
    { context, gate }: { context: StrategyContext; gate: EntryGate },
  ): OrderIntent | null {
    const { setup } = this.#armed[place]!;
    const { series } = context.detectors;
    const untilSeq = setup.createdSeq +
      this.#strategies[place]!.waitCandles(context);
    // An order submitted now lives from the next candle on.
    if (series.lastSeq >= untilSeq) return null;
    const { entryPrice, stopPrice } = setup.plan;
    const size = sizeEntry({
      entry: setup.entry,
      entryPrice,
      stopPrice,
      hedgeValue: hedgeValueOf(setup),
    }, {
      config: gate.sizing,
      ...(gate.costs === undefined ? {} : { costs: gate.costs }),
      riskPct: gate.riskPct,
      results: this.#results,
      series,
    });
    if ("skippedBecause" in size) {
      this.#armed[place] = null;
      this.skipped.push({ setup, reason: size.skippedBecause });
      return null;
    }
    const { riskPct, note } = size;
    return toIntent(setup, {
      seq: series.lastSeq,
      riskPct,
      note,
      // An order at the market fills as soon as it can.
      expireAfterSeq: setup.entry === "market" ? null : untilSeq,
    });
  }

  snapshot(): EntryBookSnapshot {
    const armed: EntryBookSnapshot["armed"] = {};
    this.#strategies.forEach(({ key }, place) => {
      const setup = this.#armed[place];
      if (setup) armed[key] = structuredClone(setup);
    });
    const submitted = structuredClone(this.#submitted);
    const withdrawn = structuredClone(this.#withdrawn);
    return {
      armed,
      submitted,
      ...(withdrawn.length === 0 ? {} : { withdrawn }),
      ...this.#lost.snapshot(),
    };
  }

  restore(
    { armed, submitted, withdrawn = [], ...lost }: EntryBookSnapshot,
  ): void {
    this.#lost.restore(lost);
    this.#strategies.forEach(({ key }, place) => {
      this.#armed[place] = structuredClone(armed[key] ?? null);
    });
    this.#submitted = structuredClone(submitted);
    this.#withdrawn.splice(0, Infinity, ...structuredClone(withdrawn));
    this.proposed.length = 0;
    this.skipped.length = 0;
  }
}
