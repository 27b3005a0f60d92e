import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import type { InferenceToEngine } from "../lib/contracts/inference.ts";
import { type DeskStepped, LINKS } from "../lib/contracts/links.ts";
import type { DeskAction } from "../lib/contracts/order.ts";
import { assertNever } from "../lib/core/assert.ts";
import type { ReportLine } from "./agent_report.ts";
import { assertStart, isUsable, loopStart } from "./agent_start.ts";
import {
  type CandleDecider,
  CandleLoop,
  type CandleLoopSnapshot,
} from "./candle_loop.ts";
import {
  compareConfigs,
  hasSameDetector,
  hasSameModels,
} from "./config_change.ts";
import {
  EnsembleMind,
  type EnsembleMindSnapshot,
} from "./ensemble/ensemble_mind.ts";
import { describeProblem } from "./ensemble/model_words.ts";
import type { EntryAgent } from "./entry_gate.ts";
import type { PackedCandles } from "./market/candle_batch.ts";
import { describeLastPattern, readChart } from "./pattern_view.ts";
import type {
  AgentVitalsAnswer,
  DecisionEngineQuestion,
  EnsembleView,
} from "./queries.ts";

/** What a decision engine is started with: as every agent, and what a backtest may leave out. */
export interface DecisionEngineConfig extends AgentWorkerConfig {
  /** False leaves out all log lines and the memory of decisions. */
  notices?: boolean;
}

/** Everything needed to go on bit for bit. */
export interface DecisionEngineSnapshot
  extends CandleLoopSnapshot, EnsembleMindSnapshot {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
}

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
  readonly #agent: EntryAgent;
  readonly #loop: CandleLoop;
  readonly #mind: EnsembleMind;

  constructor(
    { config, snapshot }: BehaviorInit<
      DecisionEngineConfig,
      DecisionEngineSnapshot
    >,
  ) {
    assertStart(config);
    const usable = isUsable(snapshot, config) ? snapshot : null;
    const start = usable ?? loopStart(config);
    this.#agent = { init: config, isPaused: false };
    this.#loop = new CandleLoop(this, start);
    this.#mind = new EnsembleMind({
      agent: this.#agent,
      decidedSeq: start.decidedSeq,
      isQuiet: config.notices === false,
      signals: usable?.signals ?? null,
    });
    if (usable === null) return;
    this.#mind.restore(usable, {
      hasSameModels: hasSameModels(usable.config, config.config),
      hasSameDetector: hasSameDetector(usable.config, config.config),
    });
  }

  linkOpened(link: string, info: unknown): readonly Output[] {
    const { panel, signals } = this.#mind;
    if (link === LINKS.inference) return panel.open(info);
    return signals.linkOpened(link) ?? this.#loop.linkOpened(link);
  }

  linkClosed(link: string): readonly Output[] {
    this.#mind.signals.linkClosed(link);
    // In real time nobody waits for who is away.
    return this.#loop.run();
  }

  receive(link: string, message: unknown): readonly Output[] {
    const outputs = link === LINKS.inference
      ? this.#mind.takeInference(message as InferenceToEngine)
      : this.#mind.signals.receive(link, message);
    return outputs === null
      ? this.#loop.receive(link, message)
      : [...outputs, ...this.#loop.run()];
  }

  prepare(batch: PackedCandles, batchIndex: number): readonly Output[] {
    return this.#mind.prepare(batch, batchIndex);
  }

  isReady(seq: number): boolean {
    return this.#mind.isReady(seq);
  }

  decide(
    _batch: PackedCandles,
    _batchIndex: number,
    step: DeskStepped,
  ): readonly DeskAction[] {
    return this.#mind.decide(step);
  }

  tell(): readonly Output[] {
    return this.#mind.signals.tell();
  }

  flush(): readonly ReportLine[] | null {
    return this.#mind.news.flush();
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

  configure(next: DecisionEngineConfig): "applied" | "needs_restart" {
    const effect = compareConfigs(this.#agent.init, next);
    if (effect === "applied") {
      this.#agent.init = next;
      this.#mind.configure(this.#loop.decidedSeq);
    }
    return effect;
  }

  inspect(query: unknown): unknown {
    const question = query as DecisionEngineQuestion;
    const { market, news, panel, books } = this.#mind;
    switch (question.type) {
      case "chart":
        return readChart(market.detectors, {
          ...question,
          maxZoneAgeCandles: this.#agent.init.config.detector.maxZoneAgeCandles,
          decisions: news.listDecisions(),
        });
      case "vitals":
        return this.#vitals();
      case "ensemble":
        return {
          models: panel.roster.list(),
          decisions: books.list(),
        } satisfies EnsembleView;
      default:
        return assertNever(question, "question to a decision engine");
    }
  }

  #vitals(): AgentVitalsAnswer {
    const { decidedSeq, hasEnded, heldUpSeq } = this.#loop;
    const { market, news, panel, signals } = this.#mind;
    return {
      decidedSeq,
      ended: hasEnded,
      lastCandle: market.detectors.series.candle(decidedSeq),
      lastDecision: news.lastDecision,
      lastPattern: describeLastPattern(market.detectors.log),
      problem: describeProblem(panel.roster.list()),
      waitsFor: heldUpSeq === null ? [] : signals.missing(heldUpSeq),
    };
  }

  isSnapshotDue(): boolean {
    return this.#mind.signals.isSnapshotDue();
  }

  snapshotTaken(): readonly Output[] {
    return this.#mind.signals.snapshotTaken();
  }

  snapshot(): DecisionEngineSnapshot {
    return {
      config: this.#agent.init.config,
      startSeq: this.#agent.init.startSeq,
      ...this.#loop.snapshot(),
      ...this.#mind.snapshot(),
    };
  }
}
