/**
 * An intent whose quantity is sent in parts, or whose order was moved to another
 * price: what was sized, what became of each part, and whether more may be sent.
 * It changes by records alone and is replaced, never written to.
 *
 * @module
 */
import { quantityOfPart } from "../../../../agents/execution/parts.ts";
import type { EntryOrder, RefusalCause } from "../../../contracts/order.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  toDecimalText,
  ZERO,
} from "../../../core/decimal.ts";

/** What became of one part. */
export interface PartState {
  /** Orders made for it so far. */
  attempts: number;
  filled: DecimalText;
  /** Candles of the newest decisions to send it and to move its price; −1 for none. */
  askedSeq: number;
  movedSeq: number;
  /** Where it goes when its present order is over; null for nowhere. */
  pending: { entry: EntryOrder; reason: string } | null;
}

/** Why nothing more is sent. */
export interface ParentEnd {
  reason: string;
  cause: RefusalCause;
}

/** See the module's description. Plain data. */
export interface ParentState {
  /** What the intent was sized to. */
  quantity: DecimalText;
  /** Of each part but the last. */
  even: DecimalText;
  parts: readonly PartState[];
  /** Null while more may be sent. */
  over: ParentEnd | null;
}

const FRESH: PartState = {
  attempts: 0,
  filled: "0",
  askedSeq: -1,
  movedSeq: -1,
  pending: null,
};

/** A parent of which nothing was sent. */
export function openParent(
  { quantity, even, parts }: Pick<ParentState, "quantity" | "even"> & {
    parts: number;
  },
): ParentState {
  return {
    quantity,
    even,
    parts: Array.from({ length: parts }, () => FRESH),
    over: null,
  };
}

/** The parent of an intent in one part whose first order works. */
export function parentOfOne(
  order: { quantity: DecimalText; filled: DecimalText },
): ParentState {
  const { quantity, filled } = order;
  return {
    quantity,
    even: quantity,
    parts: [{ ...FRESH, attempts: 1, filled }],
    over: null,
  };
}

/** The parent with one part changed; itself where there is no such part. */
export function withPart(
  parent: ParentState,
  part: number,
  change: Partial<PartState>,
): ParentState {
  if (parent.parts[part] === undefined) return parent;
  return {
    ...parent,
    parts: parent.parts.map((state, index) =>
      index === part ? { ...state, ...change } : state
    ),
  };
}

/** The parent when nothing more is sent for it; the first reason stays. */
export function ended(parent: ParentState, over: ParentEnd): ParentState {
  return {
    ...parent,
    over: parent.over ?? over,
    parts: parent.parts.map((state) =>
      state.pending === null ? state : { ...state, pending: null }
    ),
  };
}

/** The parent after a fill of a part; over when all of it is filled. */
export function withFill(
  parent: ParentState,
  part: number,
  traded: Decimal,
): ParentState {
  const state = parent.parts[part];
  if (state === undefined) return parent;
  const filled = toDecimalText(decimal(state.filled).plus(traded));
  const next = withPart(parent, part, { filled });
  const isWhole = !leftOfPart(next, part).gt(0);
  const settled = isWhole ? withPart(next, part, { pending: null }) : next;
  return filledOf(settled).gte(decimal(parent.quantity))
    ? ended(settled, { reason: "All of it is filled", cause: "invalid" })
    : settled;
}

/** Whether the order of a part is to be at another price. */
export function isMoving(
  parent: ParentState | undefined,
  part: number,
): boolean {
  const state = parent?.parts[part];
  return state !== undefined && state.pending !== null;
}

/** What was filled of all parts. */
export function filledOf({ parts }: ParentState): Decimal {
  return parts.reduce((sum, { filled }) => sum.plus(decimal(filled)), ZERO);
}

/** What of a part is not filled. */
export function leftOfPart(parent: ParentState, part: number): Decimal {
  const { quantity, even, parts } = parent;
  const whole = quantityOfPart({
    quantity: decimal(quantity),
    even: decimal(even),
    parts: parts.length,
    part,
  });
  return whole.minus(decimal(parts[part]!.filled));
}
