/**
 * What an agent sends, ready-made.
 *
 * @module
 */
import type { Output } from "../actors/behavior.ts";
import {
  type AgentActed,
  type AgentAttached,
  type AgentDecided,
  type CandlesConsumed,
  LINKS,
  type SubscribeCandles,
} from "../lib/contracts/links.ts";
import type { AgentReport } from "../lib/contracts/log.ts";
import type { DeskAction } from "../lib/contracts/order.ts";

/** Asks the feed for candles, at most `windowCandles` more than were said to be consumed. */
export function toSubscribe(fromSeq: number, windowCandles: number): Output {
  const message: SubscribeCandles = {
    type: "subscribe",
    fromSeq,
    windowCandles,
  };
  return { to: "link", link: LINKS.feed, message };
}

/** Tells the feed that every candle up to `seq` is done with. */
export function toConsumed(seq: number): Output {
  const message: CandlesConsumed = { type: "consumed", seq };
  return { to: "link", link: LINKS.feed, message };
}

/** Tells the desk what was decided on one candle. */
export function toDecided(
  seq: number,
  actions: readonly DeskAction[],
): Output {
  const message: AgentDecided = { type: "decided", seq, actions };
  return actions.length === 0
    ? { to: "link", link: LINKS.desk, message }
    : { to: "link", link: LINKS.desk, message, stamp: true };
}

/** Tells the desk what to do between two candles. */
export function toActed(seq: number, actions: readonly DeskAction[]): Output {
  const message: AgentActed = { type: "acted", seq, actions };
  return { to: "link", link: LINKS.desk, message, stamp: true };
}

/**
 * Tells the desk what is decided already. The last decision is told again,
 * because the desk or the link may have ended while it was under way; a desk
 * that has it knows its intents by their ids.
 */
export function toAttachment(
  decidedSeq: number,
  lastActions: readonly DeskAction[] | null,
): Output[] {
  const isToldAgain = lastActions !== null;
  const message: AgentAttached = {
    type: "attached",
    decidedSeq: isToldAgain ? decidedSeq - 1 : decidedSeq,
  };
  const attached: Output = { to: "link", link: LINKS.desk, message };
  return isToldAgain
    ? [attached, toDecided(decidedSeq, lastActions)]
    : [attached];
}

/** Tells the owner what happened on one candle. */
export function toReport(logs: AgentReport["logs"]): Output {
  const report: AgentReport = { kind: "agent", logs };
  return { to: "owner", report };
}
