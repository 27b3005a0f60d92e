import type { ComponentChildren } from "preact";
import type { ReplayStep, ReplayView } from "../../contracts/replay.ts";
import { EngineVotes } from "../agent/EngineVotes.tsx";
import { Card } from "../Card.tsx";
import { formatCount, formatPrice, formatUtcDateTime } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { LEVEL_WORDS, TRADING_WORDS } from "../words.ts";
import type { ReplayStore } from "./replay_store.ts";
import { actionWord, eventWord, reasonsOf } from "./replay_words.ts";

/** What came in at the cursor, what the agent decided, what the desk answered; and what happened before. */
export function ReplayInspector({ store }: { store: ReplayStore }) {
  const { step, chart, hasPosition, tradingState } = store.view.value;
  const candle = chart.candles.at(-1);
  const trading = TRADING_WORDS[tradingState];
  return (
    <div class="inspector">
      <Card title={`Candle ${formatCount(step.seq)}`}>
        <p class="inspector-candle" data-testid="replay-candle">
          {formatUtcDateTime(step.at)} UTC
          {candle !== undefined && (
            <>
              {" "}· O {formatPrice(candle.open)} · H {formatPrice(candle.high)}
              {" "}
              · L {formatPrice(candle.low)} · C {formatPrice(candle.close)}
            </>
          )}
        </p>
        <p>
          <span class={`state tone-${trading.tone}`} title={trading.meaning}>
            <Glyph name={trading.glyph} /> {trading.word}
          </span>{" "}
          · {hasPosition ? "a position is open" : "no position"}
        </p>
        <Lines title="1 · Came in" none="Nothing but the candle">
          {step.told.map((event, index) => (
            <li key={index}>{eventWord(event)}</li>
          ))}
        </Lines>
        <Made view={store.view.value} />
        <Lines title="3 · It asked the desk for" none="Nothing">
          {step.decided.map((action, index) => (
            <li key={index}>
              {actionWord(action)}
              {reasonsOf(action).length > 0 && (
                <span class="muted">— {reasonsOf(action).join("; ")}</span>
              )}
            </li>
          ))}
        </Lines>
        <Lines
          title="4 · The desk's verdict"
          none={step.decided.length === 0 ? "It was asked nothing" : "Nothing"}
        >
          {step.answered.map((event, index) => (
            <li key={index}>{eventWord(event)}</li>
          ))}
        </Lines>
      </Card>
      <Card title="Until here">
        <History store={store} />
      </Card>
    </div>
  );
}

/** What the agent made of the candle before it asked for anything: votes of models, notes. */
function Made({ view: { engine, noted } }: { view: ReplayView }) {
  return (
    <div class="inspector-made" data-testid="replay-made">
      <h3 class="inspector-part">2 · The agent made of it</h3>
      {engine === null && noted.length === 0 && (
        <p class="muted">It noted nothing</p>
      )}
      {engine !== null && <EngineVotes decisions={[engine]} />}
      {noted.length > 0 && (
        <ul class="plain-list inspector-lines">
          {noted.map(({ level, message }, index) => {
            const { glyph, tone, word } = LEVEL_WORDS[level];
            return (
              <li key={index}>
                <span class={`tone-${tone}`} title={word}>
                  <Glyph name={glyph} />
                  <span class="sr-only">{word}:</span>
                </span>{" "}
                {message}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function Lines(
  { title, none, children }: {
    title: string;
    none: string;
    children: ComponentChildren[];
  },
) {
  return (
    <>
      <h3 class="inspector-part">{title}</h3>
      {children.length === 0
        ? <p class="muted">{none}</p>
        : <ul class="plain-list inspector-lines">{children}</ul>}
    </>
  );
}

function History({ store }: { store: ReplayStore }) {
  const steps = store.steps.value;
  if (steps.length === 0) return <p class="muted">Nothing has happened yet</p>;
  return (
    <ol
      class="plain-list inspector-history"
      tabIndex={0}
      aria-label="What happened, newest first"
    >
      {steps.map((step) => (
        <li key={step.seq}>
          <a
            class="link"
            href={`?seq=${step.seq}`}
            aria-label={`Go to candle ${formatCount(step.seq)}`}
            onClick={(event) => {
              event.preventDefault();
              store.pause();
              void store.goTo(step.seq);
            }}
          >
            {formatCount(step.seq)}
          </a>{" "}
          {summaryOf(step)}
        </li>
      ))}
    </ol>
  );
}

function summaryOf(step: ReplayStep): string {
  return [...step.told.map(eventWord), ...step.decided.map(actionWord)]
    .join(" · ");
}
