import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { InferenceToEngine } from "../lib/contracts/inference.ts";
import { type DeskStepped, LINKS } from "../lib/contracts/links.ts";
import type { DeskAction } from "../lib/contracts/order.ts";
import { AgentNews } from "./agent_news.ts";
import type { ReportLine } from "./agent_report.ts";
import { assertStart, isUsable, loopStart } from "./agent_start.ts";
import { type CandleDecider, CandleLoop } from "./candle_loop.ts";
import {
  compareConfigs,
  hasSameDetector,
  hasSameModels,
} from "./config_change.ts";
import { DecisionBooks } from "./ensemble/decision_books.ts";
import type {
  DecisionEngineConfig,
  DecisionEngineSnapshot,
} from "./ensemble/engine_state.ts";
import { answerEngine } from "./ensemble/engine_view.ts";
import {
  type EnsembleGate,
  EnsembleTrader,
} from "./ensemble/ensemble_trader.ts";
import { judgeCandle } from "./ensemble/judge_candle.ts";
import { MarketFeatures } from "./ensemble/market_features.ts";
import { ModelPanel } from "./ensemble/model_panel.ts";
import type { ModelNews } from "./ensemble/model_roster.ts";
import { mostUnusual } from "./ensemble/unusual_inputs.ts";
import {
  closedBecause,
  type EntryAgent,
  toEnsembleGate,
} from "./entry_gate.ts";
import { lostLine } from "./execution_plan/execution_lines.ts";
import type { PackedCandles } from "./market/candle_batch.ts";
import { toReport } from "./outputs.ts";
import { EngineSignals } from "./signals/engine_signals.ts";
import type { DecisionEngineQuestion } from "./queries.ts";

export type {
  DecisionEngineConfig,
  DecisionEngineSnapshot,
} from "./ensemble/engine_state.ts";

/** The ML decision engine: candles and votes of models in, decisions and order intents out. */
export const decisionEngine: Behavior<
  DecisionEngineConfig,
  DecisionEngineSnapshot
> = {
  name: "decision_engine",
  snapshotVersion: 1,
  upcasters: {},
  start: (init) => new DecisionEngine(init),
};

const NOTHING: readonly Output[] = [];

