import type { Output } from "../../actors/behavior.ts";
import { LINKS } from "../../lib/contracts/links.ts";
import {
  LISTENERS_MAX,
  type ListenerToSource,
  type Signal,
  SIGNALS_KEPT_MAX,
  type SignalsTold,
} from "../../lib/contracts/signal.ts";
import { assert, assertNever } from "../../lib/core/assert.ts";
import { SIGNALS_AHEAD_MAX, SIGNALS_UNHEARD_MAX } from "./limits.ts";

/** State of a {@link SignalPublisher}. */
export interface SignalPublisherSnapshot {
  /** Signals of candles before this one may be missing. */
  floorSeq: number;
  kept: Signal[];
  /** Who has listened, and up to which candle each has stored what it made of them. */
  listeners: [agentId: string, keptSeq: number][];
}

interface Listener {
  /** Everything up to here is stored by it and need not be kept for it. */
  keptSeq: number;
  /** The next candle to tell it of; null while it is away. */
  nextSeq: number | null;
  /** It may be told of candles up to here. */
  untilSeq: number;
  windowCandles: number;
}

const NOTHING: readonly Output[] = [];

/**
 * The source's side of signals (contracts/signal.ts): tells each listener of
 * every decided candle, keeps the newest signals until all listeners have
 * stored what they made of them, and tells one that comes back what it missed.
 * Pure; its owner sends what it answers.
 */
export class SignalPublisher {
  readonly #listeners = new Map<string, Listener>();
  /** Oldest first. */
  #kept: Signal[] = [];
  #floorSeq = 0;
  #decidedSeq: number;

  /** Goes on after `decidedSeq`, the last candle that was decided. */
  constructor({ decidedSeq }: { decidedSeq: number }) {
    this.#decidedSeq = decidedSeq;
  }

  /**
   * Whether the source is to stand still in lockstep: a listener that is there
   * has yet to store so much that more could be lost if it fails.
   */
  get mustWait(): boolean {
    if (this.#kept.length < SIGNALS_AHEAD_MAX) return false;
    const oldestSeq = this.#kept[this.#kept.length - SIGNALS_AHEAD_MAX]!.seq;
    for (const { nextSeq, keptSeq } of this.#listeners.values()) {
      if (nextSeq !== null && keptSeq < oldestSeq) return true;
    }
    return false;
  }

  /** The link of a listener was closed. It is remembered: it comes back. */
  close(agentId: string): void {
    const listener = this.#listeners.get(agentId);
    if (listener !== undefined) listener.nextSeq = null;
  }

  /** Takes a message of a listener. */
  receive(agentId: string, message: unknown): readonly Output[] {
    const told = message as ListenerToSource;
    if (told.type === "listen") {
      this.#listen(agentId, told);
      return this.#tell(agentId);
    }
    const listener = this.#listeners.get(agentId);
    assert(listener !== undefined, `"${agentId}" must listen first`);
    switch (told.type) {
      case "taken":
        listener.untilSeq = told.seq + listener.windowCandles;
        return this.#tell(agentId);
      case "kept":
        listener.keptSeq = Math.max(listener.keptSeq, told.seq);
        this.#trim();
        return NOTHING;
      default:
        return assertNever(told, "message of a listener");
    }
  }

  /**
   * Tells what was decided on the next candle, which may be nothing. To be
   * called once for each candle, in order.
   */
  publish(seq: number, signals: readonly Signal[]): readonly Output[] {
    assert(
      seq === this.#decidedSeq + 1,
      `Signals of candle ${this.#decidedSeq + 1} are due, were of ${seq}`,
    );
    this.#decidedSeq = seq;
    if (signals.length > 0) {
      this.#kept.push(...signals);
      this.#bound();
    }
    if (this.#listeners.size === 0) return NOTHING;
    const outputs: Output[] = [];
    for (const agentId of this.#listeners.keys()) {
      outputs.push(...this.#tell(agentId));
    }
    return outputs;
  }

  #listen(
    agentId: string,
    { fromSeq, windowCandles }: Extract<ListenerToSource, { type: "listen" }>,
  ): void {
    const known = this.#listeners.get(agentId);
    if (known === undefined) this.#makeRoom();
    this.#listeners.set(agentId, {
      // What it has stored it says next. It may have gone on from a snapshot before the one it spoke of last.
      keptSeq: Math.min(known?.keptSeq ?? -1, fromSeq - 1),
      nextSeq: fromSeq,
      untilSeq: fromSeq - 1 + windowCandles,
      windowCandles,
    });
  }

