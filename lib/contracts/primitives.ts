import * as z from "zod";
import { decimal, type DecimalText } from "../core/decimal.ts";

/** Milliseconds since 1970, UTC. Used inside messages; the HTTP API writes ISO 8601. */
export type EpochMs = number;

/** A range of money or quantity, both ends included, with the unit for its error sentence. */
export interface DecimalRange {
  min: DecimalText;
  max: DecimalText;
  unit: string;
}

/**
 * A decimal text in a range. Numbers are accepted at the boundary and turned
 * into their shortest text, so that a form or a script may send either.
 */
export function decimalText({ min, max, unit }: DecimalRange) {
  const range = `Enter a number from ${min} to ${max} ${unit}`;
  return z.preprocess(
    (value) => typeof value === "number" ? String(value) : value,
    z.string().trim().regex(/^\d{1,15}(\.\d{1,10})?$/, range).refine(
      (text) => {
        if (!/^\d+(\.\d+)?$/.test(text)) return false;
        const value = decimal(text);
        return value.gte(min) && value.lte(max);
      },
      range,
    ),
  ) as unknown as z.ZodType<DecimalText, DecimalText | number>;
}

/** A number in a range, both ends included. */
export function numberInRange(min: number, max: number, unit: string) {
  const range = `Enter a number from ${min} to ${max} ${unit}`.trimEnd();
  return z.number(range).min(min, range).max(max, range);
}

/** A whole number in a range, both ends included. */
export function integerInRange(min: number, max: number, unit: string) {
  const range = `Enter a whole number from ${min} to ${max} ${unit}`.trimEnd();
  return z.int(range).min(min, range).max(max, range);
}

/** Trading sides. */
export type Side = "buy" | "sell";

/** Position directions. */
export type Direction = "long" | "short";
