import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import type { AgentChart } from "../lib/contracts/chart.ts";
import {
  type DeskToAgent,
  type FeedMessage,
  LINKS,
} from "../lib/contracts/links.ts";
import type { EpochMs } from "../lib/contracts/primitives.ts";
import type { DeskAction } from "../lib/contracts/order.ts";
import { assert, assertNever } from "../lib/core/assert.ts";
import { closedBecause, type EntryAgent, toGate } from "./entry_gate.ts";
import { AgentNews, type AgentNewsSnapshot } from "./agent_news.ts";
import {
  compareConfigs,
  hasSameDetector,
  hasSameStream,
} from "./config_change.ts";
import {
  toAttachment,
  toConsumed,
  toDecided,
  toReport,
  toSubscribe,
} from "./outputs.ts";
import {
  DetectorSet,
  type DetectorSetSnapshot,
  replayKeptCandles,
} from "./smc/detector_set.ts";
import {
  CHART_CANDLES_LIMIT,
  chartOverlay,
  describeLastPattern,
  isNotable,
} from "./pattern_view.ts";
import { upgradeSnapshot } from "./snapshot_upgrade.ts";
import {
  CANDLES_WINDOW,
  CONSUMED_EVERY,
  StepSequencer,
} from "./step_sequencer.ts";
import type { PatternDetectorQuery, PatternDetectorVitals } from "./queries.ts";
import { Trader, type TradingGate } from "./strategies/trader.ts";
import type { TraderSnapshot } from "./strategies/trader_state.ts";

/** What a pattern detector is started with: as every agent, and what a backtest may leave out. */
export interface PatternDetectorConfig extends AgentWorkerConfig {
  /** False leaves out all log lines and the memory of decisions, which cost more than finding the patterns. */
  notices?: boolean;
}

/** Everything needed to go on bit for bit. Pausing is not part of it: the owner says it anew at each start. */
export interface PatternDetectorSnapshot {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
  decidedSeq: number;
  /** What was decided on that candle; null before the first decision. */
  lastActions: readonly DeskAction[] | null;
  endedSeq: number | null;
  detectors: DetectorSetSnapshot;
  entries: TraderSnapshot;
  news: AgentNewsSnapshot;
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
  implements BehaviorInstance<PatternDetectorConfig, PatternDetectorSnapshot> {
  #init: PatternDetectorConfig;
  #detectors: DetectorSet;
  #sequencer: StepSequencer;
  /** Kept, and not made for every candle. */
  readonly #agent: EntryAgent;
  readonly #gate: TradingGate;
  #endedSeq: number | null = null;
  #lastActions: readonly DeskAction[] | null = null;
  readonly #trader = new Trader();
  readonly #news: AgentNews;

  constructor(
    { config, snapshot }: BehaviorInit<
      PatternDetectorConfig,
      PatternDetectorSnapshot
    >,
  ) {
    assert(
      Number.isSafeInteger(config.startSeq) && config.startSeq >= 0,
      `First candle must have a sequence number, was ${config.startSeq}`,
    );
    this.#init = config;
    this.#agent = { init: config, isPaused: false };
    this.#gate = toGate(config);
    this.#news = new AgentNews({ isQuiet: config.notices === false });
    this.#detectors = new DetectorSet(config.config.detector);
    const isUsable = snapshot !== null &&
      snapshot.startSeq === config.startSeq &&
      hasSameStream(snapshot.config, config.config);
    this.#sequencer = new StepSequencer(
      isUsable ? snapshot.decidedSeq : config.startSeq - 1,
    );
    if (isUsable) this.#restore(snapshot);
  }

