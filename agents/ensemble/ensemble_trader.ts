import type { CostsConfig } from "../../lib/contracts/costs.ts";
import type { DecisionConfig } from "../../lib/contracts/decision_config.ts";
import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../lib/contracts/order.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { SizingConfig } from "../../lib/contracts/strategies.ts";
import type { CandleSeries } from "../market/candle_series.ts";
import { sizeEntry } from "../sizing/size_entry.ts";
import { TradeResults } from "../sizing/trade_results.ts";
import { barriersOf } from "./barriers.ts";
import { describeVerdict } from "./ensemble_words.ts";
import { LIMIT_WAIT_CANDLES } from "./limits.ts";
import type { UnusualInput } from "./unusual_inputs.ts";
import { points, type Verdict } from "./verdict.ts";

/** Name of the engine's trades, as strategies have names. */
export const ENSEMBLE = "ensemble";

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

/** An entry that the desk has and that is not filled. */
interface WorkingEntry {
  intentId: string;
  bias: Bias;
}

/** The open position. */
interface Held {
  intentId: string;
  bias: Bias;
  /** Candle that filled the entry. */
  entrySeq: number;
}

/** State of an {@link EnsembleTrader}; structured-cloneable. */
export interface EnsembleTraderSnapshot {
  working: WorkingEntry | null;
  held: Held | null;
  results: number[];
}

/** What was decided on a candle besides the actions. */
export interface EnsembleOutcome {
  actions: readonly DeskAction[];
  /** Why a verdict that may be traded made no entry; null where it made one, or none may be traded. */
  skippedBecause: string | null;
}

const NO_ACTIONS: readonly DeskAction[] = [];

/**
 * Trades the verdicts of an ensemble: at most one entry or position at a time.
 * A position ends at its stop or target, when the models turn against it, or
 * after its time; an entry at a limit is withdrawn once they do not agree with
 * it any more.
 */
export class EnsembleTrader {
  readonly #results = new TradeResults();
  #working: WorkingEntry | null = null;
  #held: Held | null = null;

  /** Takes an event of the desk. */
  apply(event: DeskEvent): void {
    this.#results.apply(event);
    switch (event.type) {
      case "OrderDenied":
        // A duplicate is denied because the first one stands.
        if (event.code !== "INTENT_DUPLICATE") this.#forget(event.intentId);
        return;
      case "OrderCanceled":
        if (event.role === "entry") this.#forget(event.intentId);
        return;
      case "OrderFilled":
        if (event.fill.role === "entry") this.#open(event.fill);
        return;
      case "PositionClosed":
        this.#held = null;
        return;
      default:
        return;
    }
  }

  /** Decides on the newest candle of the series: the position first, then withdrawals, then at most one entry. */
  decide(
    verdict: Verdict,
    { series, gate, unusual }: {
      series: CandleSeries;
      gate: EnsembleGate;
      unusual: readonly UnusualInput[];
    },
  ): EnsembleOutcome {
    if (this.#held !== null && !gate.hasPosition) this.#held = null;
    const actions: DeskAction[] = [];
    if (this.#held !== null) {
      this.#manage(this.#held, { verdict, series, gate, actions });
    }
    if (this.#working !== null) {
      this.#review(this.#working, { verdict, gate, actions });
    }
    const isFree = this.#held === null && this.#working === null;
    const mayTrade = verdict.abstention === null && verdict.bias !== null;
    if (!isFree || !mayTrade || gate.closedBecause !== null) {
      return {
        actions: actions.length === 0 ? NO_ACTIONS : actions,
        skippedBecause: mayTrade ? gate.closedBecause : null,
      };
    }
    const entry = this.#toEntry(verdict, { series, gate, unusual });
    if ("skippedBecause" in entry) {
      return { actions, skippedBecause: entry.skippedBecause };
    }
    const { intent } = entry;
    this.#working = { intentId: intent.intentId, bias: verdict.bias! };
    actions.push({ kind: "submit", intent });
    return { actions, skippedBecause: null };
  }

  #forget(intentId: string): void {
    if (this.#working?.intentId === intentId) this.#working = null;
  }

  #open(
    { intentId, side, seq }: { intentId: string; side: string; seq: number },
  ): void {
    this.#forget(intentId);
    // A part of an entry is filled with the rest of it.
    if (this.#held?.intentId === intentId) return;
    this.#held = { intentId, bias: side === "buy" ? 1 : -1, entrySeq: seq };
  }

  #manage(
    { bias, entrySeq }: Held,
    { verdict, series, gate, actions }: {
      verdict: Verdict;
      series: CandleSeries;
      gate: EnsembleGate;
      actions: DeskAction[];
    },
  ): void {
    const { maxHoldCandles } = gate.decision;
    if (verdict.abstention === null && verdict.bias === -bias) {
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
    { intentId, bias }: WorkingEntry,
    { verdict, gate, actions }: {
      verdict: Verdict;
      gate: EnsembleGate;
      actions: DeskAction[];
    },
  ): void {
    const agrees = verdict.abstention === null && verdict.bias === bias;
    const reason = gate.closedBecause ??
      (agrees || gate.decision.entry === "market"
        ? null
        : "The models do not agree with it any more");
    if (reason !== null) actions.push({ kind: "cancel", intentId, reason });
  }

  #toEntry(
    verdict: Verdict,
    { series, gate, unusual }: {
      series: CandleSeries;
      gate: EnsembleGate;
      unusual: readonly UnusualInput[];
    },
  ): { intent: OrderIntent } | { skippedBecause: string } {
    const { decision } = gate;
    const seq = series.lastSeq;
    const bias = verdict.bias!;
    const barriers = barriersOf(series, bias, decision);
    if (barriers === null) {
      return { skippedBecause: "The stop or the target would not be a price" };
    }
    const { price, stopPrice, targetPrice } = barriers;
    const size = sizeEntry(
      { entry: decision.entry, entryPrice: price, stopPrice },
      {
        config: gate.sizing,
        costs: gate.costs,
        riskPct: gate.riskPct,
        results: this.#results,
        series,
      },
    );
    if ("skippedBecause" in size) return size;
    const reasons = describeVerdict(verdict, unusual);
    if (size.note !== null) reasons.push(size.note);
    const isLimit = decision.entry === "limit";
    return {
      intent: {
        intentId: `${seq}.0`,
        seq,
        side: bias > 0 ? "buy" : "sell",
        entry: isLimit ? { type: "limit", price } : { type: "market" },
        stopPrice,
        targetPrice,
        riskPct: size.riskPct,
        expireAfterSeq: isLimit ? seq + LIMIT_WAIT_CANDLES : null,
        strategy: ENSEMBLE,
        reasons,
      },
    };
  }

  snapshot(): EnsembleTraderSnapshot {
    return {
      working: this.#working === null ? null : { ...this.#working },
      held: this.#held === null ? null : { ...this.#held },
      results: this.#results.snapshot(),
    };
  }

  restore({ working, held, results }: EnsembleTraderSnapshot): void {
    this.#working = working === null ? null : { ...working };
    this.#held = held === null ? null : { ...held };
    this.#results.restore(results);
  }
}
