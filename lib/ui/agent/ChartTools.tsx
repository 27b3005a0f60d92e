import type { PriceSource } from "../feed_words.ts";
import { SimulatedBadge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { RANGES, TOGGLES } from "./chart_choice.ts";
import { timeframesFrom } from "./chart_frame.ts";
import type { ChartSession } from "./chart_session.ts";

/** What is shown on the chart: overlays, timeframe, range. Without script timeframe and range are a form. */
export function ChartTools(
  { session, source }: { session: ChartSession; source: PriceSource },
) {
  const toggles = session.toggles.value;
  return (
    <div class="chart-tools">
      <div class="pills" role="group" aria-label="Overlays">
        {TOGGLES.map(({ key, label, hint }) => (
          <button
            key={key}
            type="button"
            class="pill"
            title={hint}
            aria-pressed={toggles[key] ? "true" : "false"}
            data-testid={`overlay-${key}`}
            onClick={() => session.toggle(key)}
          >
            {label}
          </button>
        ))}
      </div>
      <form method="get" class="chart-choice">
        <label>
          <span class="sr-only">Timeframe</span>
          <select
            class="select"
            name="timeframe"
            title="Length of a candle"
            data-testid="chart-timeframe"
            value={session.timeframe.value}
            onChange={({ currentTarget }) =>
              session.chooseTimeframe(
                currentTarget.value as typeof session.timeframe.value,
              )}
          >
            {timeframesFrom(session.options.timeframe).map((timeframe) => (
              <option
                key={timeframe}
                value={timeframe}
                selected={timeframe === session.timeframe.value}
              >
                {timeframe}
              </option>
            ))}
          </select>
        </label>
        <label class="needs-script">
          <span class="sr-only">Range</span>
          <select
            class="select"
            name="range"
            title="How much is in view"
            data-testid="chart-range"
            value={session.range.value}
            onChange={({ currentTarget }) =>
              session.chooseRange(
                currentTarget.value as typeof session.range.value,
              )}
          >
            {RANGES.map(({ key, label }) => (
              <option
                key={key}
                value={key}
                selected={key === session.range.value}
              >
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="btn btn-default btn-small needs-no-script">
          Show
        </button>
      </form>
      <Button
        small
        class="needs-script"
        hint="Bring the newest candles into view"
        onClick={() => session.showNewest()}
      >
        Newest
      </Button>
      <SimulatedBadge source={source} />
    </div>
  );
}
