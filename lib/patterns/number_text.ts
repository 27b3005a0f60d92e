import type { ColumnFormat } from "../../agents/mod.ts";

/** Below this, and from WHOLE_MAX on, numbers are written with an exponent, as pandas does. */
const PLAIN_MIN = 1e-4;
const WHOLE_MAX = 1e16;

/** Digits that always tell two 32-bit floats apart. */
const FLOAT32_DIGITS_MAX = 9;

/** Digits that every 32-bit float keeps: a shorter text of it shows up in these. */
const FLOAT32_DIGITS_KEPT = 6;

/** A cell as pandas writes it: empty for NaN, `1.0` for a whole float, the shortest decimal otherwise. */
export function toCell(value: number, format: ColumnFormat): string {
  if (Number.isNaN(value)) return "";
  if (format === "integer") return String(value);
  return floatText(format === "float32" ? shortestFloat32(value) : value);
}

/** The shortest decimal whose rounding to 32 bits is `value`, as a 64-bit number. */
function shortestFloat32(value: number): number {
  // toPrecision drops the sign of −0.
  if (value === 0) return value;
  for (
    let digits = FLOAT32_DIGITS_KEPT;
    digits < FLOAT32_DIGITS_MAX;
    digits++
  ) {
    const shorter = value.toPrecision(digits);
    if (Math.fround(Number(shorter)) !== value) continue;
    const even = evenOfTie(shorter, value.toPrecision(digits + 1), value);
    return Number(
      even !== null && Math.fround(even) === value ? even : shorter,
    );
  }
  return Number(value.toPrecision(FLOAT32_DIGITS_MAX));
}

/** `toPrecision` rounds a tie away from zero, numpy to the even digit: that number, or null where there is no such tie. */
function evenOfTie(
  shorter: string,
  oneMoreDigit: string,
  value: number,
): number | null {
  const isTie = /5(e|$)/.test(oneMoreDigit) && Number(oneMoreDigit) === value;
  const odd = /[13579](?=e|$)/.exec(shorter);
  if (!isTie || odd === null) return null;
  const { index } = odd;
  return Number(
    shorter.slice(0, index) + (Number(odd[0]) - 1) + shorter.slice(index + 1),
  );
}

function floatText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < WHOLE_MAX) {
    return Object.is(value, -0) ? "-0.0" : `${value}.0`;
  }
  if (size >= PLAIN_MIN && size < WHOLE_MAX) return String(value);
  if (size === Infinity) return value > 0 ? "inf" : "-inf";
  // At least two digits of exponent: 1e-05.
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
