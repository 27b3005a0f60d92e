import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import type { Candle } from "../lib/contracts/candle.ts";
import type {
  AgentChart,
  AgentQuery,
  DecisionView,
} from "../lib/contracts/chart.ts";
import {
  type AgentAttached,
  type AgentDecided,
  type DeskToAgent,
  type FeedMessage,
  LINKS,
  type SubscribeCandles,
} from "../lib/contracts/links.ts";
import type { AgentReport } from "../lib/contracts/log.ts";
import type { DeskAction, DeskEvent } from "../lib/contracts/order.ts";
import type { PatternEvent } from "../lib/contracts/pattern.ts";
import { assert, assertNever } from "../lib/core/assert.ts";
import { Ring } from "../lib/core/ring.ts";
import {
  describeIntent,
  describeOutcome,
  describePattern,
  describeSignal,
  isNotable,
  type ReportLine,
  toDeskLine,
  toIntentLine,
  toPatternLine,
  toSignalLine,
  toWithdrawalLine,
} from "./agent_report.ts";
import {
  compareConfigs,
  hasSameDetector,
  hasSameStream,
} from "./config_change.ts";
import { DecisionLog } from "./decision_log.ts";
import { packCandles } from "./market/candle_batch.ts";
import { SERIES_MASK } from "./market/candle_series.ts";
import { DetectorSet, type DetectorSetSnapshot } from "./smc/detector_set.ts";
import {
  type PackedEvents,
  packEvents,
  unpackEvents,
} from "./smc/event_codec.ts";
import { buildOverlay } from "./smc/overlay.ts";
import { StepSequencer } from "./step_sequencer.ts";
import { EntryBook, type EntryBookSnapshot } from "./strategies/entry_book.ts";

/** Pattern events that an agent remembers for its chart. */
export const PATTERNS_LIMIT = 2000;

/** Candles that an agent shows on its chart. */
export const CHART_CANDLES_LIMIT = 600;

/** What a pattern detector is started with. */
export interface PatternDetectorConfig {
  agentId: string;
  config: AgentConfig;
  /** First candle of the agent's stream. */
  startSeq: number;
  /** First candle on which it may open positions; those before it warm the detectors up. */
  tradeFromSeq: number;
}

/** Everything needed to go on bit for bit. Pausing is not part of it: the owner says it anew at each start. */
export interface PatternDetectorSnapshot {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
  decidedSeq: number;
  endedSeq: number | null;
  detectors: DetectorSetSnapshot;
  entries: EntryBookSnapshot;
  decisions: DecisionView[];
  patterns: PackedEvents;
  lastDecision: string | null;
}

/** Questions that a pattern detector answers. */
export type PatternDetectorQuery = AgentQuery | { type: "vitals" };

/** Answer to `{ type: "vitals" }`. */
export interface PatternDetectorVitals {
  /** Last decided candle; −1 before the first. */
  decidedSeq: number;
  /** Whether the feed ended and its last candle is decided. */
  ended: boolean;
  lastCandle: Candle | null;
  lastDecision: string | null;
  lastPattern: string | null;
}

/** The SMC pattern detector: candles in, patterns and order intents out. */
export const patternDetector: Behavior<
  PatternDetectorConfig,
  PatternDetectorSnapshot
> = {
  name: "pattern_detector",
  snapshotVersion: 1,
  start: (init) => new PatternDetector(init),
};

const NOTHING: readonly Output[] = [];

