import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import {
  type DeskStepped,
  LINKS,
  sourceOfLink,
} from "../lib/contracts/links.ts";
import type { DeskAction } from "../lib/contracts/order.ts";
import type { SignalsTold } from "../lib/contracts/signal.ts";
import { assertNever } from "../lib/core/assert.ts";
import type { ReportLine } from "./agent_report.ts";
import { AgentNews } from "./agent_news.ts";
import { assertStart, isUsable, loopStart } from "./agent_start.ts";
import { type CandleDecider, CandleLoop } from "./candle_loop.ts";
import { compareConfigs, hasSameDetector } from "./config_change.ts";
import { blockedBecause, type EntryAgent } from "./entry_gate.ts";
import {
  type ExecutionMoment,
  ExecutorTrader,
} from "./execution_plan/executor_trader.ts";
import { noteLine } from "./execution_plan/execution_lines.ts";
import { SERIES_MASK } from "./market/candle_series.ts";
import type { PackedCandles } from "./market/candle_batch.ts";
import { withRegime } from "./market/regime.ts";
import { toActed, toReport } from "./outputs.ts";
import { describeLastPattern, readChart } from "./pattern_view.ts";
import type { AgentQuestion, AgentVitalsAnswer } from "./queries.ts";
import type {
  ExecutorSnapshot,
  LastStep,
} from "./execution_plan/executor_state.ts";
import { lostLine } from "./signals/signal_lines.ts";
import { SignalLatency } from "./signals/signal_latency.ts";
import { SignalSources } from "./signals/sources.ts";
import { DetectorSet, replayKeptCandles } from "./smc/detector_set.ts";

/** The executor: signals of other agents in, orders out. */
export const executor: Behavior<AgentWorkerConfig, ExecutorSnapshot> = {
  name: "executor",
  snapshotVersion: 1,
  upcasters: {},
  start: (init) => new Executor(init),
};

const NOTHING: readonly Output[] = [];

/**
 * In lockstep it decides on a candle when the signals of all its sources up to
 * that candle are here, so that what a team trades depends on neither speed nor
 * failures. In real time it waits for nobody: it decides with what is there,
 * and acts at once on a signal that comes later.
 */
