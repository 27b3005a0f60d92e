import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../lib/contracts/order.ts";
import type {
  SizingConfig,
  StrategyKey,
} from "../../lib/contracts/strategies.ts";
import { sizeEntry } from "../sizing/size_entry.ts";
import type { TradeResults } from "../sizing/trade_results.ts";
import { describeReasons } from "./reasons.ts";
import type { Setup } from "./setup.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** A setup and the entry that was submitted for it, if one is. Plain data. */
export interface ArmedSetup {
  setup: Setup;
  intentId: string | null;
}

/** State of an {@link EntryBook}; structured-cloneable. */
export interface EntryBookSnapshot {
  /** Setups by strategy; none where there is no key. */
  armed: Partial<Record<StrategyKey, ArmedSetup>>;
  /** The setup of the newest submitted entry, also after it was withdrawn. */
  submitted: ArmedSetup | null;
}

/** What bounds the decision on one candle. */
export interface EntryGate {
  /** Most of equity that one trade may lose, in percent. */
  riskPct: number;
  sizing: SizingConfig;
  results: TradeResults;
  /** Why no entry may be open now, or null where entries are allowed. */
  closedBecause: string | null;
}

/** A setup that was not traded although it could have been. */
export interface SkippedSetup {
  setup: Setup;
  reason: string;
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
 */
export class EntryBook {
  readonly #strategies: readonly Strategy[];
  /** By place of the strategy. */
  readonly #armed: (ArmedSetup | null)[];
  #submitted: ArmedSetup | null = null;
  /** Setups that the newest candle made. The array is reused. */
  readonly proposed: Setup[] = [];
  /** Setups that the newest candle gave up for their size or costs. The array is reused. */
  readonly skipped: SkippedSetup[] = [];

  /** `strategies` in the order in which they may submit. */
  constructor(strategies: readonly Strategy[]) {
    this.#strategies = strategies;
    this.#armed = strategies.map(() => null);
  }

  /** Takes an event of the desk; returns the setup whose entry it fills, or null. */
  apply(event: DeskEvent): Setup | null {
    if (event.type === "OrderDenied") {
      // The entry is known to the desk already: an earlier incarnation sent it, and its order stands.
      if (event.code !== "INTENT_DUPLICATE") this.#useUp(event.intentId);
    } else if (event.type === "OrderFilled") {
      if (event.fill.role === "entry") return this.#fill(event.fill.intentId);
    } else if (event.type === "OrderCanceled") {
      if (event.role === "entry") this.#useUp(event.intentId);
    }
    return null;
  }

  /** Decides on the newest candle of the detectors: withdrawals first, then at most one entry. */
  decide(
    context: StrategyContext,
    { gate, actions }: { gate: EntryGate; actions: DeskAction[] },
  ): void {
    this.proposed.length = 0;
    this.skipped.length = 0;
    const count = this.#strategies.length;
    for (let place = 0; place < count; place++) {
      if (this.#armed[place] === null) continue;
      this.#withdraw(place, { context, gate, actions });
    }
    for (let place = 0; place < count; place++) {
      this.#arm(place, { context, actions });
    }
    if (gate.closedBecause === null) this.#submit(context, { gate, actions });
  }

  #useUp(intentId: string): void {
    for (let place = 0; place < this.#armed.length; place++) {
      if (this.#armed[place]?.intentId === intentId) this.#armed[place] = null;
    }
  }

  #fill(intentId: string): Setup | null {
    this.#useUp(intentId);
    const submitted = this.#submitted;
    return submitted?.intentId === intentId ? submitted.setup : null;
  }

  #withdraw(
    place: number,
    { context, gate, actions }: {
      context: StrategyContext;
      gate: EntryGate;
      actions: DeskAction[];
    },
  ): void {
    const armed = this.#armed[place]!;
    const strategy = this.#strategies[place]!;
    const over = context.strategies[strategy.key].enabled
      ? strategy.endOfSetup(armed.setup, context)
      : "The strategy was turned off";
    const reason = over ?? gate.closedBecause;
    if (over !== null) this.#armed[place] = null;
    if (reason !== null) cancel(armed, { reason, actions });
  }