  linkOpened(link: string): readonly Output[] {
    const decidedSeq = this.#sequencer.decidedSeq;
    if (link === LINKS.feed) {
      this.#sequencer.reopenFeed();
      return [toSubscribe(decidedSeq + 1, CANDLES_WINDOW)];
    }
    if (link === LINKS.desk) {
      this.#sequencer.reopenDesk();
      return toAttachment(decidedSeq, this.#lastActions);
    }
    return NOTHING;
  }

  receive(link: string, message: unknown): readonly Output[] {
    if (link === LINKS.feed) {
      this.#receiveFeed(message as FeedMessage);
    } else if (link === LINKS.desk) {
      const step = message as DeskToAgent;
      assert(step.type === "stepped", `Unknown desk message "${step.type}"`);
      this.#sequencer.offerStep(step);
    } else {
      assert(false, `Message on unknown link "${link}"`);
    }
    if (!this.#sequencer.isReady) return NOTHING;
    const outputs: Output[] = [];
    while (this.#sequencer.isReady) this.#decideCandle(outputs);
    return outputs;
  }

  #receiveFeed(message: FeedMessage): void {
    switch (message.type) {
      case "candles":
        this.#sequencer.offerCandles(message);
        return;
      case "ended":
        this.#endedSeq = message.lastSeq;
        return;
      // An agent decides on closed candles; these concern its desk.
      case "quote":
      case "stale":
        return;
      default:
        assertNever(message, "feed message");
    }
  }

  #decideCandle(outputs: Output[]): void {
    const { batch, batchIndex, step } = this.#sequencer;
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
    const actions = this.#trader.decide(detectors, gate);
    for (let index = 0; index < actions.length; index++) {
      this.#news.takeAction(actions[index]!, at);
    }
    const { skipped } = this.#trader;
    for (let index = 0; index < skipped.length; index++) {
      this.#news.takeSkip(skipped[index]!, at);
    }
    this.#takePatterns(at);
    this.#sequencer.advance();
    this.#lastActions = actions;
    outputs.push(toDecided(step.seq, actions));
    if (step.seq % CONSUMED_EVERY === 0) outputs.push(toConsumed(step.seq));
    const logs = this.#news.flush();
    if (logs !== null) outputs.push(toReport(logs));
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
    const question = query as PatternDetectorQuery;
    switch (question.type) {
      case "chart":
        return this.#chart(question.afterSeq, question.limit);
      case "vitals":
        return this.#vitals();
      default:
        return assertNever(question, "question to a pattern detector");
    }
  }

  /** The newest candles after `afterSeq`; overlays always cover the whole chart. */
  #chart(afterSeq: number, limit: number): AgentChart {
    const series = this.#detectors.series;
    return {
      candles: series.candlesAfter(
        afterSeq,
        Math.min(limit, CHART_CANDLES_LIMIT),
      ),
      overlays: chartOverlay(
        this.#detectors,
        this.#init.config.detector.maxZoneAgeCandles,
      ),
      decisions: this.#news.listDecisions(),
    };
  }

  #vitals(): PatternDetectorVitals {
    const decidedSeq = this.#sequencer.decidedSeq;
    return {
      decidedSeq,
      ended: this.#endedSeq !== null && decidedSeq >= this.#endedSeq,
      lastCandle: this.#detectors.series.candle(decidedSeq),
      lastDecision: this.#news.lastDecision,
      lastPattern: describeLastPattern(this.#detectors.log),
    };
  }

  snapshot(): PatternDetectorSnapshot {
    return {
      config: this.#init.config,
      startSeq: this.#init.startSeq,
      decidedSeq: this.#sequencer.decidedSeq,
      lastActions: this.#lastActions,
      endedSeq: this.#endedSeq,
      detectors: this.#detectors.snapshot(),
      entries: this.#trader.snapshot(),
      news: this.#news.snapshot(),
    };
  }

  #restore(snapshot: PatternDetectorSnapshot): void {
    this.#endedSeq = snapshot.endedSeq;
    this.#lastActions = snapshot.lastActions;
    this.#trader.restore(snapshot.entries);
    this.#news.restore(snapshot.news);
    if (hasSameDetector(snapshot.config, this.#init.config)) {
      this.#detectors.restore(snapshot.detectors);
    } else {
      // New settings see the kept candles anew, without deciding on them again.
      replayKeptCandles(this.#detectors, snapshot.detectors.series);
    }
  }
}
