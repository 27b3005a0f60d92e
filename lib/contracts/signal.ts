/**
 * Signals: what an agent that only reports tells the agents that listen to it,
 * over a link. One candle after the other, without a gap: the source says for
 * each candle that it has decided what it made of it, which is nothing most of
 * the time. A listener that comes back says from which candle on it wants to
 * hear, so a restart of either side loses nothing and doubles nothing.
 *
 * @module
 */
import type { EpochMs, Side } from "./primitives.ts";

/** Signals that a source keeps; beyond it the oldest goes, and a listener that still needs it is told so. */
export const SIGNALS_KEPT_MAX = 4_096;

/** Agents that one agent listens to at most. */
export const SOURCES_MAX = 8;

/** Agents that listen to one agent at most. */
export const LISTENERS_MAX = 16;

/** Signals that one candle makes at most, so that each has a number of its own. */
export const SIGNALS_PER_CANDLE_MAX = 100;

interface SignalBase {
  /** `<seq>.<n>`: deciding candle, n-th signal on it. Unique for each source. */
  signalId: string;
  /** Deciding candle. */
  seq: number;
  /** Open time of that candle. */
  at: EpochMs;
  /** Close of that candle: the price the decision was made on. */
  price: number;
  strategy: string;
  /** From 0 to 1; null where the source has no measure of it. */
  confidence: number | null;
  /** Why, in plain words, most important first. */
  reasons: readonly string[];
}

/** A trade that the source would enter. */
export interface EnterSignal extends SignalBase {
  kind: "enter";
  side: Side;
  /** How the source would enter. */
  entry: { type: "market" } | { type: "limit"; price: number };
  stopPrice: number;
  /** Null where no target is set. */
  targetPrice: number | null;
  /** Nobody enters any more once this candle is decided; null for no end. */
  expireAfterSeq: number | null;
}

/** The end of trades on one side: whoever is in leaves, whoever waits gives up. */
export interface ExitSignal extends SignalBase {
  kind: "exit";
  /** The side whose entries it ends: `buy` closes a long position. */
  side: Side;
}

export type Signal = EnterSignal | ExitSignal;

/** Listener → source, first message on the link: tell me from this candle on. */
export interface ListenToSignals {
  type: "listen";
  fromSeq: number;
  /** Candles that the listener takes without having said that they are taken. */
  windowCandles: number;
}

/** Listener → source: all candles up to here are taken, and the window moves on. */
export interface SignalsTaken {
  type: "taken";
  seq: number;
}

/** Listener → source: what it made of candles up to here is stored. They need not be kept for it. */
export interface SignalsKept {
  type: "kept";
  seq: number;
}

export type ListenerToSource = ListenToSignals | SignalsTaken | SignalsKept;

/** Source → listener: everything that was signalled on these candles, both ends included. They go on where the last message ended. */
export interface SignalsTold {
  type: "signals";
  fromSeq: number;
  toSeq: number;
  /** In the order in which they were made. */
  signals: readonly Signal[];
  /** Signals of candles before this one are no longer kept and may be missing. */
  lostBeforeSeq?: number;
  /**
   * When the source's worker began with what led to it, and when it left, epoch
   * ms with fractions; for the measured latency alone.
   */
  beganAtMs?: number;
  sentAtMs?: number;
  /** When it reached the listener's worker, in the same time. */
  receivedAtMs?: number;
}
