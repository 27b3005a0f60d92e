import type { Output } from "../../actors/behavior.ts";
import type { InferenceToEngine } from "../../lib/contracts/inference.ts";
import type { DeskStepped } from "../../lib/contracts/links.ts";
import type { DeskAction } from "../../lib/contracts/order.ts";
import { AgentNews, type AgentNewsSnapshot } from "../agent_news.ts";
import {
  closedBecause,
  type EntryAgent,
  toEnsembleGate,
} from "../entry_gate.ts";
import type { PackedCandles } from "../market/candle_batch.ts";
import { toReport } from "../outputs.ts";
import { withRegime } from "../market/regime.ts";
import { lostLine } from "../signals/signal_lines.ts";
import { DecisionBooks, type DecisionBooksSnapshot } from "./decision_books.ts";
import { EngineSignals, type EngineSignalsSnapshot } from "./engine_signals.ts";
import {
  type EnsembleGate,
  type EnsembleOutcome,
  EnsembleTrader,
} from "./ensemble_trader.ts";
import type { EnsembleTraderSnapshot } from "./trader_state.ts";
import { planEntry } from "./entry_plan.ts";
import { judgeCandle } from "./judge_candle.ts";
import {
  MarketFeatures,
  type MarketFeaturesSnapshot,
} from "./market_features.ts";
import { ModelPanel } from "./model_panel.ts";
import type { ModelNews, RosterSnapshot } from "./model_roster.ts";
import { mostUnusual, type UnusualInput } from "./unusual_inputs.ts";
import type { Verdict } from "./verdict.ts";

/** State of an {@link EnsembleMind}. Votes are not part of it: they are asked for again. */
export interface EnsembleMindSnapshot {
  /** It may be one candle ahead of the decisions: the one whose votes are waited for. */
  market: MarketFeaturesSnapshot;
  roster: RosterSnapshot;
  trades: EnsembleTraderSnapshot;
  news: AgentNewsSnapshot;
  books: DecisionBooksSnapshot;
  signals: EngineSignalsSnapshot;
}

/** How a mind begins. */
export interface EnsembleMindOptions {
  agent: EntryAgent;
  decidedSeq: number;
  /** Remembers and tells nothing: a backtest has nobody to tell. */
  isQuiet: boolean;
  /** Signals of the state that it goes on from; null for a fresh start. */
  signals: EngineSignalsSnapshot | null;
}

const NOTHING: readonly Output[] = [];

/**
 * What a decision engine does with a candle: features, votes, verdict, trade,
 * and what listeners and people are told of it.
 */
export class EnsembleMind {
  readonly market: MarketFeatures;
  readonly panel: ModelPanel;
  readonly news: AgentNews;
  readonly books: DecisionBooks;
  readonly signals: EngineSignals;
  readonly #agent: EntryAgent;
  readonly #gate: EnsembleGate;
  readonly #trader = new EnsembleTrader();

  constructor({ agent, decidedSeq, isQuiet, signals }: EnsembleMindOptions) {
    const { detector, decision } = agent.init.config;
    this.#agent = agent;
    this.#gate = toEnsembleGate(agent.init);
    this.market = new MarketFeatures(detector);
    this.panel = new ModelPanel(
      { models: decision.models, detector },
      this.market.rows,
    );
    this.news = new AgentNews({ isQuiet });
    this.books = new DecisionBooks(this.news, { isQuiet });
    this.signals = new EngineSignals(agent, { decidedSeq, snapshot: signals });
  }

  /** Takes a message of the inference worker. */
  takeInference(message: InferenceToEngine): readonly Output[] {
    const { outputs, news } = this.panel.take(message);
    if (news.length === 0) return outputs;
    this.#tell(news);
    // Told at once: the next decision may be a candle away.
    const lines = this.news.flush();
    return lines === null ? outputs : [toReport(lines), ...outputs];
  }

  /** Computes the features of the next candle and asks the models about it. */
  prepare(batch: PackedCandles, batchIndex: number): readonly Output[] {
    const seq = batch.fromSeq + batchIndex;
    this.market.step(batch, batchIndex);
    return this.#isTrading(seq) ? this.panel.want(seq) : NOTHING;
  }

