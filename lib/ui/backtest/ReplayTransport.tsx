import { Button } from "../Button.tsx";
import { formatCount, formatUtcDateTime } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { type ReplayStore, SPEEDS } from "./replay_store.ts";

/** Moves through a run: by candle, by event, by itself, or to any place. */
export function ReplayTransport({ store }: { store: ReplayStore }) {
  const { seq, total, step, nextSeq, previousSeq } = store.view.value;
  const isPlaying = store.playing.value;
  const isLast = seq >= total - 1 ? "This is the last candle" : null;
  const isFirst = seq <= 0 ? "This is the first candle" : null;
  return (
    <div
      class="transport card needs-script"
      role="group"
      aria-label="Transport"
    >
      <div class="transport-buttons">
        <Button
          hint="To the event before (Shift ←)"
          aria-label="To the event before"
          disabledReason={previousSeq === null
            ? "Nothing happened before"
            : null}
          onClick={() => store.jump("previousSeq")}
        >
          « Event
        </Button>
        <Button
          aria-label="Step back, one candle"
          hint="One candle back (←)"
          disabledReason={isFirst}
          data-testid="replay-back"
          onClick={() => store.step(-1)}
        >
          ‹ Step
        </Button>
        <Button
          kind="primary"
          aria-label={isPlaying ? "Pause" : "Play"}
          hint="Space"
          disabledReason={isPlaying ? null : isLast}
          data-testid="replay-play"
          onClick={() => store.toggle()}
        >
          <Glyph name={isPlaying ? "pause" : "play"} />
          {isPlaying ? "Pause" : "Play"}
        </Button>
        <Button
          aria-label="Step on, one candle"
          hint="One candle on (→)"
          disabledReason={isLast}
          data-testid="replay-step"
          onClick={() => store.step(1)}
        >
          Step ›
        </Button>
        <Button
          aria-label="To the next event"
          hint="To the next event (Shift →)"
          disabledReason={nextSeq === null
            ? "Nothing happens after this"
            : null}
          data-testid="replay-next-event"
          onClick={() => store.jump("nextSeq")}
        >
          Event »
        </Button>
        <label class="transport-speed">
          <span class="sr-only">Speed</span>
          <select
            class="select"
            value={String(store.speed.value)}
            onChange={(event) =>
              store.speed.value = Number(event.currentTarget.value)}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speed}× ({speed} {speed === 1 ? "candle" : "candles"}/s)
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="transport-place">
        <input
          type="range"
          class="slider"
          min="0"
          max={String(total - 1)}
          value={String(seq)}
          aria-label="Place in the run"
          aria-valuetext={`Candle ${seq}, ${formatUtcDateTime(step.at)} UTC`}
          data-testid="replay-scrubber"
          ref={(element) => element?.style.setProperty(
            "--fill",
            `${seq / Math.max(1, total - 1) * 100}%`,
          )}
          onInput={(event) => {
            store.pause();
            void store.goTo(Number(event.currentTarget.value));
          }}
        />
        <label class="transport-number">
          <span>Candle</span>
          <input
            class="input input-number"
            type="number"
            min="0"
            max={String(total - 1)}
            value={String(seq)}
            data-testid="replay-seq"
            onChange={(event) => {
              store.pause();
              void store.goTo(Number(event.currentTarget.value) || 0);
            }}
          />
          <span class="muted">of {formatCount(total - 1)}</span>
        </label>
      </div>
    </div>
  );
}
