import type { DecisionView } from "../lib/contracts/chart.ts";
import type { DeskAction, DeskEvent } from "../lib/contracts/order.ts";
import type { PatternEvent } from "../lib/contracts/pattern.ts";
import type { EpochMs } from "../lib/contracts/primitives.ts";
import {
  describeIntent,
  describeOutcome,
  type ReportLine,
  toDeskLine,
  toFurtherLine,
  toIntentLine,
  toPatternLine,
  toWithdrawalLine,
} from "./agent_report.ts";
import {
  describeSignal,
  describeSkip,
  toExitLine,
  toSignalLine,
  toSkipLine,
  toStopLine,
} from "./setup_report.ts";
import { DecisionLog } from "./decision_log.ts";
import type { SkippedSetup } from "./strategies/entry_state.ts";
import type { Setup } from "./strategies/setup.ts";

/** State of {@link AgentNews}. Lines are reported with their candle and never kept. */
export interface AgentNewsSnapshot {
  decisions: DecisionView[];
  lastDecision: string | null;
}

/** What there is to tell of an agent: its decisions, the last one in words, and the log lines of one candle. */
export class AgentNews {
  /** The last decision or what became of it, in words. */
  lastDecision: string | null = null;
  readonly #decisions = new DecisionLog();
  readonly #isQuiet: boolean;
  #lines: ReportLine[] = [];

  /** Quiet, it remembers and tells nothing: a backtest has nobody to tell. */
  constructor({ isQuiet = false }: { isQuiet?: boolean } = {}) {
    this.#isQuiet = isQuiet;
  }

  /** The remembered decisions, oldest first. */
  listDecisions(): DecisionView[] {
    return this.#decisions.list();
  }

  takeDeskEvent(event: DeskEvent, marketAt: EpochMs): void {
    if (this.#isQuiet) return;
    this.#decisions.apply(event);
    const line = toDeskLine(event, marketAt);
    if (line !== null) this.#lines.push(line);
    const decision = event.type === "OrderFilled"
      ? this.#decisions.find(event.fill.intentId)
      : null;
    this.lastDecision = describeOutcome(event, decision) ?? this.lastDecision;
  }

  takeAction(action: DeskAction, marketAt: EpochMs): void {
    if (this.#isQuiet) return;
    switch (action.kind) {
      case "submit":
        this.#decisions.add(action.intent, marketAt);
        this.#lines.push(toIntentLine(action.intent, marketAt));
        this.lastDecision = describeIntent(action.intent);
        return;
      case "cancel":
        this.#decisions.noteWithdrawal(action.intentId, action.reason);
        this.#lines.push(toWithdrawalLine(action, marketAt));
        this.lastDecision = `Withdrew the entry: ${action.reason}`;
        return;
      case "close":
        this.#decisions.noteExit(action.reason);
        this.#lines.push(toExitLine(action, marketAt));
        this.lastDecision = `Closes the position: ${action.reason}`;
        return;
      case "moveStop":
        this.#lines.push(toStopLine(action, marketAt));
        return;
      case "part":
      case "reprice":
        this.#lines.push(toFurtherLine(action, marketAt));
        return;
    }
  }

  /** A setup that was given up for its size or costs. */
  takeSkip(skipped: SkippedSetup, marketAt: EpochMs): void {
    if (this.#isQuiet) return;
    this.#lines.push(toSkipLine(skipped, marketAt));
    this.lastDecision = describeSkip(skipped);
  }

  takeSignal(setup: Setup, marketAt: EpochMs): void {
    if (this.#isQuiet) return;
    this.#lines.push(toSignalLine(setup, marketAt));
    this.lastDecision = describeSignal(setup);
  }

  /** A line of an agent's own; `decision` becomes the last decision in words where it is given. */
  takeLine(line: ReportLine, decision?: string): void {
    if (this.#isQuiet) return;
    this.#lines.push(line);
    if (decision !== undefined) this.lastDecision = decision;
  }

  takePattern(event: PatternEvent): void {
    this.#lines.push(toPatternLine(event));
  }

  /** Hands over the lines of the candle, or null where there is no news. */
  flush(): readonly ReportLine[] | null {
    if (this.#lines.length === 0) return null;
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  snapshot(): AgentNewsSnapshot {
    return {
      decisions: this.#decisions.snapshot(),
      lastDecision: this.lastDecision,
    };
  }

  restore(snapshot: AgentNewsSnapshot): void {
    this.#decisions.restore(snapshot.decisions);
    this.lastDecision = snapshot.lastDecision;
    this.#lines = [];
  }
}
