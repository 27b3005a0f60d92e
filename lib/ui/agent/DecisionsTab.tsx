import { useEffect } from "preact/hooks";
import type { DecisionView } from "../../contracts/chart.ts";
import type {
  DecisionsResponse,
  EngineDecisionView,
} from "../../contracts/decisions.ts";
import { useSignal } from "@preact/signals";
import { type Failure, failureOf } from "../client/failure.ts";
import { api } from "../client/live.ts";
import { onceSeen } from "../client/seen.ts";
import { EmptyState } from "../Feedback.tsx";
import { formatDateTime, formatPrice } from "../format.ts";
import { strategyShort } from "../strategy_words.ts";
import { Glyph } from "../Glyph.tsx";
import type { GlyphName, Tone } from "../words.ts";
import { EngineVotes } from "./EngineVotes.tsx";
import { OlderDecisions } from "./OlderDecisions.tsx";
import { PanelFailure, Skeleton } from "./PageState.tsx";

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

/** Shows a candle in the chart, by its number. */
export type ShowCandle = (seq: number) => void;

/** What the agent decided and why, newest first, with the votes of its models and the desk's verdict. */
export function DecisionsTab(
  { agentId, decided, start, onCandle }: {
    agentId: string;
    /** Last candle that was decided: there is something new when it changes. */
    decided: number;
    /** What the server painted; null to ask for it. */
    start: DecisionsResponse | null;
    onCandle: ShowCandle;
  },
) {
  const known = useSignal(start);
  const failure = useSignal<Failure | null>(null);
  const isBusy = useSignal(false);
  const look = async () => {
    isBusy.value = true;
    try {
      known.value = await api.decisions(agentId);
      failure.value = null;
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  useLooks(look, decided, start !== null);
  if (known.value === null) {
    return failure.value === null
      ? <Skeleton what="the decisions" />
      : (
        <PanelFailure
          what="the decisions"
          failure={failure.value}
          busy={isBusy.value}
          onRetry={() => void look()}
        />
      );
  }
  const { decisions, engine } = known.value;
  const oldest = decisions.at(-1);
  return (
    <div class="tab-stack" data-testid="decisions-panel">
      {failure.value !== null && (
        <PanelFailure
          what="newer decisions"
          failure={failure.value}
          busy={isBusy.value}
          onRetry={() => void look()}
        />
      )}
      {engine?.[0] !== undefined && <EngineVotes decisions={engine} />}
      {decisions.length === 0 && <EmptyState title="No decision yet" />}
      <ol class="decisions" data-testid="decisions">
        {decisions.map((decision) => (
          <Decision
            key={decision.intentId}
            decision={decision}
            engine={engine?.find(({ seq }) => seq === decision.seq) ?? null}
            onCandle={onCandle}
          />
        ))}
      </ol>
      <OlderDecisions agentId={agentId} before={oldest?.at ?? null} />
    </div>
  );
}

/** Looks at once, and again when candles were decided, at most every two seconds. */
function useLooks(
  look: () => Promise<void>,
  decided: number,
  isPainted: boolean,
): void {
  const lookedAt = useSignal(0);
  useEffect(() => {
    if (lookedAt.value === 0 && isPainted) lookedAt.value = Date.now();
    return onceSeen(() => {
      lookedAt.value = Date.now();
      void look();
    }, { afterMs: Math.max(0, lookedAt.value + 2_000 - Date.now()) });
  }, [decided]);
}

function Decision(
  { decision, engine, onCandle }: {
    decision: DecisionView;
    engine: EngineDecisionView | null;
    onCandle: ShowCandle;
  },
) {
  const outcome = OUTCOMES[decision.outcome];
  return (
    <li class="decision">
      <header>
        <strong>{decision.side === "buy" ? "▲ Buy" : "▼ Sell"}</strong>
        <span class={`state tone-${outcome.tone}`}>
          <Glyph name={outcome.glyph} /> {outcome.word}
        </span>
        <button
          type="button"
          class="link needs-script"
          title={`Show candle ${decision.seq} in the chart`}
          data-testid="decision-candle"
          onClick={() => onCandle(decision.seq)}
        >
          {formatDateTime(decision.at)}
        </button>
        <time class="muted needs-no-script">{formatDateTime(decision.at)}</time>
      </header>
      <p class="decision-prices">
        Entry {decision.entryPrice === null
          ? "market"
          : formatPrice(decision.entryPrice)} · Stop{" "}
        {formatPrice(decision.stopPrice)} · Target{" "}
        {decision.targetPrice === null
          ? "none"
          : formatPrice(decision.targetPrice)} ·{" "}
        {strategyShort(decision.strategy)} · Candle {decision.seq}
      </p>
      <ul>
        {decision.reasons.map((reason) => <li key={reason}>{reason}</li>)}
      </ul>
      {engine !== null && (
        <details class="disclosure">
          <summary>Votes and inputs</summary>
          <EngineVotes decisions={[engine]} />
        </details>
      )}
      {decision.detail !== null && (
        <p class={decision.outcome === "denied" ? "tone-danger" : "tone-warn"}>
          {decision.outcome === "denied" ? "Desk: " : ""}
          {decision.detail}
        </p>
      )}
    </li>
  );
}
