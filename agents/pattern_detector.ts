import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import { type DeskStepped, listenerOfLink } from "../lib/contracts/links.ts";
import type { EpochMs } from "../lib/contracts/primitives.ts";
import type { DeskAction } from "../lib/contracts/order.ts";
import { assertNever } from "../lib/core/assert.ts";
import { assertStart, isUsable, loopStart } from "./agent_start.ts";
import {
  type CandleDecider,
  CandleLoop,
  type CandleLoopSnapshot,
} from "./candle_loop.ts";
import { closedBecause, type EntryAgent, toGate } from "./entry_gate.ts";
import { AgentNews, type AgentNewsSnapshot } from "./agent_news.ts";
import type { ReportLine } from "./agent_report.ts";
import { compareConfigs, hasSameDetector } from "./config_change.ts";
import type { PackedCandles } from "./market/candle_batch.ts";
import { withRegime } from "./market/regime.ts";
import {
  DetectorSet,
  type DetectorSetSnapshot,
  replayKeptCandles,
} from "./smc/detector_set.ts";
import { describeLastPattern, isNotable, readChart } from "./pattern_view.ts";
import { upgradeSnapshot } from "./snapshot_upgrade.ts";
import type { AgentQuestion, AgentVitalsAnswer } from "./queries.ts";
import { DetectorSignals } from "./signals/detector_signals.ts";
import type { SignalPublisherSnapshot } from "./signals/publisher.ts";
import { Trader, type TradingGate } from "./strategies/trader.ts";
import type { TraderSnapshot } from "./strategies/trader_state.ts";

/** What a pattern detector is started with: as every agent, and what a backtest may leave out. */
export interface PatternDetectorConfig extends AgentWorkerConfig {
  /** False leaves out all log lines and the memory of decisions, which cost more than finding the patterns. */
  notices?: boolean;
}

/** Everything needed to go on bit for bit. Pausing is not part of it: the owner says it anew at each start. */
export interface PatternDetectorSnapshot extends CandleLoopSnapshot {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
  detectors: DetectorSetSnapshot;
  entries: TraderSnapshot;
  news: AgentNewsSnapshot;
  /** Left out where nobody has listened and there was no signal. */
  signals?: SignalPublisherSnapshot;
}

/** The SMC pattern detector: candles in, patterns and order intents out. */
export const patternDetector: Behavior<
  PatternDetectorConfig,
  PatternDetectorSnapshot
> = {
  name: "pattern_detector",
  snapshotVersion: 2,
  upcasters: { 1: upgradeSnapshot },
  start: (init) => new PatternDetector(init),
};

const NOTHING: readonly Output[] = [];

