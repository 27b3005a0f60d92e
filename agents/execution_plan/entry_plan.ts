import type { EntryOrder } from "../../lib/contracts/order.ts";
import {
  type EnterSignal,
  SIGNALS_PER_CANDLE_MAX,
} from "../../lib/contracts/signal.ts";
import type { HeardSignal } from "../signals/sources.ts";

/** Attempts that can be told apart by their ids; more than the configuration allows. */
export const ATTEMPTS_MAX = 16;

/** Where one part of an entry stands. Plain data. */
export interface PlanPart {
  /** `over`: its order ended unfilled, and it may be sent again at `retrySeq`. */
  state: "unsent" | "sent" | "working" | "over" | "filled";
  /** Units that its order may still be filled for: a count that tells when it is done. */
  left: number;
  ordered: number;
  /** Price of its limit; null for other orders. */
  price: number | null;
  attempts: number;
  /** Candle of the decision to send it last. */
  sentSeq: number;
  /** Null where it is not tried again. */
  retrySeq: number | null;
  /** The desk was asked to move it and has not answered. */
  isMoving: boolean;
}

/** The entry of one signal, from its first order to its last. Plain data. */
export interface EntryPlan {
  sourceId: string;
  slot: number;
  signal: EnterSignal;
  /** The newest intent; null while the whole entry waits for its next attempt. */
  intentId: string | null;
  /** Attempts so far, each with an intent of its own. */
  attempts: number;
  /** When the whole entry is tried again; null while it is not to be. */
  retrySeq: number | null;
  /** Candle of the decision on the newest intent. */
  submittedSeq: number;
  entry: EntryOrder | null;
  parts: PlanPart[];
  /** How often its limit was moved. */
  moves: number;
  /** It was moved as far as it may be: nothing moves it any more. */
  isAtLastPrice: boolean;
  /** Why the desk was asked to withdraw it; null where it was not. */
  ending: string | null;
  /** Why what is filled of it is to be left at once; left out while nobody signalled its end. */
  leaveReason?: string;
  /** Its orders, those of further parts too, end after this candle; null for no end. */
  expireAfterSeq: number | null;
}

/** A part that was not sent yet. */
export function unsentPart(): PlanPart {
  return {
    state: "unsent",
    left: 0,
    ordered: 0,
    price: null,
    attempts: 0,
    sentSeq: -1,
    retrySeq: null,
    isMoving: false,
  };
}

/** The plan of a signal of which nothing was sent. */
export function openPlan({ sourceId, slot, signal }: HeardSignal & {
  signal: EnterSignal;
}): EntryPlan {
  return {
    sourceId,
    slot,
    signal,
    intentId: null,
    attempts: 0,
    retrySeq: null,
    submittedSeq: -1,
    entry: null,
    parts: [],
    moves: 0,
    isAtLastPrice: false,
    ending: null,
    expireAfterSeq: null,
  };
}

/**
 * Id of an attempt at a signal. It is made of the signal alone, so that whoever
 * comes to the same decision again, after whatever failure, has the same id and
 * the desk enters once. Null for a signal without a number of its own.
 */
export function attemptId(
  { signal, slot, attempts }: Pick<EntryPlan, "signal" | "slot" | "attempts">,
): string | null {
  const { signalId, seq } = signal;
  const number = Number(signalId.slice(signalId.indexOf(".") + 1));
  const isNumbered = signalId === `${seq}.${number}` &&
    Number.isInteger(number) && number >= 0 && number < SIGNALS_PER_CANDLE_MAX;
  return isNumbered
    ? `${seq}.${
      (slot * SIGNALS_PER_CANDLE_MAX + number) * ATTEMPTS_MAX + attempts
    }`
    : null;
}

/** A part is on its way from this candle on. */
export function markSent(part: PlanPart, seq: number): void {
  part.state = "sent";
  part.attempts++;
  part.sentSeq = seq;
  part.retrySeq = null;
}

/** Whether anything of an entry was filled. */
export function isAnyFilled({ parts }: EntryPlan): boolean {
  return parts.some(({ state, left, ordered }) =>
    state === "filled" || left < ordered
  );
}

/** Whether nothing more comes of an entry: no order works, and none is to be sent. */
export function isPlanOver(plan: EntryPlan): boolean {
  if (plan.intentId === null) return plan.retrySeq === null;
  return plan.parts.every(({ state, retrySeq }) =>
    state === "filled" || state === "over" && retrySeq === null ||
    state === "unsent" && plan.ending !== null
  );
}
