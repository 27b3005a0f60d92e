import { type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ChartResponse } from "../lib/contracts/chart.ts";
import { describeCandle, describeChart } from "../lib/ui/agent/chart_data.ts";
import type { PriceSource } from "../lib/ui/feed_words.ts";
import type { ChartToggles, ChartView } from "../lib/ui/agent/chart_view.ts";
import { ChartTable } from "../lib/ui/agent/ChartTable.tsx";
import { SimulatedBadge } from "../lib/ui/Badge.tsx";
import { Button } from "../lib/ui/Button.tsx";
import { EmptyState, ErrorState } from "../lib/ui/Feedback.tsx";

/** What the chart shows; the agent's page owns the data. */
export interface AgentChartProps {
  /** Null while no answer came. */
  chart: ReadonlySignal<ChartResponse | null>;
  /** Why there is no newer data, or null. */
  failure: ReadonlySignal<string | null>;
  market: string;
  source: PriceSource;
  /** A candle that it is to go to, a new object each time; null, or left out, for none. */
  shown?: ReadonlySignal<{ seq: number } | null>;
  onRetry: () => void;
}

const TOGGLES: readonly {
  key: keyof ChartToggles;
  label: string;
  hint: string;
}[] = [
  {
    key: "orderBlocks",
    label: "OB",
    hint: "Order blocks: solid boxes until they are mitigated",
  },
  {
    key: "gaps",
    label: "FVG",
    hint: "Fair value gaps: dashed boxes with a middle line",
  },
  { key: "structure", label: "Structure", hint: "BOS solid, CHoCH dashed" },
  {
    key: "sweeps",
    label: "Sweeps",
    hint: "Liquidity sweeps: a ring at the wick",
  },
  {
    key: "trades",
    label: "Trades",
    hint: "Entries and exits with their result in R",
  },
  {
    key: "decisions",
    label: "Decisions",
    hint: "Every decision with its outcome",
  },
];

const DEFAULT_TOGGLES: ChartToggles = {
  orderBlocks: true,
  gaps: true,
  structure: true,
  sweeps: true,
  trades: true,
  decisions: false,
};

/** Candles with the detector's overlays, equity and drawdown; also in words and as a table. */
export default function AgentChart(
  { chart, failure, market, source, shown, onRetry }: AgentChartProps,
) {
  const toggles = useSignal(DEFAULT_TOGGLES);
  const reading = useSignal<string | null>(null);
  /** What the arrow keys have reached; told to screen readers, unlike every new candle. */
  const spoken = useSignal<string | null>("");
  const broken = useSignal(false);
  const container = useRef<HTMLDivElement>(null);
  const view = useRef<ChartView | null>(null);
  useChartView({ container, view, chart, toggles, reading, broken });
  useEffect(() => {
    const candles = chart.peek()?.candles ?? [];
    const place = candles.findIndex(({ seq }) => seq === shown?.value?.seq);
    if (view.current === null || place < 0) return;
    view.current.showNewest();
    const candle = view.current.step(place - (candles.length - 1));
    spoken.value = reading.value = candle && describeCandle(candle);
    container.current?.focus();
  }, [shown?.value]);

  const data = chart.value;
  const last = data?.candles.at(-1);
  const summary = data === null
    ? `${market}: the chart is loading.`
    : describeChart(data, market);
  return (
    <div class="chart" data-testid="agent-chart">
      <div class="chart-tools">
        <div class="pills" role="group" aria-label="Overlays">
          {TOGGLES.map(({ key, label, hint }) => (
            <button
              key={key}
              type="button"
              class="pill"
              title={hint}
              aria-pressed={toggles.value[key] ? "true" : "false"}
              data-testid={`overlay-${key}`}
              onClick={() =>
                toggles.value = {
                  ...toggles.value,
                  [key]: !toggles.value[key],
                }}
            >
              {label}
            </button>
          ))}
        </div>
        <SimulatedBadge source={source} />
        <Button small onClick={() => view.current?.showNewest()}>Newest</Button>
      </div>
      <p class="chart-reading">
        {reading.value ??
          (last === undefined ? "No candle yet" : describeCandle(last))}
      </p>
      <p class="sr-only" role="status">{spoken.value}</p>
      {broken.value && (
        <ErrorState
          title="The chart could not be drawn"
          detail="Its script did not load; the table below has the same data"
        />
      )}
      <div
        class="chart-canvas"
        ref={container}
        role="img"
        aria-label={`Chart. ${summary} Arrow keys read candle by candle.`}
        tabIndex={0}
        onKeyDown={(event) =>
          onChartKey(event, view.current, { reading, spoken })}
      />
      {data !== null && data.candles.length === 0 && (
        <EmptyState title="No candle yet: the agent has not seen its market" />
      )}
      {failure.value !== null && (
        <p class="chart-failure" role="status">
          <span class="tone-warn">{failure.value}</span>{" "}
          <button type="button" class="link" onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
      <p class="chart-summary" data-testid="chart-summary">{summary}</p>
      {data !== null && <ChartTable chart={data} />}
      <p class="chart-credit">
        Charts by{" "}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView Lightweight Charts™
        </a>
      </p>
    </div>
  );
}

interface ChartParts {
  container: { current: HTMLDivElement | null };
  view: { current: ChartView | null };
  chart: ReadonlySignal<ChartResponse | null>;
  toggles: Signal<ChartToggles>;
  reading: Signal<string | null>;
  broken: Signal<boolean>;
}

function useChartView(
  { container, view, chart, toggles, reading, broken }: ChartParts,
): void {
  useEffect(() => {
    let isGone = false;
    const open = async () => {
      try {
        const { ChartView } = await import("../lib/ui/agent/chart_view.ts");
        if (isGone || container.current === null) return;
        view.current = new ChartView({
          container: container.current,
          toggles: toggles.peek(),
          onPoint: (candle) =>
            reading.value = candle === null ? null : describeCandle(candle),
        });
        const data = chart.peek();
        if (data !== null && data.candles.length > 0) {
          view.current.setData(data);
        }
      } catch {
        broken.value = true;
      }
    };
    const repaint = () => view.current?.applyTheme();
    const system = matchMedia("(prefers-color-scheme: light)");
    addEventListener("themechange", repaint);
    system.addEventListener("change", repaint);
    void open();
    return () => {
      isGone = true;
      removeEventListener("themechange", repaint);
      system.removeEventListener("change", repaint);
      view.current?.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    if (chart.value !== null && chart.value.candles.length > 0) {
      view.current?.setData(chart.value);
    }
  }, [chart.value]);
  useEffect(() => view.current?.setToggles(toggles.value), [toggles.value]);
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
};

function onChartKey(
  event: KeyboardEvent,
  view: ChartView | null,
  { reading, spoken }: {
    reading: Signal<string | null>;
    spoken: Signal<string | null>;
  },
): void {
  if (view === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = STEPS[event.key];
  if (by !== undefined) {
    const candle = view.step(by);
    reading.value = candle === null ? null : describeCandle(candle);
    spoken.value = reading.value ?? "";
  } else if (event.key === "+" || event.key === "=") view.zoom(0.7);
  else if (event.key === "-") view.zoom(1.4);
  else if (event.key === "End") view.showNewest();
  else return;
  event.preventDefault();
}
