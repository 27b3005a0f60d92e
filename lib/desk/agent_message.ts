import type { AgentToDesk } from "../contracts/links.ts";
import type { DeskAction, OrderIntent } from "../contracts/order.ts";
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
  const { seq } = fields;
  const { type } = fields;
  if (type !== "decided" && type !== "acted" || !isSeq(seq)) return null;
  if (!Array.isArray(fields.actions)) return null;
  return {
    type,
    seq,
    actions: fields.actions.map((action, index) =>
      readAction(action, { seq, index })
    ),
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
  return { kind: "submit", intent: readIntent(fields.intent, place) };
}

function readIntent(intent: unknown, place: ActionPlace): OrderIntent {
  const fields = fieldsOf(intent);
  const entry = fieldsOf(fields.entry);
  const { reasons, expireAfterSeq } = fields;
  return {
    intentId: textOf(fields.intentId) || `${place.seq}.${place.index}`,
    seq: isSeq(fields.seq) ? fields.seq : place.seq,
    // A side of neither kind is left for the controls to deny.
    side: textOf(fields.side) as OrderIntent["side"],
    entry: entry.type === "market"
      ? { type: "market" }
      : { type: "limit", price: numberOf(entry.price) },
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
  };
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
