import { assertNever } from "../../lib/core/assert.ts";
import type { AgentNews } from "../agent_news.ts";
import type { CandleLoop } from "../candle_loop.ts";
import { describeLastPattern, readChart } from "../pattern_view.ts";
import type {
  AgentVitalsAnswer,
  DecisionEngineQuestion,
  EnsembleView,
} from "../queries.ts";
import type { EngineSignals } from "../signals/engine_signals.ts";
import type { DecisionBooks } from "./decision_books.ts";
import type { MarketFeatures } from "./market_features.ts";
import type { ModelPanel } from "./model_panel.ts";
import { describeProblem } from "./model_words.ts";

/** The parts of a decision engine that its answers are read from. */
interface EngineParts {
  market: MarketFeatures;
  panel: ModelPanel;
  loop: CandleLoop;
  news: AgentNews;
  books: DecisionBooks;
  signals: EngineSignals;
  maxZoneAgeCandles: number;
}

/** Answers a question to a decision engine; changes nothing. */
export function answerEngine(
  question: DecisionEngineQuestion,
  parts: EngineParts,
): unknown {
  const { market, panel, news, books, maxZoneAgeCandles } = parts;
  switch (question.type) {
    case "chart":
      return readChart(market.detectors, {
        ...question,
        maxZoneAgeCandles,
        decisions: news.listDecisions(),
      });
    case "vitals":
      return vitalsOf(parts);
    case "ensemble":
      return {
        models: panel.roster.list(),
        decisions: books.list(),
      } satisfies EnsembleView;
    default:
      return assertNever(question, "question to a decision engine");
  }
}

function vitalsOf(
  { market, panel, loop, news, signals }: EngineParts,
): AgentVitalsAnswer {
  const { decidedSeq, hasEnded, heldUpSeq } = loop;
  return {
    decidedSeq,
    ended: hasEnded,
    lastCandle: market.detectors.series.candle(decidedSeq),
    lastDecision: news.lastDecision,
    lastPattern: describeLastPattern(market.detectors.log),
    waitsFor: heldUpSeq === null ? [] : signals.missing(heldUpSeq),
    problem: describeProblem(panel.roster.list()),
  };
}