  #arm(
    place: number,
    { context, actions }: { context: StrategyContext; actions: DeskAction[] },
  ): void {
    const strategy = this.#strategies[place]!;
    if (!context.strategies[strategy.key].enabled) return;
    const setup = strategy.propose(context);
    if (setup === null) return;
    const older = this.#armed[place]!;
    if (older !== null) {
      cancel(older, { reason: "A newer setup takes its place", actions });
    }
    this.#armed[place] = { setup, intentId: null };
    this.proposed.push(setup);
  }

  #submit(
    context: StrategyContext,
    { gate, actions }: { gate: EntryGate; actions: DeskAction[] },
  ): void {
    const { lastSeq } = context.detectors.series;
    const resting = this.#armed.find((armed) => armed?.intentId) ?? null;
    if (resting !== null && resting.setup.entry === "market") return;
    for (let place = 0; place < this.#armed.length; place++) {
      const armed = this.#armed[place]!;
      if (armed === null || armed.intentId !== null) continue;
      if (resting !== null && armed.setup.entry !== "market") continue;
      // An order submitted now lives from the next candle on.
      const untilSeq = armed.setup.createdSeq +
        this.#strategies[place]!.waitCandles(context);
      if (lastSeq >= untilSeq) continue;
      const intent = this.#size(place, { context, gate, untilSeq });
      if (intent === null) continue;
      if (resting !== null) {
        cancel(resting, {
          reason: "An entry at the market takes its place",
          actions,
        });
      }
      armed.intentId = intent.intentId;
      this.#submitted = { ...armed };
      actions.push({ kind: "submit", intent });
      return;
    }
  }

  /** The intent of a setup, or null where it is given up for its size. */
  #size(
    place: number,
    { context, gate, untilSeq }: {
      context: StrategyContext;
      gate: EntryGate;
      untilSeq: number;
    },
  ): OrderIntent | null {
    const { setup } = this.#armed[place]!;
    const { series } = context.detectors;
    const size = sizeEntry({
      entry: setup.entry,
      entryPrice: setup.plan.entryPrice,
      stopPrice: setup.plan.stopPrice,
    }, {
      config: gate.sizing,
      riskPct: gate.riskPct,
      results: gate.results,
      series,
    });
    if ("skippedBecause" in size) {
      this.#armed[place] = null;
      this.skipped.push({ setup, reason: size.skippedBecause });
      return null;
    }
    return toIntent(setup, {
      seq: series.lastSeq,
      riskPct: size.riskPct,
      note: size.note,
      expireAfterSeq: untilSeq,
    });
  }

  snapshot(): EntryBookSnapshot {
    const armed: EntryBookSnapshot["armed"] = {};
    this.#strategies.forEach(({ key }, place) => {
      const setup = this.#armed[place];
      if (setup) armed[key] = structuredClone(setup);
    });
    return { armed, submitted: structuredClone(this.#submitted) };
  }

  restore({ armed, submitted }: EntryBookSnapshot): void {
    this.#strategies.forEach(({ key }, place) => {
      this.#armed[place] = structuredClone(armed[key] ?? null);
    });
    this.#submitted = structuredClone(submitted);
    this.proposed.length = 0;
    this.skipped.length = 0;
  }
}

/** Withdraws the entry of a setup, if one is submitted. */
function cancel(
  armed: ArmedSetup,
  { reason, actions }: { reason: string; actions: DeskAction[] },
): void {
  if (armed.intentId === null) return;
  actions.push({ kind: "cancel", intentId: armed.intentId, reason });
  armed.intentId = null;
}

function toIntent(
  setup: Setup,
  options: {
    seq: number;
    riskPct: number;
    note: string | null;
    expireAfterSeq: number;
  },
): OrderIntent {
  const { seq, riskPct, note, expireAfterSeq } = options;
  const { plan } = setup;
  const reasons = describeReasons(setup);
  if (note !== null) reasons.push(note);
  return {
    // At most one entry is submitted on a candle, so its number is 0.
    intentId: `${seq}.0`,
    seq,
    side: setup.bias > 0 ? "buy" : "sell",
    entry: setup.entry === "limit"
      ? { type: "limit", price: plan.entryPrice }
      : { type: "market" },
    stopPrice: plan.stopPrice,
    targetPrice: plan.targetPrice,
    riskPct,
    expireAfterSeq,
    strategy: setup.strategy,
    reasons,
  };
}
