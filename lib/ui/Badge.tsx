import type { ComponentChildren } from "preact";
import type { AgentView } from "../contracts/agent.ts";
import { type PriceSource, priceSourceOf, SOURCE_WORDS } from "./feed_words.ts";
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

/** PAPER or LIVE of one agent, with where a paper agent's prices come from. */
export function AgentModeBadge(
  { agent }: { agent: Pick<AgentView, "mode" | "feed" | "livePrices"> },
) {
  const { short, hint } = SOURCE_WORDS[priceSourceOf(agent)];
  return (
    <span class="mode-pair" data-testid="agent-mode">
      <ModeBadge mode={agent.mode} />
      <span
        class={agent.mode === "live" ? "mode-money" : "mode-source"}
        title={hint}
      >
        {short}
      </span>
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
