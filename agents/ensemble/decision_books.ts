import type { EpochMs } from "../../lib/contracts/primitives.ts";
import { Ring } from "../../lib/core/ring.ts";
import type { AgentNews } from "../agent_news.ts";
import type { ReportLine } from "../agent_report.ts";
import type { EnsembleOutcome } from "./ensemble_trader.ts";
import { describeDecision, describeVerdict } from "./ensemble_words.ts";
import { DECISIONS_KEPT } from "./limits.ts";
import type { UnusualInput } from "./unusual_inputs.ts";
import type { Verdict } from "./verdict.ts";

/** One decision of an engine, an abstention included. Plain data; unknown is null. */
export interface EngineDecision extends Verdict {
  seq: number;
  /** Open time of the deciding candle. */
  at: EpochMs;
  /** What was done with it. */
  outcome: "entry" | "signal" | "abstained" | "skipped";
  /** Why a verdict that may be traded made no entry; null otherwise. */
  skippedBecause: string | null;
  /** Inputs furthest from those of the training, see mostUnusual. */
  unusual: readonly UnusualInput[];
}

/** State of {@link DecisionBooks}. */
export interface DecisionBooksSnapshot {
  /** Oldest first. */
  decisions: readonly EngineDecision[];
  /** What the last line was about. */
  kind: string | null;
}

/** What is known of the decision on a candle. */
export interface TakenDecision {
  verdict: Verdict;
  outcome: EnsembleOutcome;
  unusual: readonly UnusualInput[];
  seq: number;
  at: EpochMs;
  signalsOnly: boolean;
}

/**
 * The last decisions of an engine, and the lines about those that made no entry:
 * each kind once until another one comes, for there is a decision on every
 * candle and most are alike. Entries are told by the orders that they make.
 */
export class DecisionBooks {
  readonly #news: AgentNews;
  readonly #isQuiet: boolean;
  readonly #ring = new Ring<EngineDecision>(DECISIONS_KEPT);
  #kind: string | null = null;

  /** Quiet, it remembers and tells nothing: a backtest has nobody to tell. */
  constructor(news: AgentNews, { isQuiet }: { isQuiet: boolean }) {
    this.#news = news;
    this.#isQuiet = isQuiet;
  }

  take(taken: TakenDecision): void {
    if (this.#isQuiet) return;
    const decision: EngineDecision = {
      ...taken.verdict,
      seq: taken.seq,
      at: taken.at,
      outcome: outcomeOf(taken),
      skippedBecause: taken.outcome.skippedBecause,
      unusual: taken.unusual,
    };
    this.#ring.push(decision);
    const kind = kindOf(decision);
    if (kind === this.#kind) return;
    this.#kind = kind;
    const line = toLine(decision);
    if (line !== null) this.#news.takeLine(line, line.message);
  }

  /** Oldest first. */
  list(): EngineDecision[] {
    return this.#ring.toArray();
  }

  snapshot(): DecisionBooksSnapshot {
    return { decisions: this.list(), kind: this.#kind };
  }

  restore({ decisions, kind }: DecisionBooksSnapshot): void {
    this.#ring.clear();
    for (const decision of decisions) this.#ring.push(decision);
    this.#kind = kind;
  }
}

function outcomeOf(
  { verdict, outcome, signalsOnly }: TakenDecision,
): EngineDecision["outcome"] {
  if (verdict.abstention !== null) return "abstained";
  if (outcome.actions.some(({ kind }) => kind === "submit")) return "entry";
  return signalsOnly ? "signal" : "skipped";
}

function kindOf({ abstention, bias, outcome }: EngineDecision): string {
  return abstention === null ? `${outcome}:${bias}` : abstention.code;
}

function toLine(decision: EngineDecision): ReportLine | null {
  const { outcome, skippedBecause, unusual } = decision;
  const shared = { category: "decision", marketAt: decision.at } as const;
  const said = describeDecision(decision);
  switch (outcome) {
    case "entry":
      return null;
    case "signal":
      return {
        ...shared,
        level: "info",
        message: `Signal only: ${said}`,
        data: { reasons: describeVerdict(decision, unusual) },
      };
    case "skipped":
      return {
        ...shared,
        level: "debug",
        message: skippedBecause === null
          ? said
          : `Skipped: ${said}: ${skippedBecause}`,
      };
    case "abstained":
      return {
        ...shared,
        level: "debug",
        message: said,
        data: { votes: decision.votes },
      };
  }
}
