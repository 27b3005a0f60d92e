import type { Output } from "../../actors/behavior.ts";
import { listenerOfLink, sourceOfLink } from "../../lib/contracts/links.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import type { Signal } from "../../lib/contracts/signal.ts";
import { barriersOf } from "../ensemble/barriers.ts";
import { describeVerdict } from "../ensemble/ensemble_words.ts";
import { ENSEMBLE } from "../ensemble/ensemble_trader.ts";
import { LIMIT_WAIT_CANDLES } from "../ensemble/limits.ts";
import type { Verdict } from "../ensemble/verdict.ts";
import type { EntryAgent } from "../entry_gate.ts";
import type { CandleSeries } from "../market/candle_series.ts";
import { OpenSignals, type OpenSignalsSnapshot } from "./open_signals.ts";
import { SignalPublisher, type SignalPublisherSnapshot } from "./publisher.ts";
import {
  type LostSignals,
  SignalSources,
  type SignalSourcesSnapshot,
} from "./sources.ts";

/** State of {@link EngineSignals}. */
export interface EngineSignalsSnapshot {
  publisher: SignalPublisherSnapshot;
  sources: SignalSourcesSnapshot;
  open: OpenSignalsSnapshot;
  lastBias: Bias | null;
}

const NOTHING: readonly Output[] = [];

/**
 * Both sides of signals of a decision engine. It hears its sources: what models
 * favour is traded only while a source wants the same side. And it tells its own
 * decisions to whoever listens, as long as it does not trade them itself.
 */
export class EngineSignals {
  readonly #agent: EntryAgent;
  readonly #publisher: SignalPublisher;
  readonly #sources: SignalSources;
  readonly #open = new OpenSignals();
  /** Side of what was told last. */
  #lastBias: Bias | null = null;
  /** Made on the candle that was decided last. */
  #told: Signal[] = [];

  constructor(
    agent: EntryAgent,
    { decidedSeq, snapshot }: {
      decidedSeq: number;
      snapshot: EngineSignalsSnapshot | undefined;
    },
  ) {
    this.#agent = agent;
    this.#publisher = new SignalPublisher({ decidedSeq });
    this.#sources = new SignalSources({
      sourceIds: agent.init.config.sources,
      decidedSeq,
      snapshot: snapshot?.sources ?? null,
    });
    if (snapshot === undefined) return;
    this.#publisher.restore(snapshot.publisher);
    this.#open.restore(snapshot.open);
    this.#lastBias = snapshot.lastBias;
  }

  /** Whether a link is one of signals: the other calls are for these alone. */
  static isLink(link: string): boolean {
    return sourceOfLink(link) !== null || listenerOfLink(link) !== null;
  }

  opened(link: string): readonly Output[] {
    const source = sourceOfLink(link);
    return source === null ? NOTHING : this.#sources.open(source);
  }

  closed(link: string): void {
    const source = sourceOfLink(link);
    const listener = listenerOfLink(link);
    if (source !== null) this.#sources.close(source);
    if (listener !== null) this.#publisher.close(listener);
  }

  receive(link: string, message: unknown): readonly Output[] {
    const listener = listenerOfLink(link);
    if (listener !== null) return this.#publisher.receive(listener, message);
    this.#sources.receive(sourceOfLink(link)!, message);
    return NOTHING;
  }

  /** In lockstep a decision waits for its sources, and for listeners that could lose a signal. */
  isReady(seq: number): boolean {
    return this.#agent.init.config.feed.kind === "exchange" ||
      this.#sources.isReady(seq) && !this.#publisher.mustWait;
  }

  /** Sources whose signals up to a candle are not here. */
  missing(seq: number): readonly string[] {
    return this.#sources.missing(seq);
  }

  /** Takes what the sources told up to the candle that is decided. Answers what could not be had. */
  hear(seq: number): readonly LostSignals[] {
    this.#told = [];
    const heard = this.#sources.take(seq);
    this.#open.take(heard);
    return this.#sources.takeLost();
  }

  /** Why a verdict is not to be traded: its sources want something else; null without sources. */
  objection({ bias }: Verdict, seq: number): string | null {
    const { sources } = this.#agent.init.config;
    return sources.length === 0 || bias === null
      ? null
      : this.#open.objection(bias, seq);
  }

  /** Tells a verdict that may be traded: the end of trades on the other side, and an entry. */
  decide(verdict: Verdict, series: CandleSeries): void {
    const { bias } = verdict;
    if (verdict.abstention !== null || bias === null) return;
    const { init: { config, tradeFromSeq }, isPaused } = this.#agent;
    const seq = series.lastSeq;
    if (!config.signalsOnly || isPaused || seq < tradeFromSeq) return;
    const barriers = barriersOf(series, bias, config.decision);
    if (barriers === null) return;
    const { price, stopPrice, targetPrice } = barriers;
    const base = {
      seq,
      at: series.newestAt,
      price,
      strategy: ENSEMBLE,
      confidence: verdict.confidence,
      reasons: describeVerdict(verdict, []),
    };
    if (this.#lastBias === -bias) {
      this.#told.push({
        ...base,
        signalId: `${seq}.${this.#told.length}`,
        kind: "exit",
        side: sideOf(this.#lastBias),
      });
    }
    const isLimit = config.decision.entry === "limit";
    this.#told.push({
      ...base,
      signalId: `${seq}.${this.#told.length}`,
      kind: "enter",
      side: sideOf(bias),
      entry: isLimit ? { type: "limit", price } : { type: "market" },
      stopPrice,
      targetPrice,
      expireAfterSeq: seq + (isLimit ? LIMIT_WAIT_CANDLES : 1),
    });
    this.#lastBias = bias;
  }

  /** To be sent once for each decided candle, in order. */
  tell(seq: number): readonly Output[] {
    return [
      ...this.#publisher.publish(seq, this.#told),
      ...this.#sources.tellTaken(),
    ];
  }

  configure(decidedSeq: number): void {
    this.#sources.configure(this.#agent.init.config.sources, decidedSeq);
  }

  snapshotTaken(): readonly Output[] {
    return this.#sources.snapshotTaken();
  }

  snapshot(): EngineSignalsSnapshot {
    return {
      publisher: this.#publisher.snapshot(),
      sources: this.#sources.snapshot(),
      open: this.#open.snapshot(),
      lastBias: this.#lastBias,
    };
  }
}

function sideOf(bias: Bias): Side {
  return bias > 0 ? "buy" : "sell";
}
