import type { CostsConfig } from "../../lib/contracts/costs.ts";
import type { DecisionConfig } from "../../lib/contracts/decision_config.ts";
import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../lib/contracts/order.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import type { ExitSignal } from "../../lib/contracts/signal.ts";
import type { SizingConfig } from "../../lib/contracts/strategies.ts";
import type { CandleSeries } from "../market/candle_series.ts";
import { sizeEntry } from "../sizing/size_entry.ts";
import { isUnanswered } from "../desk_answer.ts";
import { LostEntries } from "../lost_entries.ts";
import { TradeResults } from "../sizing/trade_results.ts";
import type { EntryPlan, Planned } from "./entry_plan.ts";
import type {
  EnsembleTraderSnapshot,
  Held,
  WorkingEntry,
} from "./trader_state.ts";
import { points, type Verdict } from "./verdict.ts";

/** What bounds the decision on one candle. */
export interface EnsembleGate {
  decision: DecisionConfig;
  sizing: SizingConfig;
  costs: CostsConfig;
  /** Most of equity that one trade may lose, in percent. */
  riskPct: number;
  /** Why no entry may be open now, or null where entries are allowed. */
  closedBecause: string | null;
  /** Whether the desk has a position. */
  hasPosition: boolean;
}

/** What was decided on a candle besides the actions. */
export interface EnsembleOutcome {
  actions: readonly DeskAction[];
  /** Why a verdict that may be traded made no entry; null where it made one, or none may be traded. */
  skippedBecause: string | null;
}

/** A candle to decide on. */
export interface EnsembleCandle {
  series: CandleSeries;
  gate: EnsembleGate;
  /** Where to enter; null where the verdict may not be traded. */
  plan: Planned | null;
  /** Whether the plan is that of another agent. */
  isHeard: boolean;
  /** Ends that other agents signalled. */
  exits: readonly ExitSignal[];
}

const NO_ACTIONS: readonly DeskAction[] = [];

/**
 * Trades the verdicts of an ensemble: at most one entry or position at a time.
 * A position ends at its stop or target, when the models turn against it, or
 * after its time; an entry at a limit is withdrawn once they do not agree with
 * it any more. One that the desk has not named after some candles never reached
 * it: it is given up, and withdrawn again should the desk accept it after all;
 * if it is filled, it is the position.
 */
export class EnsembleTrader {
  readonly #results = new TradeResults();
  #working: WorkingEntry | null = null;
  #held: Held | null = null;
  readonly #lost = new LostEntries();

  /** Takes an event of the desk. */
  apply(event: DeskEvent): void {
    this.#results.apply(event);
    switch (event.type) {
      case "OrderDenied":
        // A duplicate is denied because the first one stands.
        if (event.code === "INTENT_DUPLICATE") this.#named(event.intentId);
        else this.#forget(event.intentId);
        return;
      case "OrderAccepted":
        if (event.order.role === "entry") this.#named(event.order.intentId);
        return;
      case "OrderCanceled":
        if (event.role === "entry") this.#forget(event.intentId);
        return;
      case "OrderFilled":
        if (event.fill.role === "entry") this.#open(event);
        return;
      case "PositionClosed":
        this.#held = null;
        return;
      default:
        return;
    }
  }

  /**
   * Decides on the newest candle of the series: the position first, then
   * withdrawals, then at most one entry, which is that of `plan`.
   */
  decide(verdict: Verdict, context: EnsembleCandle): EnsembleOutcome {
    const { series, gate, plan, exits, isHeard } = context;
    if (this.#held !== null && !gate.hasPosition) this.#held = null;
    const actions: DeskAction[] = [];
    if (this.#held !== null) {
      this.#manage(this.#held, { verdict, series, gate, exits, actions });
    }
    this.#giveUpLost(series.lastSeq, actions);
    if (this.#working !== null) {
      this.#review(this.#working, { verdict, gate, exits, actions });
    }
    const isFree = this.#held === null && this.#working === null;
    if (plan === null || "skippedBecause" in plan) {
      return outcomeOf(actions, plan?.skippedBecause ?? null);
    }
    if (!isFree || gate.closedBecause !== null) {
      return outcomeOf(actions, gate.closedBecause);
    }
    const entry = this.#toEntry(plan, { series, gate });
    if ("skippedBecause" in entry) {
      return outcomeOf(actions, entry.skippedBecause);
    }
    const { intent } = entry;
    this.#working = {
      intentId: intent.intentId,
      bias: plan.bias,
      ...(isHeard ? { isHeard } : {}),
      sentSeq: intent.seq,
    };
    actions.push({ kind: "submit", intent });
    return outcomeOf(actions, null);
  }

  #forget(intentId: string): void {
    if (this.#working?.intentId === intentId) this.#working = null;
    this.#lost.forget(intentId);
  }