class PatternDetector
  implements BehaviorInstance<PatternDetectorConfig, PatternDetectorSnapshot> {
  #init: PatternDetectorConfig;
  #detectors: DetectorSet;
  #sequencer: StepSequencer;
  #isPaused = false;
  #endedSeq: number | null = null;
  #lastDecision: string | null = null;
  readonly #entries = new EntryBook();
  readonly #decisions = new DecisionLog();
  readonly #patterns = new Ring<PatternEvent>(PATTERNS_LIMIT);
  /** News of the candle that is being decided. */
  #lines: ReportLine[] = [];

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
      const message: SubscribeCandles = {
        type: "subscribe",
        fromSeq: decidedSeq + 1,
      };
      return [{ to: "link", link, message }];
    }
    if (link === LINKS.desk) {
      this.#sequencer.reopenDesk();
      const message: AgentAttached = { type: "attached", decidedSeq };
      return [{ to: "link", link, message }];
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
      default:
        assertNever(message, "feed message");
    }
  }

  #decideCandle(outputs: Output[]): void {
    const sequencer = this.#sequencer;
    const detectors = this.#detectors;
    const step = sequencer.step;
    const events = detectors.step(sequencer.batch, sequencer.batchIndex);
    const seq = step.seq;
    for (let index = 0; index < step.events.length; index++) {
      this.#takeDeskEvent(step.events[index]!);
    }
    const actions = this.#entries.decide(detectors, {
      strategies: this.#init.config.strategies,
      riskPct: this.#init.config.risk.riskPerTradePct,
      closedBecause: this.#closedBecause(step),
    });
    for (let index = 0; index < actions.length; index++) {
      this.#noteAction(actions[index]!);
    }
    this.#takePatterns(events);
    sequencer.advance();
    const message: AgentDecided = { type: "decided", seq, actions };
    outputs.push({ to: "link", link: LINKS.desk, message });
    if (this.#lines.length > 0) {
      const report: AgentReport = { kind: "agent", logs: this.#lines };
      outputs.push({ to: "owner", report });
      this.#lines = [];
    }
  }

  /** Why no entry may be open now, most lasting cause first; null where entries are allowed. */
  #closedBecause(step: DeskToAgent): string | null {
    if (this.#init.config.signalsOnly) return "The agent only reports signals";
    if (step.seq < this.#init.tradeFromSeq) return "The agent warms up";
    if (this.#isPaused) return "The agent is paused";
    if (step.tradingState !== "active") {
      return `Trading is ${step.tradingState}`;
    }
    return step.hasPosition ? "A position is open" : null;
  }

  #takeDeskEvent(event: DeskEvent): void {
    this.#entries.apply(event);
    this.#decisions.apply(event);
    const line = toDeskLine(event, this.#marketAt());
    if (line !== null) this.#lines.push(line);
    const intentId = event.type === "OrderFilled" ? event.fill.intentId : null;
    const decision = intentId === null ? null : this.#decisions.find(intentId);
    this.#lastDecision = describeOutcome(event, decision) ?? this.#lastDecision;
  }

  #noteAction(action: DeskAction): void {
    const at = this.#marketAt();
    if (action.kind === "submit") {
      this.#decisions.add(action.intent, at);
      this.#lines.push(toIntentLine(action.intent, at));
      this.#lastDecision = describeIntent(action.intent);
    } else if (action.kind === "cancel") {
      this.#decisions.noteWithdrawal(action.intentId, action.reason);
      this.#lines.push(toWithdrawalLine(action, at));
      this.#lastDecision = `Withdrew the entry: ${action.reason}`;
    }
  }

  #takePatterns(events: readonly PatternEvent[]): void {
    const isLive = this.#detectors.series.lastSeq >= this.#init.tradeFromSeq;
    for (let index = 0; index < events.length; index++) {
      const event = events[index]!;
      this.#patterns.push(event);
      if (isLive && isNotable(event)) this.#lines.push(toPatternLine(event));
    }
    if (!isLive || !this.#init.config.signalsOnly) return;
    for (const setup of this.#entries.proposed) {
      this.#lines.push(toSignalLine(setup, this.#marketAt()));
      this.#lastDecision = describeSignal(setup);
    }
  }

  /** Open time of the candle that is being decided. */
  #marketAt(): number {
    const series = this.#detectors.series;
    return series.openAt[series.lastSeq & SERIES_MASK]!;
  }

  /** Entries are withdrawn with the decision on the next candle: there is one message to the desk per candle. */
  pause(): readonly Output[] {
    this.#isPaused = true;
    return NOTHING;
  }

  resume(): readonly Output[] {
    this.#isPaused = false;
    return NOTHING;
  }

  configure(next: PatternDetectorConfig): "applied" | "needs_restart" {
    const effect = compareConfigs(this.#init, next);
    if (effect === "applied") this.#init = next;
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
      overlays: buildOverlay(this.#patterns.toArray(), {
        fromSeq: series.lastSeq - CHART_CANDLES_LIMIT + 1,
        lastSeq: series.lastSeq,
        maxZoneAgeCandles: this.#init.config.detector.maxZoneAgeCandles,
        openAtOf: (seq) => series.candle(seq)?.openAt ?? null,
      }),
      decisions: this.#decisions.list(),
    };
  }

  #vitals(): PatternDetectorVitals {
    const decidedSeq = this.#sequencer.decidedSeq;
    return {
      decidedSeq,
      ended: this.#endedSeq !== null && decidedSeq >= this.#endedSeq,
      lastCandle: this.#detectors.series.candle(decidedSeq),
      lastDecision: this.#lastDecision,
      lastPattern: this.#lastPattern(),
    };
  }

  #lastPattern(): string | null {
    for (let index = this.#patterns.size - 1; index >= 0; index--) {
      const event = this.#patterns.at(index)!;
      if (isNotable(event)) return describePattern(event);
    }
    return null;
  }

  snapshot(): PatternDetectorSnapshot {
    return {
      config: this.#init.config,
      startSeq: this.#init.startSeq,
      decidedSeq: this.#sequencer.decidedSeq,
      endedSeq: this.#endedSeq,
      detectors: this.#detectors.snapshot(),
      entries: this.#entries.snapshot(),
      decisions: this.#decisions.snapshot(),
      patterns: packEvents(this.#patterns.toArray()),
      lastDecision: this.#lastDecision,
    };
  }

  #restore(snapshot: PatternDetectorSnapshot): void {
    this.#endedSeq = snapshot.endedSeq;
    this.#lastDecision = snapshot.lastDecision;
    this.#entries.restore(snapshot.entries);
    this.#decisions.restore(snapshot.decisions);
    if (hasSameDetector(snapshot.config, this.#init.config)) {
      this.#detectors.restore(snapshot.detectors);
      for (const event of unpackEvents(snapshot.patterns)) {
        this.#patterns.push(event);
      }
    } else {
      this.#rebuildDetectors(snapshot);
    }
  }

  /** The detectors' settings changed: new detectors see the kept candles, without deciding on them again. */
  #rebuildDetectors(snapshot: PatternDetectorSnapshot): void {
    const old = new DetectorSet(snapshot.config.detector);
    old.restore(snapshot.detectors);
    const candles = old.series.candlesAfter(-1, Infinity);
    if (candles.length === 0) return;
    const batch = packCandles(candles);
    for (let index = 0; index < batch.count; index++) {
      for (const event of this.#detectors.step(batch, index)) {
        this.#patterns.push(event);
      }
    }
  }
}
