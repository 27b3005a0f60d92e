import type { ComponentChildren } from "preact";
import { type PriceSource, SOURCE_WORDS } from "./feed_words.ts";
import { Glyph } from "./Glyph.tsx";
import type { GlyphName, Tone } from "./words.ts";

/** A small label; its tone is never the only carrier of meaning. */
export function Badge(
  { tone = "muted", glyph, hint, children }: {
    tone?: Tone;
    glyph?: GlyphName;
    hint?: string;
    children: ComponentChildren;
  },
) {
  return (
    <span
      class={`badge tone-${tone}`}
      {...(hint === undefined ? {} : { title: hint })}
    >
      {glyph !== undefined && <Glyph name={glyph} />}
      {children}
    </span>
  );
}

/** PAPER or LIVE. */
export function ModeBadge({ mode }: { mode: "paper" | "live" }) {
  return mode === "live"
    ? <span class="mode mode-live" title="Trades real money">LIVE</span>
    : (
      <span class="mode mode-paper" title="Simulated fills, no real money">
        PAPER
      </span>
    );
}

/** Says what of the numbers beside it is simulated. */
export function SimulatedBadge(
  { source = "simulated" }: { source?: PriceSource },
) {
  const { word, hint } = SOURCE_WORDS[source];
  return <span class="simulated" title={hint}>{word}</span>;
}
