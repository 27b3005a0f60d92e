/**
 * Small pieces of the tear sheet: values with their signs, and what is unknown.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import type { DecimalText } from "../../core/decimal.ts";
import {
  formatDecimal,
  formatMoney,
  formatPercent,
  signOf,
  UNKNOWN,
} from "../../ui/format.ts";

/** The dash for a value that nobody knows, with the reason for eyes and ears. */
export function Unknown({ reason }: { reason: string }) {
  return (
    <span class="unknown" title={reason}>
      <span aria-hidden="true">{UNKNOWN}</span>
      <span class="sr-only">unknown: {reason}</span>
    </span>
  );
}

const DIRECTIONS = { "1": "up", "0": "flat", "-1": "down" } as const;

/** A gain or loss: arrow, sign and colour together; zero is neutral. */
function Signed({ sign, text }: { sign: -1 | 0 | 1; text: string }) {
  return (
    <span class={`num ${DIRECTIONS[sign]}`}>
      {sign !== 0 && (
        <span class="arrow" aria-hidden="true">{sign > 0 ? "▲" : "▼"}</span>
      )}
      {text}
    </span>
  );
}

/** An amount that is a gain or a loss. */
export function GainMoney(
  { value, unit = "", reason }: {
    value: DecimalText | null;
    unit?: string;
    reason: string;
  },
) {
  const sign = signOf(value);
  return sign === null
    ? <Unknown reason={reason} />
    : <Signed sign={sign} text={formatMoney(value, unit, { signed: true })} />;
}

/** A percentage that is a gain or a loss. */
export function GainPercent(
  { value, reason, digits = 2 }: {
    value: number | null;
    reason: string;
    digits?: number;
  },
) {
  if (value === null) return <Unknown reason={reason} />;
  const text = formatPercent(value, { signed: true, digits });
  // What is written as zero is neutral, too.
  const isZero = /^[+−]?[0.,]+%$/.test(text);
  return (
    <Signed
      sign={isZero ? 0 : value > 0 ? 1 : -1}
      text={isZero ? formatPercent(0, { digits }) : text}
    />
  );
}

/** A percentage without a direction. */
export function Percent(
  { value, reason, digits = 2 }: {
    value: number | null;
    reason: string;
    digits?: number;
  },
) {
  return value === null
    ? <Unknown reason={reason} />
    : <span class="num">{formatPercent(value, { digits })}</span>;
}

/** A ratio with two digits, and its standard error where there is one. */
export function Ratio(
  { value, error = null, reason }: {
    value: number | null;
    error?: number | null;
    reason: string;
  },
) {
  if (value === null) return <Unknown reason={reason} />;
  return (
    <span class="num">
      {formatDecimal(value)}
      {error !== null && (
        <small title="Standard error">
          &nbsp;±&nbsp;{formatDecimal(error)}
        </small>
      )}
    </span>
  );
}

/** A text, or the dash with its reason where the text is the dash. */
export function Known({ text, reason }: { text: string; reason: string }) {
  return text === UNKNOWN
    ? <Unknown reason={reason} />
    : <span class="num">{text}</span>;
}

/** Text of a person: kept apart, so that its direction of writing cannot turn the line around. */
export function Foreign({ text }: { text: string }) {
  return <bdi>{text}</bdi>;
}

/** A part of the sheet with its heading. */
export function Section(
  { id, title, note, children }: {
    id: string;
    title: string;
    note?: string | undefined;
    children: ComponentChildren;
  },
) {
  return (
    <section id={id}>
      <h2>{title}</h2>
      {note !== undefined && <p class="note">{note}</p>}
      {children}
    </section>
  );
}

/** A table in a region of its own, which scrolls where the page is narrow. */
export function ScrollTable(
  { caption, children, tall = false, isCaptionShown = false }: {
    caption: string;
    children: ComponentChildren;
    /** Scrolls downwards as well. */
    tall?: boolean;
    isCaptionShown?: boolean;
  },
) {
  return (
    <div
      class={tall ? "scroll tall" : "scroll"}
      role="region"
      aria-label={caption}
      tabIndex={0}
    >
      <table>
        <caption class={isCaptionShown ? undefined : "sr-only"}>
          <span class="keep">{caption}</span>
        </caption>
        {children}
      </table>
    </div>
  );
}
