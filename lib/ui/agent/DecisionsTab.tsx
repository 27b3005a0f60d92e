import type { DecisionView } from "../../contracts/chart.ts";
import { EmptyState } from "../Feedback.tsx";
import { formatDateTime, formatPrice } from "../format.ts";
import { strategyShort } from "../strategy_words.ts";
import { Glyph } from "../Glyph.tsx";
import type { GlyphName, Tone } from "../words.ts";

const OUTCOMES: Readonly<
  Record<
    DecisionView["outcome"],
    { word: string; glyph: GlyphName; tone: Tone }
  >
> = {
  submitted: { word: "Submitted", glyph: "half", tone: "info" },
  accepted: { word: "Accepted", glyph: "ring", tone: "info" },
  denied: { word: "Denied", glyph: "cross", tone: "danger" },
  filled: { word: "Filled", glyph: "check", tone: "ok" },
  canceled: { word: "Canceled", glyph: "stop", tone: "muted" },
};

/** What the agent decided and why, newest first, with the desk's answer. */
export function DecisionsTab(
  { decisions }: { decisions: readonly DecisionView[] | null },
) {
  if (decisions === null) {
    return (
      <EmptyState title="The decisions could not be read; the agent did not answer" />
    );
  }
  if (decisions.length === 0) return <EmptyState title="No decision yet" />;
  return (
    <ol class="decisions" data-testid="decisions">
      {[...decisions].reverse().map((decision) => {
        const outcome = OUTCOMES[decision.outcome];
        return (
          <li key={decision.intentId} class="decision">
            <header>
              <strong>{decision.side === "buy" ? "▲ Buy" : "▼ Sell"}</strong>
              <span class={`state tone-${outcome.tone}`}>
                <Glyph name={outcome.glyph} /> {outcome.word}
              </span>
              <time class="muted">{formatDateTime(decision.at)}</time>
            </header>
            <p class="decision-prices">
              Entry {decision.entryPrice === null
                ? "market"
                : formatPrice(decision.entryPrice)} · Stop{" "}
              {formatPrice(decision.stopPrice)} · Target{" "}
              {decision.targetPrice === null
                ? "none"
                : formatPrice(decision.targetPrice)} · {strategyShort(
                  decision.strategy,
                )}
            </p>
            <ul>
              {decision.reasons.map((reason) => <li key={reason}>{reason}</li>)}
            </ul>
            {decision.detail !== null && (
              <p class="tone-warn">{decision.detail}</p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
