/**
 * What the desk's events do to an entry.
 *
 * @module
 */
import type { ExecutionConfig } from "../../lib/contracts/execution_config.ts";
import type { DeskEvent } from "../../lib/contracts/order.ts";
import { type EntryPlan, isAnyFilled, type PlanPart } from "./entry_plan.ts";
import { slippagePct } from "./entry_order.ts";
import {
  courseOf,
  isFailure,
  type RefusedOrder,
  waitCandles,
} from "./refusals.ts";

/** What an event says of the executor's luck. */
export type EntryOutcome =
  | { kind: "filled" }
  | { kind: "failed"; cause: string }
  | { kind: "trip"; cause: string };

/** Where an event stands. */
interface EventContext {
  config: ExecutionConfig;
  /** Candle that is being decided. */
  seq: number;
}

/** A quantity that is left up to rounding counts as none. */
const DUST_SHARE = 1e-9;

/** Takes an event of the desk; answers what it says of the executor's luck, oldest first. */
export function applyToPlan(
  plan: EntryPlan,
  event: DeskEvent,
  context: EventContext,
): EntryOutcome[] {
  switch (event.type) {
    case "OrderAccepted": {
      const { role, intentId, part = 0, quantity, price } = event.order;
      if (role !== "entry" || intentId !== plan.intentId) return [];
      accept(plan.parts[part], { quantity: Number(quantity), price });
      return [];
    }
    case "OrderFilled": {
      const { role, intentId } = event.fill;
      if (role !== "entry" || intentId !== plan.intentId) return [];
      return fill(plan, event.fill, context);
    }
    case "OrderDenied":
      if (event.intentId !== plan.intentId) return [];
      // The first one stands; see isDoubled().
      if (event.code === "INTENT_DUPLICATE") return [];
      return refuse(plan, {
        part: event.part ?? null,
        order: {
          cause: event.cause,
          isDenied: true,
          isLatePart: event.code === "PART_INVALID",
          detail: event.detail,
        },
      }, context);
    case "OrderCanceled":
      if (event.role !== "entry" || event.intentId !== plan.intentId) return [];
      return refuse(plan, {
        part: event.part ?? 0,
        order: { cause: event.cause, isDenied: false, detail: event.reason },
      }, context);
    case "RepriceDenied":
      if (event.intentId === plan.intentId) {
        const part = plan.parts[event.part ?? 0];
        if (part !== undefined) part.isMoving = false;
      }
      return [];
    default:
      return [];
  }
}

/**
 * Whether the desk knows an entry that this executor has heard nothing of: an
 * earlier incarnation sent it, and what became of it was told to that one.
 */
export function isDoubled(plan: EntryPlan, event: DeskEvent): boolean {
  return event.type === "OrderDenied" && event.code === "INTENT_DUPLICATE" &&
    event.intentId === plan.intentId &&
    plan.parts.every(({ ordered }) => ordered === 0);
}

function accept(
  part: PlanPart | undefined,
  { quantity, price }: { quantity: number; price: string | null },
): void {
  if (part === undefined) return;
  // One that takes another's place is for what was left of it.
  if (part.ordered === 0) part.ordered = quantity;
  part.left = quantity;
  part.state = "working";
  part.isMoving = false;
  part.price = price === null ? null : Number(price);
}

function fill(
  plan: EntryPlan,
  filled: {
    part?: number;
    price: string;
    quantity: string;
    tradedQuantity?: string;
  },
  { config }: EventContext,
): EntryOutcome[] {
  const part = plan.parts[filled.part ?? 0];
  if (part !== undefined) {
    part.left -= Number(filled.tradedQuantity ?? filled.quantity);
    if (part.left <= part.ordered * DUST_SHARE) {
      part.left = 0;
      part.state = "filled";
    }
  }
  const worse = slippagePct(plan.signal, Number(filled.price));
  return worse > config.maxSlippagePct
    ? [{
      kind: "failed",
      cause: `An entry was filled ${worse.toFixed(2)} % worse than decided`,
    }]
    : [{ kind: "filled" }];
}

function refuse(
  plan: EntryPlan,
  { part, order }: { part: number | null; order: RefusedOrder },
  { config, seq }: EventContext,
): EntryOutcome[] {
  const isWhole = isWholeEntry(plan, part);
  const course = plan.ending === null ? courseOf(order, config) : "give_up";
  const state = plan.parts[part ?? 0];
  const attempts = isWhole ? plan.attempts : state?.attempts ?? 0;
  // What is left of an entry in one piece cannot be sent again.
  const isPossible = isWhole || plan.parts.length > 1;
  const isWanted = course === "retry" && attempts <= config.retries;
  const retrySeq = isWanted && isPossible
    ? seq + waitCandles(Math.max(1, attempts), config)
    : null;
  if (isWhole) {
    plan.intentId = null;
    plan.retrySeq = retrySeq;
  } else if (state !== undefined && state.state !== "filled") {
    state.state = "over";
    state.isMoving = false;
    state.retrySeq = retrySeq;
  }
  const cause = order.detail;
  if (plan.ending !== null) return [];
  if (course === "trip") return [{ kind: "trip", cause }];
  return isFailure(order) ? [{ kind: "failed", cause }] : [];
}

/** Whether the whole intent is over and nothing of it was filled: the next attempt is a new one. */
function isWholeEntry(plan: EntryPlan, part: number | null): boolean {
  if (plan.parts.length === 1) return !isAnyFilled(plan);
  // Denied before any part was accepted.
  return part === null && plan.parts.every(({ ordered }) => ordered === 0);
}
