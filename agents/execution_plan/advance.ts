/**
 * What an entry that is under way does on a candle: further parts, and moves
 * after the market.
 *
 * @module
 */
import type { DeskAction, EntryOrder } from "../../lib/contracts/order.ts";
import { signOf, slippagePct, whyNotEnter } from "./entry_order.ts";
import { isUnanswered } from "../desk_answer.ts";
import { type EntryPlan, markSent, type PlanPart } from "./entry_plan.ts";
import type { EntryMoment } from "./submit.ts";

/** What came of a candle. */
export interface Advance {
  actions: DeskAction[];
  /** Parts that were not sent because of their price, in words. */
  slipped: string[];
}

/** Takes the next steps of an entry that has an intent. The plan notes them. */
export function advancePlan(plan: EntryPlan, moment: EntryMoment): Advance {
  const advance: Advance = { actions: [], slipped: [] };
  if (plan.intentId === null || plan.ending !== null) return advance;
  if (hasUnanswered(plan, moment.seq)) {
    advance.actions.push(...giveUpPlan(plan, "The desk has not answered"));
    return advance;
  }
  if (isExpired(plan, moment.seq)) {
    for (const part of plan.parts) endUnsent(part);
    return advance;
  }
  sendParts(plan, moment, advance);
  if (plan.ending === null && moment.config.chase === "on") {
    follow(plan, moment, advance);
  }
  return advance;
}

/** Asks the desk to withdraw an entry, and everything of it that is to come. */
export function withdrawPlan(plan: EntryPlan, reason: string): DeskAction[] {
  if (plan.ending !== null) return [];
  plan.ending = reason;
  plan.retrySeq = null;
  for (const part of plan.parts) endUnsent(part);
  return plan.intentId === null
    ? []
    : [{ kind: "cancel", intentId: plan.intentId, reason }];
}

/** Withdraws an entry of which nobody knows where it stands, and waits for no answer. */
export function giveUpPlan(plan: EntryPlan, reason: string): DeskAction[] {
  const actions = withdrawPlan(plan, reason);
  for (const part of plan.parts) {
    if (part.state !== "filled") part.state = "over";
  }
  return actions;
}

function hasUnanswered({ parts }: EntryPlan, seq: number): boolean {
  return parts.some(({ state, sentSeq }) =>
    state === "sent" && isUnanswered(sentSeq, seq)
  );
}

/** A further part after the last candle would only be denied. */
function isExpired({ expireAfterSeq }: EntryPlan, seq: number): boolean {
  return expireAfterSeq !== null && seq >= expireAfterSeq;
}

function endUnsent(part: PlanPart): void {
  if (part.state === "unsent") part.state = "over";
  part.retrySeq = null;
}

function sendParts(
  plan: EntryPlan,
  moment: EntryMoment,
  advance: Advance,
): void {
  const { seq, config, close } = moment;
  for (let index = 0; index < plan.parts.length; index++) {
    const part = plan.parts[index]!;
    if (!isDue(plan, index, moment)) continue;
    const entry = plan.entry!;
    const unmade = whyNotEnter(plan.signal, {
      entry,
      close,
      maxSlippagePct: config.maxSlippagePct,
    });
    if (unmade !== null) {
      part.state = "over";
      part.retrySeq = null;
      if (unmade.isSlippage) advance.slipped.push(unmade.reason);
      continue;
    }
    markSent(part, seq);
    const intentId = plan.intentId!;
    advance.actions.push({ kind: "part", intentId, part: index, entry });
  }
  if (config.slicing === "iceberg" && hasStuckPart(plan)) {
    advance.actions.push(
      ...withdrawPlan(plan, "A part of the entry could not be made"),
    );
  }
}

function isDue(
  plan: EntryPlan,
  index: number,
  { seq, config }: EntryMoment,
): boolean {
  const { state, retrySeq } = plan.parts[index]!;
  if (state === "over") return retrySeq !== null && seq >= retrySeq;
  if (state !== "unsent") return false;
  return config.slicing === "iceberg"
    ? plan.parts[index - 1]?.state === "filled"
    : seq >= plan.submittedSeq + index * config.partCandles;
}

/** The next part waits for one that will never be filled. */
function hasStuckPart({ parts }: EntryPlan): boolean {
  return parts.some(({ state }) => state === "unsent") &&
    parts.some(({ state, retrySeq }) => state === "over" && retrySeq === null);
}

/** Moves limits that the market has left behind, as far as they may be moved. */
function follow(plan: EntryPlan, moment: EntryMoment, advance: Advance): void {
  const { entry } = plan;
  if (entry === null || entry.type !== "limit" || plan.isAtLastPrice) return;
  const { signal } = plan;
  const sign = signOf(signal);
  const { config, close } = moment;
  const price = close * (1 - sign * config.offsetPct / 100);
  const behind = plan.parts.filter((part) =>
    part.state === "working" && !part.isMoving && part.price !== null &&
    sign * (price - part.price) > 0
  );
  if (behind.length === 0) return;
  const isTooFar = plan.moves >= config.chaseMoves ||
    slippagePct(signal, price) > config.chaseDistancePct;
  if (!isTooFar) {
    plan.moves++;
    move(plan, behind, { price, reason: "Follows the market" }, advance);
  } else if (config.chaseEnd === "market" && entry.postOnly !== true) {
    plan.isAtLastPrice = true;
    move(plan, behind, {
      price: signal.price * (1 + sign * config.maxSlippagePct / 100),
      reason: "Takes what is left at up to the most slippage",
    }, advance);
  } else {
    advance.actions.push(...withdrawPlan(plan, "The market has moved away"));
  }
}

function move(
  plan: EntryPlan,
  parts: readonly PlanPart[],
  { price, reason }: { price: number; reason: string },
  { actions }: Advance,
): void {
  const intentId = plan.intentId!;
  for (const part of parts) {
    part.isMoving = true;
    const index = plan.parts.indexOf(part);
    actions.push({ kind: "reprice", intentId, part: index, price, reason });
  }
  plan.entry = limitAt(plan.entry!, price);
}

function limitAt(entry: EntryOrder, price: number): EntryOrder {
  return entry.type === "market" ? entry : { ...entry, price };
}