class PatternDetector
  implements
    BehaviorInstance<PatternDetectorConfig, PatternDetectorSnapshot>,
    CandleDecider {
  #init: PatternDetectorConfig;
  #detectors: DetectorSet;
  readonly #loop: CandleLoop;
  /** Kept, and not made for every candle. */
  readonly #agent: EntryAgent;
  readonly #gate: TradingGate;
  readonly #trader = new Trader();
  readonly #news: AgentNews;
  readonly #signals: DetectorSignals;

  constructor(
    { config, snapshot }: BehaviorInit<
      PatternDetectorConfig,
      PatternDetectorSnapshot
    >,
  ) {
    assertStart(config);
    this.#init = config;
    this.#agent = { init: config, isPaused: false };
    this.#gate = toGate(config);
    this.#news = new AgentNews({ isQuiet: config.notices === false });
    this.#detectors = new DetectorSet(config.config.detector);
    const usable = isUsable(snapshot, config) ? snapshot : null;
    const start = usable ?? loopStart(config);
    this.#loop = new CandleLoop(this, start);
    this.#signals = new DetectorSignals(this.#agent, start.decidedSeq);
    if (usable !== null) this.#restore(usable);
  }

  linkOpened(link: string): readonly Output[] {
    return this.#loop.linkOpened(link);
  }

  linkClosed(link: string): readonly Output[] {
    const listener = listenerOfLink(link);
    if (listener === null) return NOTHING;
    this.#signals.publisher.close(listener);
    return this.#loop.run();
  }

  receive(link: string, message: unknown): readonly Output[] {
    const listener = listenerOfLink(link);
    if (listener === null) return this.#loop.receive(link, message);
    const answer = this.#signals.publisher.receive(listener, message);
    return [...answer, ...this.#loop.run()];
  }

  isReady(): boolean {
    return !this.#signals.mustWait;
  }

  tell(): readonly Output[] {
    return this.#signals.publish(this.#detectors.series, this.#trader);
  }

  decide(
    batch: PackedCandles,
    batchIndex: number,
    step: DeskStepped,
  ): readonly DeskAction[] {
    const detectors = this.#detectors;
    detectors.step(batch, batchIndex);
    const at = detectors.series.newestAt;
    for (let index = 0; index < step.events.length; index++) {
      this.#trader.apply(step.events[index]!);
      this.#news.takeDeskEvent(step.events[index]!, at);
    }
    const gate = this.#gate;
    gate.closedBecause = closedBecause(step, this.#agent);
    gate.hasPosition = step.hasPosition;
    const actions = withRegime(
      this.#trader.decide(detectors, gate),
      detectors.series,
    );
    for (let index = 0; index < actions.length; index++) {
      this.#news.takeAction(actions[index]!, at);
    }
    const { skipped } = this.#trader;
    for (let index = 0; index < skipped.length; index++) {
      this.#news.takeSkip(skipped[index]!, at);
    }
    this.#takePatterns(at);
    return actions;
  }

  flush(): readonly ReportLine[] | null {
    return this.#news.flush();
  }

  #takePatterns(at: EpochMs): void {
    const { log, series } = this.#detectors;
    const isLive = series.lastSeq >= this.#init.tradeFromSeq;
    if (isLive && this.#init.notices !== false) {
      for (let number = log.newestStart; number < log.end; number++) {
        if (isNotable(log, number)) this.#news.takePattern(log.event(number));
      }
    }
    if (!isLive || !this.#init.config.signalsOnly) return;
    for (const setup of this.#trader.proposed) {
      this.#news.takeSignal(setup, at);
    }
  }

  /** Entries are withdrawn with the decision on the next candle: there is one message to the desk per candle. */
  pause(): readonly Output[] {
    this.#agent.isPaused = true;
    return NOTHING;
  }

  resume(): readonly Output[] {
    this.#agent.isPaused = false;
    return NOTHING;
  }

  configure(next: PatternDetectorConfig): "applied" | "needs_restart" {
    const effect = compareConfigs(this.#init, next);
    if (effect === "applied") {
      this.#init = next;
      this.#agent.init = next;
      Object.assign(this.#gate, toGate(next));
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
        return assertNever(question, "question to a pattern detector");
    }
  }

  #vitals(): AgentVitalsAnswer {
    const { decidedSeq, hasEnded } = this.#loop;
    return {
      decidedSeq,
      ended: hasEnded,
      lastCandle: this.#detectors.series.candle(decidedSeq),
      lastDecision: this.#news.lastDecision,
      lastPattern: describeLastPattern(this.#detectors.log),
    };
  }

  snapshot(): PatternDetectorSnapshot {
    return {
      config: this.#init.config,
      startSeq: this.#init.startSeq,
      ...this.#loop.snapshot(),
      detectors: this.#detectors.snapshot(),
      entries: this.#trader.snapshot(),
      news: this.#news.snapshot(),
      ...this.#signals.snapshot(),
    };
  }

  #restore(snapshot: PatternDetectorSnapshot): void {
    this.#trader.restore(snapshot.entries);
    this.#news.restore(snapshot.news);
    this.#signals.restore(snapshot.signals);
    if (hasSameDetector(snapshot.config, this.#init.config)) {
      this.#detectors.restore(snapshot.detectors);
    } else {
      // New settings see the kept candles anew, without deciding on them again.
      replayKeptCandles(this.#detectors, snapshot.detectors.series);
    }
  }
}
