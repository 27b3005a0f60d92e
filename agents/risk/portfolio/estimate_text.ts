import {
  type DecimalText,
  numberToDecimalText,
} from "../../../lib/core/decimal.ts";

/** Parts of one to which an estimate of money is told. */
const PARTS = 1e8;

/** An estimate of money in floating point as decimal text; null stays null. Never for a booking. */
export function estimateText(value: number | null): DecimalText | null {
  // Adding 0 takes the sign from a zero.
  return value === null
    ? null
    : numberToDecimalText(Math.round(value * PARTS) / PARTS + 0);
}
