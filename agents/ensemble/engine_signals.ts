import type { Output } from "../../actors/behavior.ts";
import { listenerOfLink, sourceOfLink } from "../../lib/contracts/links.ts";
import type {
  EnterSignal,
  ExitSignal,
  Signal,
} from "../../lib/contracts/signal.ts";
import type { EntryAgent } from "../entry_gate.ts";
import {
  SignalPublisher,
  type SignalPublisherSnapshot,
} from "../signals/publisher.ts";
import {
  type LostSignals,
  SignalSources,
  type SignalSourcesSnapshot,
} from "../signals/sources.ts";
import { type EntryPlan, type Planned } from "./entry_plan.ts";
import type { Verdict } from "./verdict.ts";

/** State of {@link EngineSignals}. */
export interface EngineSignalsSnapshot {
  sources: SignalSourcesSnapshot;
  published: SignalPublisherSnapshot;
  toldSide: EnterSignal["side"] | null;
}

/** What others signalled on a candle. */
export interface HeardOnCandle {
  /** Null for an engine that listens to nobody. */
  enters: readonly EnterSignal[] | null;
  exits: readonly ExitSignal[];
}

/** A decided candle to tell listeners of. */
export interface ToldCandle {
  seq: number;
  at: number;
  close: number;
  verdict: Verdict;
  /** The entry of a verdict that may be traded; null for one that may not. */
  plan: Planned | null;
  /** Exits that were heard: they are passed on. */
  exits: readonly ExitSignal[];
}

const NOTHING: readonly Output[] = [];
const NO_SIGNALS: readonly Signal[] = [];

/**
 * Whom an engine listens to, and who listens to it. An engine with sources
 * judges what they signal; one that only reports signals tells its own.
 */
export class EngineSignals {
  readonly #agent: EntryAgent;
  readonly #sources: SignalSources;
  readonly #publisher: SignalPublisher;
  /** The side of the last entry that was told; null after its end was. */
  #toldSide: EnterSignal["side"] | null = null;
  #outputs: readonly Output[] = NOTHING;

