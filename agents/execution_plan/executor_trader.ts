import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../lib/contracts/order.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import type { EnterSignal, ExitSignal } from "../../lib/contracts/signal.ts";
import type { HeardSignal } from "../signals/sources.ts";
import { advancePlan, giveUpPlan, withdrawPlan } from "./advance.ts";
import { EntryBreaker, type EntryBreakerSnapshot } from "./breaker.ts";
import { type EntryPlan, isPlanOver, openPlan } from "./entry_plan.ts";
import { applyToPlan, type EntryOutcome, isDoubled } from "./plan_events.ts";
import { type EntryMoment, submitPlan } from "./submit.ts";
import { isOver, SourceVotes, type SourceVotesSnapshot } from "./votes.ts";

/** What a decision is made on. */
export interface ExecutionMoment extends EntryMoment {
  sourceIds: readonly string[];
  /** Why nothing may be entered or stay on its way; null where it may. */
  blockedBecause: string | null;
  /** Whether the desk has a position. */
  hasPosition: boolean;
}

/** Something to tell the owner. */
export interface ExecutionNote {
  level: "info" | "warning" | "error";
  message: string;
  /** The signal that it is about; left out for none. */
  heard?: HeardSignal;
}

/** An open position as far as exits need it. Plain data. */
interface Held {
  intentId: string;
  side: Side;
  /** Whether it is to be closed: the desk is asked until it has no position any more. */
  isClosing: boolean;
  /** Why; left out where a snapshot of an earlier build does not say. */
  closeReason?: string;
}

/** State of an {@link ExecutorTrader}; structured-cloneable. */
export interface ExecutorTraderSnapshot {
  plan: EntryPlan | null;
  held: Held | null;
  breaker: EntryBreakerSnapshot;
  votes: SourceVotesSnapshot;
}

const NO_ACTIONS: readonly DeskAction[] = [];
const NO_NOTES: readonly ExecutionNote[] = [];

/**
 * What an executor trades: one signal at a time, from its first order to its
 * last, and the way out when a source says so. Deterministic: the same events,
 * signals and candles give the same actions.
 */
export class ExecutorTrader {
  readonly breaker = new EntryBreaker();
  readonly #votes = new SourceVotes();
  #plan: EntryPlan | null = null;
  #held: Held | null = null;
  #notes: ExecutionNote[] = [];
  #actions: DeskAction[] = [];

