import { assert } from "../../../lib/core/assert.ts";

/** A whole number of the smallest units as decimal text. */
export function toText(units: number, places: number): string {
  assert(Number.isSafeInteger(units), `${units} is no whole number`);
  const digits = String(Math.abs(units)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const rest = digits.slice(digits.length - places).replace(/0+$/, "");
  return `${units < 0 ? "-" : ""}${whole}${rest === "" ? "" : `.${rest}`}`;
}

/** Decimal text as a whole number of the smallest units; NaN where it is finer than those. */
export function toUnits(text: string, places: number): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, sign, whole, rest = ""] = match;
  const tail = rest.replace(/0+$/, "");
  if (tail.length > places) return Number.NaN;
  const units = Number(whole + tail.padEnd(places, "0"));
  return sign === "-" && units !== 0 ? -units : units;
}