class DecisionEngine
  implements
    BehaviorInstance<DecisionEngineConfig, DecisionEngineSnapshot>,
    CandleDecider {
  #init: DecisionEngineConfig;
  readonly #market: MarketFeatures;
  readonly #panel: ModelPanel;
  readonly #loop: CandleLoop;
  readonly #agent: EntryAgent;
  readonly #gate: EnsembleGate;
  readonly #trader = new EnsembleTrader();
  readonly #news: AgentNews;
  readonly #books: DecisionBooks;
  readonly #signals: EngineSignals;

  constructor(
    { config, snapshot }: BehaviorInit<
      DecisionEngineConfig,
      DecisionEngineSnapshot
    >,
  ) {
    assertStart(config);
    const { detector, decision } = config.config;
    this.#init = config;
    this.#agent = { init: config, isPaused: false };
    this.#gate = toEnsembleGate(config);
    this.#market = new MarketFeatures(detector);
    this.#panel = new ModelPanel(
      { models: decision.models, detector },
      this.#market.rows,
    );
    const usable = isUsable(snapshot, config) ? snapshot : null;
    const isQuiet = config.notices === false;
    this.#news = new AgentNews({ isQuiet });
    this.#books = new DecisionBooks(this.#news, { isQuiet });
    const start = usable ?? loopStart(config);
    this.#loop = new CandleLoop(this, start);
    this.#signals = new EngineSignals(this.#agent, {
      decidedSeq: start.decidedSeq,
      snapshot: usable?.signals,
    });
    if (usable !== null) this.#restore(usable);
  }

  linkOpened(link: string, info: unknown): readonly Output[] {
    if (EngineSignals.isLink(link)) return this.#signals.opened(link);
    return link === LINKS.inference
      ? this.#panel.open(info)
      : this.#loop.linkOpened(link);
  }

  linkClosed(link: string): readonly Output[] {
    if (!EngineSignals.isLink(link)) return NOTHING;
    this.#signals.closed(link);
    return this.#loop.run();
  }

  receive(link: string, message: unknown): readonly Output[] {
    if (EngineSignals.isLink(link)) {
      const answer = this.#signals.receive(link, message);
      return [...answer, ...this.#loop.run()];
    }
    if (link !== LINKS.inference) return this.#loop.receive(link, message);
    const { outputs, news } = this.#panel.take(message as InferenceToEngine);
    this.#tell(news);
    // Told at once: the next decision may be a candle away.
    const lines = news.length === 0 ? null : this.#news.flush();
    return [
      ...lines === null ? NOTHING : [toReport(lines)],
      ...outputs,
      ...this.#loop.run(),
    ];
  }

  prepare(batch: PackedCandles, batchIndex: number): readonly Output[] {
    const seq = batch.fromSeq + batchIndex;
    this.#market.step(batch, batchIndex);
    return this.#isTrading(seq) ? this.#panel.want(seq) : NOTHING;
  }

  isReady(seq: number): boolean {
    return this.#signals.isReady(seq) &&
      (!this.#isTrading(seq) || this.#panel.isReady(seq));
  }

  decide(
    _batch: PackedCandles,
    _batchIndex: number,
    step: DeskStepped,
  ): readonly DeskAction[] {
    const { series } = this.#market.detectors;
    for (const event of step.events) {
      this.#trader.apply(event);
      this.#news.takeDeskEvent(event, series.newestAt);
    }
    for (const lost of this.#signals.hear(step.seq)) {
      // What was signalled before it may trade is no loss.
      if (!this.#isTrading(lost.beforeSeq - 1)) continue;
      this.#news.takeLine(lostLine(lost, series.newestAt));
    }
    const gate = this.#gate;
    gate.hasPosition = step.hasPosition;
    const isTrading = this.#isTrading(step.seq);
    const { verdict, news } = judgeCandle({
      panel: this.#panel,
      market: this.#market,
      gate,
      seq: step.seq,
      isTrading,
      isLive: this.#init.config.feed.kind === "exchange",
    });
    this.#tell(news);
    const { signalsOnly } = this.#init.config;
    const objection = this.#signals.objection(verdict, step.seq);
    const closed = closedBecause(step, this.#agent);
    gate.closedBecause = signalsOnly
      ? objection ?? closed
      : closed ?? objection;
    if (objection === null) this.#signals.decide(verdict, series);
    const unusual = verdict.mean === null
      ? []
      : mostUnusual(this.#market.rows.newest, this.#panel.roster.loaded);
    const outcome = this.#trader.decide(verdict, { series, gate, unusual });
    for (const action of outcome.actions) {
      this.#news.takeAction(action, series.newestAt);
    }
    if (isTrading) {
      this.#books.take({
        verdict,
        outcome,
        unusual,
        seq: step.seq,
        at: series.newestAt,
        signalsOnly: signalsOnly && objection === null,
      });
    }
    return outcome.actions;
  }

  tell(): readonly Output[] {
    return this.#signals.tell(this.#loop.decidedSeq);
  }

  flush(): readonly ReportLine[] | null {
    return this.#news.flush();
  }

  /** Before that candle the history only warms the features up, and no model is asked. */
  #isTrading(seq: number): boolean {
    return seq >= this.#init.tradeFromSeq;
  }

  #tell(news: readonly ModelNews[]): void {
    for (const { level, text } of news) {
      this.#news.takeLine({
        level,
        category: "system",
        message: text,
        marketAt: this.#market.newestAt,
      });
    }
  }

  /** Entries are withdrawn with the decision on the next candle. */
  pause(): readonly Output[] {
    this.#agent.isPaused = true;
    return NOTHING;
  }

  resume(): readonly Output[] {
    this.#agent.isPaused = false;
    return NOTHING;
  }

  configure(next: DecisionEngineConfig): "applied" | "needs_restart" {
    const effect = compareConfigs(this.#init, next);
    if (effect === "applied") {
      this.#init = next;
      this.#agent.init = next;
      Object.assign(this.#gate, toEnsembleGate(next));
      this.#signals.configure(this.#loop.decidedSeq);
    }
    return effect;
  }

  inspect(query: unknown): unknown {
    return answerEngine(query as DecisionEngineQuestion, {
      market: this.#market,
      panel: this.#panel,
      loop: this.#loop,
      news: this.#news,
      books: this.#books,
      signals: this.#signals,
      maxZoneAgeCandles: this.#init.config.detector.maxZoneAgeCandles,
    });
  }

  snapshotTaken(): readonly Output[] {
    return this.#signals.snapshotTaken();
  }

  snapshot(): DecisionEngineSnapshot {
    return {
      config: this.#init.config,
      startSeq: this.#init.startSeq,
      ...this.#loop.snapshot(),
      market: this.#market.snapshot(),
      roster: this.#panel.roster.snapshot(),
      trades: this.#trader.snapshot(),
      news: this.#news.snapshot(),
      books: this.#books.snapshot(),
      signals: this.#signals.snapshot(),
    };
  }

  #restore(snapshot: DecisionEngineSnapshot): void {
    this.#trader.restore(snapshot.trades);
    this.#news.restore(snapshot.news);
    this.#books.restore(snapshot.books);
    if (hasSameModels(snapshot.config, this.#init.config)) {
      this.#panel.roster.restore(snapshot.roster);
    }
    if (hasSameDetector(snapshot.config, this.#init.config)) {
      this.#market.restore(snapshot.market);
    } else {
      this.#market.replay(snapshot.market);
    }
  }
}
