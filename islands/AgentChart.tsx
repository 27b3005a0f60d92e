import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Timeframe } from "../lib/contracts/candle.ts";
import type { ChartResponse } from "../lib/contracts/chart.ts";
import type { ChartChoice } from "../lib/ui/agent/chart_choice.ts";
import { onChartKey } from "../lib/ui/agent/chart_keys.ts";
import { ChartSelection } from "../lib/ui/agent/ChartSelection.tsx";
import { ChartSession } from "../lib/ui/agent/chart_session.ts";
import { ChartTable } from "../lib/ui/agent/ChartTable.tsx";
import { ChartTools } from "../lib/ui/agent/ChartTools.tsx";
import { describeChart } from "../lib/ui/agent/chart_words.ts";
import type { OlderCandles } from "../lib/ui/agent/older_candles.ts";
import { PanelFailure, Skeleton } from "../lib/ui/agent/PageState.tsx";
import type { Failure } from "../lib/ui/client/failure.ts";
import { EmptyState } from "../lib/ui/Feedback.tsx";
import type { PriceSource } from "../lib/ui/feed_words.ts";
import { formatUtcDateTime, plural } from "../lib/ui/format.ts";

/** What the chart shows; its page owns the data. */
export interface AgentChartProps {
  /** Null while no answer came. */
  chart: ReadonlySignal<ChartResponse | null>;
  /** Why there is no newer data, or null. */
  failure: ReadonlySignal<Failure | null>;
  market: string;
  /** Timeframe of the agent's candles. */
  timeframe: Timeframe;
  source: PriceSource;
  /** What the address of the page holds, for who paints without it. */
  choice?: ChartChoice;
  /** Candles before those of the chart; left out where it holds all there is. */
  older?: OlderCandles;
  /** A candle that it is to go to, a new object each time; null, or left out, for none. */
  shown?: ReadonlySignal<{ seq: number } | null>;
  onRetry: () => void;
}

/** Candles with the detector's overlays, volume, equity and drawdown; also in words and as a table. */
export default function AgentChart(props: AgentChartProps) {
  const { chart, failure, market, source, shown, onRetry } = props;
  const session = useMemo(() => new ChartSession(props), []);
  const canvas = useRef<HTMLDivElement>(null);
  useEffect(() => session.open(canvas.current!), []);
  useEffect(() => {
    const seq = shown?.value?.seq;
    if (seq === undefined) return;
    void session.goToSeq(seq).then((isShown) => {
      if (isShown) canvas.current?.focus();
    });
  }, [shown?.value]);
  const data = chart.value;
  const frame = session.frame.value;
  const summary = data === null || frame === null
    ? `${market} ${session.timeframe.value}: the chart is loading.`
    : describeChart(data, { frame, market });
  const candle = session.point.value ?? frame?.candles.at(-1);
  return (
    <div class="chart" data-testid="agent-chart">
      <ChartTools session={session} source={source} />
      <p class="chart-reading" data-testid="chart-reading">
        {candle === undefined ? "No candle yet" : session.words(candle)}
      </p>
      <p class="sr-only" role="status">{session.spoken.value}</p>
      <div class="chart-stage">
        <div
          class="chart-canvas"
          ref={canvas}
          role="application"
          aria-roledescription="chart"
          aria-label={`${market} ${session.timeframe.value}`}
          aria-describedby="chart-summary chart-keys"
          tabIndex={0}
          onKeyDown={(event) => onChartKey(event, session)}
        />
        <ChartState session={session} {...{ data, failure, onRetry }} />
        {data !== null && frame !== null && (
          <ChartSelection
            {...{ session, chart: data, frame }}
            onClose={() => {
              session.selection.value = null;
              canvas.current?.focus({ preventScroll: true });
            }}
          />
        )}
      </div>
      <ChartNotes session={session} {...{ data, failure, onRetry }} />
      <p class="sr-only" id="chart-keys">
        Arrow keys left and right read candle by candle, up and down choose the
        series, Enter opens the candle, o hides the overlays.
      </p>
      <p
        class="chart-summary"
        id="chart-summary"
        data-testid="chart-summary"
      >
        {summary}
      </p>
      {data !== null && frame !== null && (
        <ChartTable
          chart={data}
          frame={frame}
          onPick={(id) =>
            session.selection.value = {
              kind: "object",
              id,
              takesFocus: true,
            }}
        />
      )}
      <p class="chart-credit">
        Charts by{" "}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView Lightweight Charts™
        </a>
      </p>
    </div>
  );
}

interface StateProps {
  session: ChartSession;
  data: ChartResponse | null;
  failure: ReadonlySignal<Failure | null>;
  onRetry: () => void;
}

const NOT_DRAWN: Failure = {
  detail:
    "Its script did not load; the table below has the same data. Load the page again to draw it.",
  code: null,
  requestId: null,
};

/** What stands in the place of the picture while there is none. */
function ChartState({ session, data, failure, onRetry }: StateProps) {
  const count = session.frame.value?.candles.length ?? 0;
  const content = session.broken.value
    ? (
      <PanelFailure
        what="the drawing"
        failure={NOT_DRAWN}
        busy={false}
        onRetry={() => location.reload()}
      />
    )
    : data === null
    ? failure.value === null ? <Skeleton what="the chart" /> : (
      <PanelFailure
        what="the chart"
        failure={failure.value}
        busy={false}
        onRetry={onRetry}
      />
    )
    : count > 0
    ? null
    : data.candles.length === 0
    ? <EmptyState title="No candle yet: the agent has not seen its market" />
    : (
      <EmptyState
        title={`No candle of ${session.timeframe.value} began while the agent watched: choose a shorter timeframe`}
      />
    );
  return content === null ? null : <div class="chart-state">{content}</div>;
}

/** Below the picture: how old it is where newer data did not come, and how far back it goes. */
function ChartNotes({ session, data, failure, onRetry }: StateProps) {
  const { older } = session.options;
  const first = data?.candles[0];
  const last = data?.candles.at(-1);
  const wantsMore = session.range.value !== "latest";
  return (
    <div class="chart-notes">
      {failure.value !== null && last !== undefined && (
        <p role="status" data-testid="chart-failure">
          <span class="tone-warn">
            As of the candle of {formatUtcDateTime(last.openAt)} UTC:{" "}
            {failure.value.detail}
          </span>{" "}
          <button type="button" class="link" onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
      {older !== undefined && older.failure.value !== null && (
        <p role="status" data-testid="chart-older-failure">
          <span class="tone-warn">
            Older candles did not come: {older.failure.value}
          </span>{" "}
          <button
            type="button"
            class="link"
            onClick={() =>
              session.retryOlder()}
          >
            Try again
          </button>
        </p>
      )}
      {session.missing.value !== null && (
        <p role="status" class="tone-warn" data-testid="chart-missing">
          Candle {session.missing.value} is not among those of the chart
        </p>
      )}
      {older?.state.value === "loading" && (
        <p role="status">Older candles are loading…</p>
      )}
      {wantsMore && data !== null && first !== undefined &&
        (older === undefined || older.state.value === "end") && (
        <p data-testid="chart-beginning">
          {plural(data.candles.length, "candle")} since{" "}
          {formatUtcDateTime(first.openAt)} UTC: nothing older is kept
        </p>
      )}
    </div>
  );
}