class Executor
  implements
    BehaviorInstance<AgentWorkerConfig, ExecutorSnapshot>,
    CandleDecider {
  #init: AgentWorkerConfig;
  #detectors: DetectorSet;
  readonly #agent: EntryAgent;
  readonly #loop: CandleLoop;
  readonly #sources: SignalSources;
  readonly #trader = new ExecutorTrader();
  readonly #news = new AgentNews();
  readonly #latency = new SignalLatency();
  #lastStep: LastStep | null = null;
  #acted: readonly DeskAction[] = [];

  constructor(init: BehaviorInit<AgentWorkerConfig, ExecutorSnapshot>) {
    const { config, snapshot } = init;
    assertStart(config);
    this.#init = config;
    this.#agent = { init: config, isPaused: false };
    this.#detectors = new DetectorSet(config.config.detector);
    const usable = isUsable(snapshot, config) ? snapshot : null;
    const start = usable ?? loopStart(config);
    this.#loop = new CandleLoop(this, start);
    this.#sources = new SignalSources({
      sourceIds: config.config.sources,
      decidedSeq: start.decidedSeq,
      snapshot: usable?.sources ?? null,
    });
    if (usable !== null) this.#restore(usable);
  }

  linkOpened(link: string): readonly Output[] {
    const source = sourceOfLink(link);
    if (source !== null) return this.#sources.open(source);
    const outputs = this.#loop.linkOpened(link);
    return link === LINKS.desk && this.#acted.length > 0
      ? [...outputs, toActed(this.#loop.decidedSeq, this.#acted)]
      : outputs;
  }

  linkClosed(link: string): readonly Output[] {
    const source = sourceOfLink(link);
    if (source !== null) this.#sources.close(source);
    return NOTHING;
  }

  receive(link: string, message: unknown): readonly Output[] {
    const source = sourceOfLink(link);
    if (source === null) return this.#loop.receive(link, message);
    this.#sources.receive(source, message);
    this.#latency.take(message as SignalsTold);
    return this.#isRealtime ? this.#actNow() : this.#loop.run();
  }

  isReady(seq: number): boolean {
    return this.#isRealtime || this.#sources.isReady(seq);
  }

  decide(
    batch: PackedCandles,
    batchIndex: number,
    step: DeskStepped,
  ): readonly DeskAction[] {
    this.#detectors.step(batch, batchIndex);
    const { seq, tradingState, hasPosition } = step;
    this.#lastStep = { seq, tradingState, hasPosition };
    this.#acted = [];
    const moment = this.#momentOf(this.#lastStep);
    const at = this.#detectors.series.newestAt;
    for (const event of step.events) {
      this.#trader.apply(event, moment);
      this.#news.takeDeskEvent(event, at);
    }
    this.#trader.step(moment);
    return this.#takeSignals(moment);
  }

  tell(): readonly Output[] {
    return this.#sources.tellTaken();
  }

  flush(): readonly ReportLine[] | null {
    return this.#news.flush();
  }

  /** Signals that came after the decision on their candle, in real time. */
  #actNow(): readonly Output[] {
    const { decidedSeq } = this.#loop;
    const step = this.#lastStep;
    if (step === null || step.seq !== decidedSeq) return NOTHING;
    const actions = this.#takeSignals(this.#momentOf(step));
    const logs = this.#news.flush();
    const reports = logs === null ? [] : [toReport(logs)];
    if (actions.length === 0) return [...this.tell(), ...reports];
    this.#acted = [...this.#acted, ...actions];
    return [toActed(decidedSeq, actions), ...this.tell(), ...reports];
  }

  /** Decides on the signals that are due. */
  #takeSignals(moment: ExecutionMoment): readonly DeskAction[] {
    const trader = this.#trader;
    const at = this.#detectors.series.newestAt;
    for (const heard of this.#sources.take(moment.seq)) {
      trader.take(heard, moment);
    }
    for (const note of trader.takeNotes()) {
      this.#news.takeLine(noteLine(note, at));
    }
    for (const lost of this.#sources.takeLost()) {
      // What was signalled before it may trade is no loss.
      if (lost.beforeSeq <= this.#init.tradeFromSeq) continue;
      this.#news.takeLine(lostLine(lost, at));
    }
    const actions = withRegime(trader.takeActions(), this.#detectors.series);
    for (const action of actions) this.#news.takeAction(action, at);
    return actions;
  }

  #momentOf({ seq, tradingState, hasPosition }: LastStep): ExecutionMoment {
    const { config } = this.#init;
    const { series } = this.#detectors;
    return {
      config: config.execution,
      sourceIds: config.sources,
      seq,
      close: series.close[series.lastSeq & SERIES_MASK]!,
      riskPct: config.risk.riskPerTradePct,
      blockedBecause: blockedBecause({ seq, tradingState }, this.#agent),
      hasPosition,
    };
  }

  get #isRealtime(): boolean {
    return this.#init.config.feed.kind === "exchange";
  }

  /** Entries are withdrawn with the decision on the next candle. */
  pause(): readonly Output[] {
    this.#agent.isPaused = true;
    return NOTHING;
  }

  resume(): readonly Output[] {
    this.#agent.isPaused = false;
    this.#trader.resume();
    return NOTHING;
  }

  configure(next: AgentWorkerConfig): "applied" | "needs_restart" {
    const effect = compareConfigs(this.#init, next);
    if (effect === "applied") {
      this.#init = next;
      this.#agent.init = next;
      this.#sources.configure(next.config.sources, this.#loop.decidedSeq);
    }
    return effect;
  }

  inspect(query: unknown): unknown {
    const question = query as AgentQuestion;
    switch (question.type) {
      case "chart":
        return readChart(this.#detectors, {
          ...question,
          maxZoneAgeCandles: this.#init.config.detector.maxZoneAgeCandles,
          decisions: this.#news.listDecisions(),
        });
      case "vitals":
        return this.#vitals();
      default:
        return assertNever(question, "question to an executor");
    }
  }

  #vitals(): AgentVitalsAnswer {
    const { decidedSeq, hasEnded, heldUpSeq } = this.#loop;
    const latency = this.#latency.figures();
    return {
      decidedSeq,
      ended: hasEnded,
      lastCandle: this.#detectors.series.candle(decidedSeq),
      lastDecision: this.#news.lastDecision,
      lastPattern: describeLastPattern(this.#detectors.log),
      waitsFor: heldUpSeq === null ? [] : this.#sources.missing(heldUpSeq),
      entryBreaker: this.#trader.breaker.view(
        decidedSeq,
        this.#init.config.execution.breakerWindowCandles,
      ),
      ...(latency === null ? {} : { latency }),
    };
  }

  isSnapshotDue(): boolean {
    return this.#sources.isSnapshotDue();
  }

  snapshotTaken(): readonly Output[] {
    return this.#sources.snapshotTaken();
  }

  snapshot(): ExecutorSnapshot {
    return {
      config: this.#init.config,
      startSeq: this.#init.startSeq,
      ...this.#loop.snapshot(),
      detectors: this.#detectors.snapshot(),
      sources: this.#sources.snapshot(),
      trader: this.#trader.snapshot(),
      news: this.#news.snapshot(),
      lastStep: this.#lastStep,
      acted: this.#acted,
    };
  }

  #restore(snapshot: ExecutorSnapshot): void {
    this.#trader.restore(snapshot.trader);
    this.#news.restore(snapshot.news);
    this.#lastStep = snapshot.lastStep;
    this.#acted = snapshot.acted;
    if (hasSameDetector(snapshot.config, this.#init.config)) {
      this.#detectors.restore(snapshot.detectors);
    } else {
      replayKeptCandles(this.#detectors, snapshot.detectors.series);
    }
  }
}