  constructor(
    agent: EntryAgent,
    { decidedSeq, snapshot }: {
      decidedSeq: number;
      snapshot: EngineSignalsSnapshot | null;
    },
  ) {
    this.#agent = agent;
    this.#publisher = new SignalPublisher({ decidedSeq });
    this.#sources = new SignalSources({
      sourceIds: agent.init.config.sources,
      decidedSeq,
      snapshot: snapshot?.sources ?? null,
    });
    if (snapshot === null) return;
    this.#publisher.restore(snapshot.published);
    this.#toldSide = snapshot.toldSide;
  }

  /** Answers the opening of a link of signals; null for another link. */
  linkOpened(link: string): readonly Output[] | null {
    const source = sourceOfLink(link);
    if (source !== null) return this.#sources.open(source);
    return listenerOfLink(link) === null ? null : NOTHING;
  }

  linkClosed(link: string): void {
    const source = sourceOfLink(link);
    if (source !== null) this.#sources.close(source);
    const listener = listenerOfLink(link);
    if (listener !== null) this.#publisher.close(listener);
  }

  /** Takes a message of a source or a listener; null for another link. */
  receive(link: string, message: unknown): readonly Output[] | null {
    const listener = listenerOfLink(link);
    if (listener !== null) return this.#publisher.receive(listener, message);
    const source = sourceOfLink(link);
    if (source === null) return null;
    this.#sources.receive(source, message);
    return NOTHING;
  }

  /**
   * Whether candle `seq` may be decided. In lockstep it waits for all sources,
   * and stands still where a listener could lose a signal. In real time it
   * waits for those that are there: one that fails holds up nobody.
   */
  isReady(seq: number): boolean {
    const { feed } = this.#agent.init.config;
    return feed.kind === "exchange"
      ? this.#sources.isReadyWhereOpen(seq)
      : !this.#publisher.mustWait && this.#sources.isReady(seq);
  }

  /** Sources whose signals up to a candle are not here. */
  missing(seq: number): string[] {
    return this.#sources.missing(seq);
  }

  /**
   * What was signalled up to a candle. Older entries are left out: the votes are
   * of this candle. An end holds however late it comes: its source tells it once.
   */
  take(seq: number): HeardOnCandle {
    const enters: EnterSignal[] = [];
    const exits: ExitSignal[] = [];
    for (const { signal } of this.#sources.take(seq)) {
      if (signal.kind === "exit") exits.push(signal);
      else if (signal.seq === seq) enters.push(signal);
    }
    const listens = this.#agent.init.config.sources.length > 0;
    return { enters: listens ? enters : null, exits };
  }

  takeLost(): LostSignals[] {
    return this.#sources.takeLost();
  }

  /** Tells listeners what was decided on the next candle. */
  publish(candle: ToldCandle): void {
    const signals = this.#isTelling(candle.seq)
      ? this.#signalsOf(candle)
      : NO_SIGNALS;
    this.#outputs = this.#publisher.publish(candle.seq, signals);
  }

  /** The messages about the candle that was decided last. */
  tell(): readonly Output[] {
    const taken = this.#sources.tellTaken();
    const outputs = this.#outputs;
    this.#outputs = NOTHING;
    return taken.length === 0 ? outputs : [...outputs, ...taken];
  }

  configure(decidedSeq: number): void {
    this.#sources.configure(this.#agent.init.config.sources, decidedSeq);
  }

  /** An agent that trades itself would be doubled; one that warms up or is paused wants nothing traded. */
  #isTelling(seq: number): boolean {
    const { init: { config, tradeFromSeq }, isPaused } = this.#agent;
    return config.signalsOnly && !isPaused && seq >= tradeFromSeq;
  }

  /** The end of an entry that the models turned against comes before the entry of the other side. */
  #signalsOf(candle: ToldCandle): Signal[] {
    const { verdict, plan, exits } = candle;
    const signals: Signal[] = [];
    const add = (signal: DistributiveOmit<Signal, "signalId">) =>
      void signals.push({
        ...signal,
        signalId: `${candle.seq}.${signals.length}`,
      } as Signal);
    for (const { side, reasons } of exits) {
      add({ ...exitOf(candle, side), reasons });
      if (side === this.#toldSide) this.#toldSide = null;
    }
    const against = sideAgainst(verdict);
    if (against !== null && against === this.#toldSide) {
      add(exitOf(candle, against));
      this.#toldSide = null;
    }
    if (plan !== null && !("skippedBecause" in plan)) {
      const enter = enterOf(candle, plan);
      add(enter);
      this.#toldSide = enter.side;
    }
    return signals;
  }

  isSnapshotDue(): boolean {
    return this.#sources.isSnapshotDue();
  }

  snapshotTaken(): readonly Output[] {
    return this.#sources.snapshotTaken();
  }

  snapshot(): EngineSignalsSnapshot {
    return {
      sources: this.#sources.snapshot(),
      published: this.#publisher.snapshot(),
      toldSide: this.#toldSide,
    };
  }
}

type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown
  ? Omit<T, Key>
  : never;

/** The side whose positions a verdict speaks against; null where it speaks for nothing. */
function sideAgainst(
  { abstention, bias }: Verdict,
): EnterSignal["side"] | null {
  if (abstention !== null || bias === null) return null;
  return bias === 1 ? "sell" : "buy";
}

function enterOf(
  { seq, at, close, verdict }: ToldCandle,
  plan: EntryPlan,
): Omit<EnterSignal, "signalId"> {
  const { entry, stopPrice, targetPrice, expireAfterSeq } = plan;
  return {
    seq,
    at,
    kind: "enter",
    side: plan.bias === 1 ? "buy" : "sell",
    entry,
    stopPrice,
    targetPrice,
    price: close,
    // A signal at the market is of the next open and of no later one.
    expireAfterSeq: expireAfterSeq ?? seq,
    strategy: plan.strategy,
    confidence: verdict.confidence,
    reasons: plan.reasons,
  };
}

function exitOf(
  { seq, at, close, verdict }: ToldCandle,
  side: ExitSignal["side"],
): Omit<ExitSignal, "signalId"> {
  return {
    seq,
    at,
    kind: "exit",
    side,
    price: close,
    strategy: "ensemble",
    confidence: verdict.confidence,
    reasons: [`The models turned ${side === "buy" ? "down" : "up"}`],
  };
}