  /** A listener too many takes the place of one that is away. */
  #makeRoom(): void {
    if (this.#listeners.size < LISTENERS_MAX) return;
    for (const [agentId, { nextSeq }] of this.#listeners) {
      if (nextSeq !== null) continue;
      this.#listeners.delete(agentId);
      return;
    }
    assert(false, `More than ${LISTENERS_MAX} agents listen`);
  }

  /** Everything from where a listener stands to the newest candle that it may be told of, in one message. */
  #tell(agentId: string): readonly Output[] {
    const listener = this.#listeners.get(agentId)!;
    const { nextSeq, untilSeq } = listener;
    if (nextSeq === null) return NOTHING;
    const toSeq = Math.min(this.#decidedSeq, untilSeq);
    if (toSeq < nextSeq) return NOTHING;
    listener.nextSeq = toSeq + 1;
    const message: SignalsTold = {
      type: "signals",
      fromSeq: nextSeq,
      toSeq,
      signals: this.#between(nextSeq, toSeq),
      ...(nextSeq < this.#floorSeq ? { lostBeforeSeq: this.#floorSeq } : {}),
    };
    const link = LINKS.listenerOf(agentId);
    return message.signals.length === 0
      ? [{ to: "link", link, message }]
      : [{ to: "link", link, message, stamp: true }];
  }

  #between(fromSeq: number, toSeq: number): Signal[] {
    const kept = this.#kept;
    let start = kept.length;
    while (start > 0 && kept[start - 1]!.seq >= fromSeq) start--;
    let end = start;
    while (end < kept.length && kept[end]!.seq <= toSeq) end++;
    return kept.slice(start, end);
  }

  /** Lets go what every listener has stored. */
  #trim(): void {
    let keptSeq = Infinity;
    for (const listener of this.#listeners.values()) {
      keptSeq = Math.min(keptSeq, listener.keptSeq);
    }
    let count = 0;
    while (count < this.#kept.length && this.#kept[count]!.seq <= keptSeq) {
      count++;
    }
    this.#drop(count);
  }

  /** Holds the number of signals; beyond it the oldest goes. */
  #bound(): void {
    const most = this.#listeners.size === 0
      ? SIGNALS_UNHEARD_MAX
      : SIGNALS_KEPT_MAX;
    if (this.#kept.length <= most) return;
    this.#drop(this.#kept.length - most);
    // Who is away and has lost something already holds up nothing any more.
    for (const [agentId, { nextSeq, keptSeq }] of this.#listeners) {
      if (nextSeq === null && keptSeq + 1 < this.#floorSeq) {
        this.#listeners.delete(agentId);
      }
    }
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#floorSeq = this.#kept[count - 1]!.seq + 1;
    this.#kept.splice(0, count);
  }

  snapshot(): SignalPublisherSnapshot {
    return {
      floorSeq: this.#floorSeq,
      kept: structuredClone(this.#kept),
      listeners: [...this.#listeners].map((
        [agentId, { keptSeq }],
      ) => [agentId, keptSeq]),
    };
  }

  restore({ floorSeq, kept, listeners }: SignalPublisherSnapshot): void {
    this.#floorSeq = floorSeq;
    this.#kept = structuredClone(kept);
    this.#listeners.clear();
    for (const [agentId, keptSeq] of listeners) {
      this.#listeners.set(agentId, {
        keptSeq,
        nextSeq: null,
        untilSeq: -1,
        windowCandles: 0,
      });
    }
  }
}
