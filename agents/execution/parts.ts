/**
 * An entry in parts: how a sized quantity is shared out, and what its orders
 * are called.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  divide,
  floorToStep,
} from "../../lib/core/decimal.ts";
import { orderIdOf } from "./matching.ts";

/** Names an order of a part: the first one has attempt 0. */
export interface PartOrder {
  intentId: string;
  part: number;
  attempt: number;
}

/** Id of an entry order. The first order of part 0 is called as that of an intent in one part; no id is used twice. */
export function entryOrderId({ intentId, part, attempt }: PartOrder): string {
  return `${orderIdOf(intentId, "entry")}${partSuffix({ part, attempt })}`;
}

/** What is added to the ids of an order of a part, and of the exits that came with its fill. */
export function partSuffix(
  { part, attempt }: Omit<PartOrder, "intentId">,
): string {
  return `${part === 0 ? "" : `-p${part}`}${
    attempt === 0 ? "" : `-r${attempt}`
  }`;
}

/** Quantity of each part but the last, in whole steps of the market. */
export function evenPart(
  { quantity, parts, step }: {
    quantity: Decimal;
    parts: number;
    step: Decimal;
  },
): Decimal {
  return parts === 1
    ? quantity
    : floorToStep(divide(quantity, decimal(parts)), step);
}

/** Quantity of one part: the last one takes what the others leave. */
export function quantityOfPart(
  { quantity, even, parts, part }: {
    quantity: Decimal;
    /** See {@link evenPart}. */
    even: Decimal;
    parts: number;
    part: number;
  },
): Decimal {
  return part < parts - 1
    ? even
    : quantity.minus(even.times(decimal(parts - 1)));
}
