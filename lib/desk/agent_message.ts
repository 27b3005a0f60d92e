import type { AgentToDesk } from "../contracts/links.ts";
import type {
  DeskAction,
  EntryOrder,
  OrderIntent,
} from "../contracts/order.ts";
import {
  type MarketRegime,
  TRENDS,
  VOLATILITIES,
} from "../contracts/regime.ts";
import { REASONS_MAX, TEXT_CHARACTERS_MAX } from "./limits.ts";

/**
 * Reads a message of an agent, which the desk does not trust: whatever is in it
 * must not end the desk of all other agents. A wrong field of an intent becomes
 * a value that the controls deny with ORDER_INVALID or HEDGE_INVALID; an action of no known kind
 * becomes such an intent. Null for what is no message at all.
 */
export function readAgentMessage(message: unknown): AgentToDesk | null {
  const fields = fieldsOf(message);
  if (fields.type === "attached" && isSeq(fields.decidedSeq)) {
    return { type: "attached", decidedSeq: fields.decidedSeq };
  }
  const { type, seq, sentAtMs } = fields;
  if (type !== "decided" && type !== "acted" || !isSeq(seq)) return null;
  if (!Array.isArray(fields.actions)) return null;
  return {
    type,
    seq,
    actions: fields.actions.map((action, index) =>
      readAction(action, { seq, index })
    ),
    ...(isPrice(sentAtMs) ? { sentAtMs } : {}),
  };
}

interface ActionPlace {
  seq: number;
  index: number;
}

function readAction(action: unknown, place: ActionPlace): DeskAction {
  const fields = fieldsOf(action);
  if (fields.kind === "close") {
    return { kind: "close", reason: textOf(fields.reason) };
  }
  if (fields.kind === "cancel") {
    return {
      kind: "cancel",
      intentId: textOf(fields.intentId),
      reason: textOf(fields.reason),
    };
  }
  if (fields.kind === "moveStop") {
    return {
      kind: "moveStop",
      intentId: textOf(fields.intentId),
      stopPrice: numberOf(fields.stopPrice),
      reason: textOf(fields.reason),
    };
  }
  if (fields.kind === "part") {
    return {
      kind: "part",
      intentId: textOf(fields.intentId),
      part: partOf(fields.part),
      entry: readEntry(fields.entry),
    };
  }
  if (fields.kind === "reprice") {
    return {
      kind: "reprice",
      intentId: textOf(fields.intentId),
      part: partOf(fields.part),
      price: numberOf(fields.price),
      reason: textOf(fields.reason),
    };
  }
  return { kind: "submit", intent: readIntent(fields.intent, place) };
}

function readIntent(intent: unknown, place: ActionPlace): OrderIntent {
  const fields = fieldsOf(intent);
  const { reasons, expireAfterSeq, parts, decisionPrice } = fields;
  return {
    intentId: textOf(fields.intentId) || `${place.seq}.${place.index}`,
    seq: isSeq(fields.seq) ? fields.seq : place.seq,
    // A side of neither kind is left for the controls to deny.
    side: textOf(fields.side) as OrderIntent["side"],
    entry: readEntry(fields.entry),
    stopPrice: numberOf(fields.stopPrice),
    targetPrice: fields.targetPrice === null
      ? null
      : numberOf(fields.targetPrice),
    riskPct: numberOf(fields.riskPct),
    expireAfterSeq: expireAfterSeq === null ? null : numberOf(expireAfterSeq),
    strategy: textOf(fields.strategy),
    reasons: Array.isArray(reasons)
      ? reasons.slice(0, REASONS_MAX).map(textOf)
      : [],
    // Never left out for being wrong: one leg alone is not what was asked for.
    ...(fields.hedge === undefined ? {} : { hedge: readHedge(fields.hedge) }),
    ...(parts === undefined || parts === null || parts === 1
      ? {}
      : { parts: numberOf(parts) }),
    // It is for a figure alone, so a wrong one is no ground to deny.
    ...(isPrice(decisionPrice) ? { decisionPrice } : {}),
    ...(fields.regime === undefined
      ? {}
      : { regime: readRegime(fields.regime) }),
  };
}

/** It is for figures alone: what is no regime is an unknown one. */
function readRegime(regime: unknown): MarketRegime {
  const { trend, volatility } = fieldsOf(regime);
  return {
    trend: TRENDS.find((known) => known === trend) ?? null,
    volatility: VOLATILITIES.find((known) => known === volatility) ?? null,
  };
}

function readEntry(entry: unknown): EntryOrder {
  const fields = fieldsOf(entry);
  const price = numberOf(fields.price);
  if (fields.type === "market") return { type: "market" };
  if (fields.type === "stop") return { type: "stop", price };
  // One that may be meant to be post-only never takes.
  return fields.postOnly === undefined || fields.postOnly === false
    ? { type: "limit", price }
    : { type: "limit", price, postOnly: true };
}

function isPrice(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

/** Number of a part; −1, which none has, for anything else. */
function partOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? value as number
    : -1;
}

function readHedge(hedge: unknown): NonNullable<OrderIntent["hedge"]> {
  const fields = fieldsOf(hedge);
  return {
    side: textOf(fields.side) as OrderIntent["side"],
    ratio: numberOf(fields.ratio),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= -1;
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, TEXT_CHARACTERS_MAX) : "";
}
