import type { DecimalText } from "../core/decimal.ts";
import { formatDecimal, formatPercent, signOf, UNKNOWN } from "./format.ts";

/** The dash for a value that nobody knows, with the reason for eyes and ears. */
export function Unknown({ reason }: { reason: string }) {
  return (
    <span class="unknown" title={reason}>
      <span aria-hidden="true">{UNKNOWN}</span>
      <span class="sr-only">unknown: {reason}</span>
    </span>
  );
}

/** A text, or the dash with its reason where the text is the dash. */
export function Known({ text, reason }: { text: string; reason: string }) {
  return text === UNKNOWN ? <Unknown reason={reason} /> : <>{text}</>;
}

/** An amount of money with its currency in small type. */
export function Money(
  { value, unit, reason, digits = 2, bare = false }: {
    value: DecimalText | null;
    unit: string;
    reason: string;
    digits?: number;
    /** The currency stands elsewhere in the row; here it is only in the tooltip. */
    bare?: boolean;
  },
) {
  if (value === null) return <Unknown reason={reason} />;
  return (
    <span class="num" title={`${value} ${unit}`}>
      {formatDecimal(value, { digits })}
      {!bare && <small class="unit">&nbsp;{unit}</small>}
    </span>
  );
}

/** A gain or loss: arrow, sign and colour together; zero is neutral. */
export function Gain(
  { value, unit, percent = null, reason }: {
    value: DecimalText | null;
    unit?: string;
    percent?: number | null;
    reason: string;
  },
) {
  const sign = signOf(value);
  if (value === null || sign === null) return <Unknown reason={reason} />;
  const tone = sign > 0 ? "gain" : sign < 0 ? "loss" : "flat";
  return (
    <span
      class={`num ${tone}`}
      title={unit === undefined ? value : `${value} ${unit}`}
    >
      {sign !== 0 && (
        <span class="arrow" aria-hidden="true">{sign > 0 ? "▲" : "▼"}</span>
      )}
      {formatDecimal(value, { signed: true })}
      {unit !== undefined && <small class="unit">&nbsp;{unit}</small>}
      {percent !== null && (
        <small class="pct">
          {formatPercent(percent, { digits: 2, signed: true })}
        </small>
      )}
    </span>
  );
}