  /** The desk has an entry. */
  #named(intentId: string): void {
    if (this.#working?.intentId === intentId) delete this.#working.sentSeq;
    this.#lost.named(intentId);
  }

  #giveUpLost(seq: number, actions: DeskAction[]): void {
    actions.push(...this.#lost.takeAccepted());
    const { sentSeq, intentId } = this.#working ?? {};
    if (intentId === undefined || sentSeq === undefined) return;
    if (!isUnanswered(sentSeq, seq)) return;
    this.#working = null;
    actions.push(this.#lost.giveUp(intentId));
  }

  /** A fill at a venue has the number of the last closed candle, and its event that of the candle it was in. */
  #open(
    { seq, fill: { intentId, side } }: Extract<
      DeskEvent,
      { type: "OrderFilled" }
    >,
  ): void {
    this.#forget(intentId);
    // A part of an entry is filled with the rest of it.
    if (this.#held?.intentId === intentId) return;
    this.#held = { intentId, bias: side === "buy" ? 1 : -1, entrySeq: seq };
  }

  #manage(
    { bias, entrySeq }: Held,
    { verdict, series, gate, exits, actions }: {
      verdict: Verdict;
      series: CandleSeries;
      gate: EnsembleGate;
      exits: readonly ExitSignal[];
      actions: DeskAction[];
    },
  ): void {
    const { maxHoldCandles } = gate.decision;
    const ended = exits.find(({ side }) => side === sideOf(bias));
    if (ended !== undefined) {
      actions.push({ kind: "close", reason: describeEnd(ended) });
    } else if (verdict.abstention === null && verdict.bias === -bias) {
      actions.push({
        kind: "close",
        reason: `The models turned ${bias > 0 ? "down" : "up"} with ${
          points(verdict.confidence!)
        } %`,
      });
    } else if (series.lastSeq - entrySeq + 1 >= maxHoldCandles) {
      actions.push({
        kind: "close",
        reason: `Held for ${maxHoldCandles} candles`,
      });
    }
  }

  /** The desk answers the withdrawal; until then the entry may still be filled. */
  #review(
    { intentId, bias, isHeard }: WorkingEntry,
    { verdict, gate, exits, actions }: {
      verdict: Verdict;
      gate: EnsembleGate;
      exits: readonly ExitSignal[];
      actions: DeskAction[];
    },
  ): void {
    const isDecided = verdict.abstention === null;
    const stands = isHeard
      ? !isDecided || verdict.bias !== -bias
      : gate.decision.entry === "market" || isDecided && verdict.bias === bias;
    const ended = exits.find(({ side }) => side === sideOf(bias));
    const reason = gate.closedBecause ??
      (ended === undefined ? null : describeEnd(ended)) ??
      (stands ? null : "The models do not agree with it any more");
    if (reason !== null) actions.push({ kind: "cancel", intentId, reason });
  }

  #toEntry(
    plan: EntryPlan,
    { series, gate }: { series: CandleSeries; gate: EnsembleGate },
  ): { intent: OrderIntent } | { skippedBecause: string } {
    const { entry, entryPrice, stopPrice } = plan;
    const size = sizeEntry(
      { entry: entry.type, entryPrice, stopPrice },
      {
        config: gate.sizing,
        costs: gate.costs,
        riskPct: gate.riskPct,
        results: this.#results,
        series,
      },
    );
    if ("skippedBecause" in size) return size;
    const seq = series.lastSeq;
    return {
      intent: {
        intentId: `${seq}.0`,
        seq,
        side: sideOf(plan.bias),
        entry,
        stopPrice,
        targetPrice: plan.targetPrice,
        riskPct: size.riskPct,
        expireAfterSeq: plan.expireAfterSeq,
        strategy: plan.strategy,
        reasons: size.note === null
          ? plan.reasons
          : [...plan.reasons, size.note],
      },
    };
  }

  snapshot(): EnsembleTraderSnapshot {
    return {
      working: this.#working === null ? null : { ...this.#working },
      held: this.#held === null ? null : { ...this.#held },
      results: this.#results.snapshot(),
      ...this.#lost.snapshot(),
    };
  }

  restore(
    { working, held, results, ...lost }: EnsembleTraderSnapshot,
  ): void {
    this.#lost.restore(lost);
    this.#working = working === null ? null : { ...working };
    this.#held = held === null ? null : { ...held };
    this.#results.restore(results);
  }
}

function outcomeOf(
  actions: readonly DeskAction[],
  skippedBecause: string | null,
): EnsembleOutcome {
  return {
    actions: actions.length === 0 ? NO_ACTIONS : actions,
    skippedBecause,
  };
}

function sideOf(bias: Bias): Side {
  return bias > 0 ? "buy" : "sell";
}

function describeEnd({ reasons }: ExitSignal): string {
  return reasons[0] ?? "A source signals the end";
}