  /** Whether all votes and signals are here that the decision on a candle waits for. */
  isReady(seq: number): boolean {
    return this.signals.isReady(seq) &&
      (!this.#isTrading(seq) || this.panel.isReady(seq));
  }

  /** Decides on the candle that was prepared last. */
  decide(step: DeskStepped): readonly DeskAction[] {
    const { series } = this.market.detectors;
    for (const event of step.events) {
      this.#trader.apply(event);
      this.news.takeDeskEvent(event, series.newestAt);
    }
    const gate = this.#gate;
    gate.closedBecause = closedBecause(step, this.#agent);
    gate.hasPosition = step.hasPosition;
    const isTrading = this.#isTrading(step.seq);
    const verdict = this.#judge(step.seq, isTrading);
    const unusual = verdict.mean === null
      ? []
      : mostUnusual(this.market.rows.newest, this.panel.roster.loaded);
    const outcome = this.#trade(step.seq, { verdict, unusual });
    for (const action of outcome.actions) {
      this.news.takeAction(action, series.newestAt);
    }
    if (isTrading) {
      this.books.take({
        verdict,
        outcome,
        unusual,
        seq: step.seq,
        at: series.newestAt,
        signalsOnly: this.#agent.init.config.signalsOnly,
      });
    }
    return withRegime(outcome.actions, series);
  }

  #judge(seq: number, isTrading: boolean): Verdict {
    const { verdict, news } = judgeCandle({
      panel: this.panel,
      market: this.market,
      gate: this.#gate,
      seq,
      isTrading,
      isLive: this.#agent.init.config.feed.kind === "exchange",
    });
    this.#tell(news);
    return verdict;
  }

  /** Decides on a verdict, and tells those that listen. */
  #trade(
    seq: number,
    { verdict, unusual }: {
      verdict: Verdict;
      unusual: readonly UnusualInput[];
    },
  ): EnsembleOutcome {
    const { series } = this.market.detectors;
    const { enters: heard, exits } = this.signals.take(seq);
    for (const lost of this.signals.takeLost()) {
      // What was signalled before it may trade is no loss.
      if (lost.beforeSeq <= this.#agent.init.tradeFromSeq) continue;
      this.news.takeLine(lostLine(lost, series.newestAt));
    }
    const gate = this.#gate;
    const { decision } = gate;
    const plan = verdict.abstention !== null || verdict.bias === null
      ? null
      : planEntry(verdict, { series, decision, unusual, heard });
    const { newestAt: at, newestClose: close } = series;
    this.signals.publish({ seq, at, close, verdict, plan, exits });
    const isHeard = heard !== null;
    return this.#trader.decide(verdict, { series, gate, plan, isHeard, exits });
  }

  /** Before that candle the history only warms the features up, and no model is asked. */
  #isTrading(seq: number): boolean {
    return seq >= this.#agent.init.tradeFromSeq;
  }

  #tell(news: readonly ModelNews[]): void {
    for (const { level, text } of news) {
      this.news.takeLine({
        level,
        category: "system",
        message: text,
        marketAt: this.market.newestAt,
      });
    }
  }

  /** The agent's configuration was changed; `decidedSeq` is its last candle. */
  configure(decidedSeq: number): void {
    Object.assign(this.#gate, toEnsembleGate(this.#agent.init));
    this.signals.configure(decidedSeq);
  }

  snapshot(): EnsembleMindSnapshot {
    return {
      market: this.market.snapshot(),
      roster: this.panel.roster.snapshot(),
      trades: this.#trader.snapshot(),
      news: this.news.snapshot(),
      books: this.books.snapshot(),
      signals: this.signals.snapshot(),
    };
  }

  /** Goes on from a state of the same market; with other models or detectors these begin anew, over the candles that were kept. */
  restore(
    snapshot: EnsembleMindSnapshot,
    { hasSameModels, hasSameDetector }: {
      hasSameModels: boolean;
      hasSameDetector: boolean;
    },
  ): void {
    this.#trader.restore(snapshot.trades);
    this.news.restore(snapshot.news);
    this.books.restore(snapshot.books);
    if (hasSameModels) this.panel.roster.restore(snapshot.roster);
    if (hasSameDetector) this.market.restore(snapshot.market);
    else this.market.replay(snapshot.market);
  }
}
