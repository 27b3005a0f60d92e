import type { OpenOrder } from "../../../contracts/order.ts";
import {
  type Decimal,
  decimal,
  toDecimalText,
  ZERO,
} from "../../../core/decimal.ts";
import type { LiveIntents } from "../live_intents.ts";
import type { ReservedLeg } from "../orders.ts";
import { filledOf, type ParentState } from "./parent.ts";

/** An entry that works, with what it may still be filled for. */
export type WorkingEntry =
  & ReservedLeg
  & Pick<OpenOrder, "orderId" | "intentId">;

/** What is kept for parts that were not sent. */
export interface UnsentLeg extends ReservedLeg {
  side: OpenOrder["side"];
}

/** What the orders of an intent may still be filled for. */
export function workingOf(
  entries: readonly WorkingEntry[],
  intentId: string,
): Decimal {
  return entries.reduce(
    (sum, entry) =>
      entry.intentId === intentId ? sum.plus(decimal(entry.quantity)) : sum,
    ZERO,
  );
}

/** What is filled or may be filled of an intent by orders that went out. */
export function sentOf(
  parent: ParentState,
  entries: readonly WorkingEntry[],
  intentId: string,
): Decimal {
  return filledOf(parent).plus(workingOf(entries, intentId));
}

/**
 * What intents in parts have not sent yet: it stays reserved while they are open.
 * `asked` is the order that is being looked at and counts by itself.
 */
export function unsentLegs(
  intents: LiveIntents,
  entries: readonly WorkingEntry[],
  asked: { intentId: string; quantity: Decimal } | null = null,
): UnsentLeg[] {
  return intents.withOpenParent().flatMap(({ intent, parent }) => {
    const { intentId, entry, side } = intent;
    let unsent = decimal(parent.quantity)
      .minus(sentOf(parent, entries, intentId));
    if (asked?.intentId === intentId) unsent = unsent.minus(asked.quantity);
    if (!unsent.gt(ZERO)) return [];
    return [{
      side,
      price: entry.type === "market"
        ? null
        : toDecimalText(decimal(entry.price)),
      quantity: toDecimalText(unsent),
    }];
  });
}
