import type { Output } from "../../actors/behavior.ts";
import {
  type EnterSignal,
  type Signal,
  SIGNALS_PER_CANDLE_MAX,
} from "../../lib/contracts/signal.ts";
import type { EntryAgent } from "../entry_gate.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import type { Setup } from "../strategies/setup.ts";
import { SignalPublisher, type SignalPublisherSnapshot } from "./publisher.ts";
import { toSignal } from "./setup_signal.ts";

const NO_SIGNALS: readonly Signal[] = [];

/** What proposes setups. */
interface Proposer {
  readonly proposed: readonly Setup[];
  waitCandles(setup: Setup): number;
}

/** The signals of an agent that finds setups: those that it proposes and does not trade itself. */
export class DetectorSignals {
  readonly publisher: SignalPublisher;
  readonly #agent: EntryAgent;

  constructor(agent: EntryAgent, decidedSeq: number) {
    this.#agent = agent;
    this.publisher = new SignalPublisher({ decidedSeq });
  }

  /** Whether the source is to stand still: in lockstep no listener may lose a signal. */
  get mustWait(): boolean {
    return this.publisher.mustWait &&
      this.#agent.init.config.feed.kind !== "exchange";
  }

  /** Tells the setups of the newest candle, which was just decided. */
  publish(series: CandleSeries, proposer: Proposer): readonly Output[] {
    const { lastSeq } = series;
    return this.publisher.publish(
      lastSeq,
      this.#isTelling(lastSeq) && proposer.proposed.length > 0
        ? signalsOf(series, proposer)
        : NO_SIGNALS,
    );
  }

  /** An agent that trades itself would be doubled; one that warms up or is paused wants nothing traded. */
  #isTelling(seq: number): boolean {
    const { init: { config, tradeFromSeq }, isPaused } = this.#agent;
    return config.signalsOnly && !isPaused && seq >= tradeFromSeq;
  }

  /** Nothing where there is nothing to keep. */
  snapshot(): { signals?: SignalPublisherSnapshot } {
    const signals = this.publisher.snapshot();
    const isEmpty = signals.kept.length === 0 &&
      signals.listeners.length === 0 && signals.floorSeq === 0;
    return isEmpty ? {} : { signals };
  }

  restore(signals: SignalPublisherSnapshot | undefined): void {
    if (signals !== undefined) this.publisher.restore(signals);
  }
}

function signalsOf(series: CandleSeries, proposer: Proposer): EnterSignal[] {
  const index = series.lastSeq & SERIES_MASK;
  const signals: EnterSignal[] = [];
  for (const setup of proposer.proposed.slice(0, SIGNALS_PER_CANDLE_MAX)) {
    const signal = toSignal(setup, {
      number: signals.length,
      at: series.newestAt,
      price: series.close[index]!,
      waitCandles: proposer.waitCandles(setup),
    });
    if (signal !== null) signals.push(signal);
  }
  return signals;
}