  /** Takes an event of the desk. */
  apply(event: DeskEvent, { config, seq }: EntryMoment): void {
    if (event.type === "PositionClosed") {
      this.#held = null;
      if (this.#plan?.intentId === event.trade.intentId) this.#endPlan();
      return;
    }
    if (event.type === "OrderFilled" && event.fill.role === "entry") {
      this.#hold(event.fill);
    }
    const plan = this.#plan;
    if (plan === null) return;
    if (isDoubled(plan, event)) {
      this.#actions.push(...giveUpPlan(plan, "An earlier run had sent it"));
    }
    for (const outcome of applyToPlan(plan, event, { config, seq })) {
      this.#learn(outcome, { config, seq });
    }
    if (isPlanOver(plan)) this.#endPlan();
  }

  /** The entry under way goes on by one candle, and so does a way out. To be called once for each, before its signals. */
  step(moment: ExecutionMoment): void {
    if (!moment.hasPosition && this.#held !== null) this.#held = null;
    if (this.#held?.isClosing === true) this.#close(this.#held);
    const plan = this.#plan;
    if (plan === null) return;
    if (moment.blockedBecause !== null) {
      this.#actions.push(...withdrawPlan(plan, moment.blockedBecause));
    } else if (plan.intentId === null) {
      if (plan.retrySeq !== null && moment.seq >= plan.retrySeq) {
        this.#tryEnter(plan, moment);
      }
    } else {
      const { actions, slipped } = advancePlan(plan, moment);
      this.#actions.push(...actions);
      for (const cause of slipped) {
        this.#learn({ kind: "failed", cause }, moment);
      }
    }
    if (isPlanOver(plan)) this.#endPlan();
  }

  /** Takes one signal that has just come. */
  take(heard: HeardSignal, moment: ExecutionMoment): void {
    const { signal } = heard;
    const agree = this.#votes.add(heard, moment);
    if (signal.kind === "exit") this.#exit(signal);
    else {
      const reason = this.#whyNot(signal, moment) ??
        (moment.config.agreement === "all" && !agree
          ? "Not all sources want the same yet"
          : null);
      if (reason === null) this.#enter(heard, signal, moment);
      else this.#passOver(heard, reason);
    }
  }

  /** Hands over what was decided since the last call. */
  takeActions(): readonly DeskAction[] {
    if (this.#actions.length === 0) return NO_ACTIONS;
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  /** Hands over what there is to tell. */
  takeNotes(): readonly ExecutionNote[] {
    if (this.#notes.length === 0) return NO_NOTES;
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** A person has resumed the agent. */
  resume(): void {
    if (this.breaker.state === "latched") this.breaker.reset();
  }

  #whyNot(signal: EnterSignal, moment: ExecutionMoment): string | null {
    const { config, seq } = moment;
    if (
      signal.confidence !== null && signal.confidence < config.minConfidence
    ) {
      return `Its confidence of ${signal.confidence} is below ${config.minConfidence}`;
    }
    if (isOver(signal, seq)) return "It came too late";
    if (moment.blockedBecause !== null) return moment.blockedBecause;
    if (moment.hasPosition || this.#held !== null) return "A position is open";
    if (this.#plan !== null) return "Another entry is under way";
    return this.breaker.refusal(seq);
  }

  #enter(heard: HeardSignal, signal: EnterSignal, moment: ExecutionMoment) {
    this.#votes.clear();
    const plan = openPlan({ ...heard, signal });
    this.#plan = plan;
    this.#tryEnter(plan, moment);
    if (isPlanOver(plan)) this.#endPlan();
  }

  /** The next attempt at a plan, unless something speaks against it by now. */
  #tryEnter(plan: EntryPlan, moment: ExecutionMoment): void {
    const isRetry = plan.attempts > 0;
    const refusal = this.breaker.refusal(moment.seq, { isRetry }) ??
      tooLate(plan, moment);
    const made: OrderIntent | { reason: string; isSlippage: boolean } =
      refusal === null
        ? submitPlan(plan, moment)
        : { reason: refusal, isSlippage: false };
    if ("intentId" in made) {
      this.breaker.began();
      this.#actions.push({ kind: "submit", intent: made });
      return;
    }
    plan.retrySeq = null;
    this.#passOver(plan, made.reason);
    if (made.isSlippage) {
      this.#learn({ kind: "failed", cause: made.reason }, moment);
    }
  }

  #exit({ side, reasons, strategy }: ExitSignal): void {
    const reason = reasons[0] ?? `A signal of ${strategy} to leave`;
    const plan = this.#plan;
    if (plan?.signal.side === side) {
      this.#actions.push(...withdrawPlan(plan, reason));
      plan.leaveReason ??= reason;
      if (isPlanOver(plan)) this.#endPlan();
    }
    const held = this.#held;
    if (held === null || held.side !== side || held.isClosing) return;
    held.isClosing = true;
    held.closeReason = reason;
    this.#close(held);
  }

  /** What was filled before the desk heard of the withdrawal is left as soon as it is known. */
  #hold({ intentId, side }: { intentId: string; side: Side }): void {
    if (this.#held !== null) return;
    const plan = this.#plan;
    const closeReason = plan?.intentId === intentId
      ? plan.leaveReason
      : undefined;
    this.#held = closeReason === undefined
      ? { intentId, side, isClosing: false }
      : { intentId, side, isClosing: true, closeReason };
  }

  /** Asking again does no harm, and the desk or its venue may have turned the last one away. */
  #close({ closeReason = "A signal to leave" }: Held): void {
    this.#actions.push({ kind: "close", reason: closeReason });
  }

  #endPlan(): void {
    this.#plan = null;
    this.breaker.withdrew();
  }

  #learn(
    outcome: EntryOutcome,
    { config, seq }: Pick<EntryMoment, "config" | "seq">,
  ): void {
    if (outcome.kind === "filled") return this.breaker.succeeded();
    const why = { cause: outcome.cause, config };
    const opened = outcome.kind === "trip"
      ? this.breaker.trip(seq, why)
      : this.breaker.failed(seq, why);
    if (opened === null) return;
    const isLatched = this.breaker.state === "latched";
    this.#notes.push({
      level: isLatched ? "error" : "warning",
      message: opened,
    });
  }

  #passOver(
    { sourceId, slot, signal }: HeardSignal,
    reason: string,
  ): void {
    this.#notes.push({
      level: "info",
      message: reason,
      heard: { sourceId, slot, signal },
    });
  }

  snapshot(): ExecutorTraderSnapshot {
    return {
      plan: structuredClone(this.#plan),
      held: structuredClone(this.#held),
      breaker: this.breaker.snapshot(),
      votes: this.#votes.snapshot(),
    };
  }

  restore({ plan, held, breaker, votes }: ExecutorTraderSnapshot): void {
    this.#plan = structuredClone(plan);
    this.#held = structuredClone(held);
    this.breaker.restore(breaker);
    this.#votes.restore(votes);
  }
}

/** Why a retry comes too late. One that was to enter at once may: how much worse the price is by then is looked at. */
function tooLate(
  { signal, attempts }: EntryPlan,
  { seq }: ExecutionMoment,
): string | null {
  if (attempts === 0 || signal.entry.type === "market") return null;
  return isOver(signal, seq) ? "Its time is over" : null;
}
