import type { DenialCode } from "../../lib/contracts/order.ts";
import {
  type Decimal,
  roundTo,
  toDecimalText,
} from "../../lib/core/decimal.ts";

/** Why an intent is denied: a code and one sentence with the figures. */
export interface Refusal {
  code: DenialCode;
  detail: string;
}

/** Makes a refusal. */
export function deny(code: DenialCode, detail: string): Refusal {
  return { code, detail };
}

/** An amount rounded to two places for a sentence; never for arithmetic. */
export function money(amount: Decimal): string {
  return toDecimalText(roundTo(amount, 2));
}
