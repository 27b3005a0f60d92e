import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { TIMEFRAME_MS } from "../../contracts/candle.ts";
import type { ChartResponse } from "../../contracts/chart.ts";
import { Button } from "../Button.tsx";
import { Glyph } from "../Glyph.tsx";
import { formatPrice, formatUtcDateTime } from "../format.ts";
import type { ChartFrame, ShownCandle } from "./chart_frame.ts";
import { findObject, objectsAt } from "./chart_objects.ts";
import type {
  ChartSelection as Selection,
  ChartSession,
} from "./chart_session.ts";
import {
  describeObject,
  objectTitle,
  type ObjectWords,
} from "./object_words.ts";

/** What was clicked on the chart, or reached by the keys: a candle with all that is on it, or an object with its candles. */
export function ChartSelection(
  { session, chart, frame, onClose }: {
    session: ChartSession;
    chart: ChartResponse;
    frame: ChartFrame;
    onClose: () => void;
  },
) {
  const selection = session.selection.value;
  if (selection === null) return null;
  if (selection.kind === "object") {
    const object = findObject(chart, selection.id);
    if (object === null) return null;
    const words = describeObject(object, frame);
    return (
      <Panel title={words.title} selection={selection} onClose={onClose}>
        <ObjectFacts words={words} />
      </Panel>
    );
  }
  const candle = frame.candles.find(({ openAt }) =>
    openAt === selection.openAt
  );
  if (candle === undefined) return null;
  const objects = objectsAt(chart, {
    fromAt: candle.openAt,
    untilAt: candle.openAt + TIMEFRAME_MS[frame.timeframe],
    high: candle.high,
    low: candle.low,
    frame,
  });
  return (
    <Panel
      title={`Candle of ${formatUtcDateTime(candle.openAt)} UTC${
        candle.isRunning ? ", running" : ""
      }`}
      selection={selection}
      onClose={onClose}
    >
      <CandleRows rows={[{ role: "This", candle }]} />
      {objects.length === 0
        ? <p class="muted">Nothing was found, decided or traded on it</p>
        : (
          <ul class="chart-objects">
            {objects.map((object) => (
              <li key={object.id}>
                <button
                  type="button"
                  class="link"
                  onClick={() =>
                    session.selection.value = {
                      kind: "object",
                      id: object.id,
                      takesFocus: true,
                    }}
                >
                  {objectTitle(object)}
                </button>
              </li>
            ))}
          </ul>
        )}
    </Panel>
  );
}

function Panel(
  { title, selection, onClose, children }: {
    title: string;
    selection: Selection;
    onClose: () => void;
    children: ComponentChildren;
  },
) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (selection.takesFocus) head.current?.focus();
  }, [selection]);
  return (
    <aside
      class="chart-selection"
      aria-label="Selected on the chart"
      data-testid="chart-selection"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h3 ref={head} tabIndex={-1}>{title}</h3>
        <Button
          small
          kind="quiet"
          aria-label="Close"
          hint="Close (Esc)"
          data-testid="chart-selection-close"
          onClick={onClose}
        >
          <Glyph name="cross" />
        </Button>
      </header>
      {children}
    </aside>
  );
}

function ObjectFacts({ words }: { words: ObjectWords }) {
  return (
    <>
      <dl class="facts">
        {words.facts.map(([term, value], index) => (
          <div class="fact" key={index}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {words.candles.length === 0
        ? <p class="muted">Its candles are not on the chart any more</p>
        : <CandleRows rows={words.candles} />}
    </>
  );
}

function CandleRows(
  { rows }: {
    rows: readonly { role: string; candle: Omit<ShownCandle, "isRunning"> }[];
  },
) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Candles">
      <table class="table">
        <caption class="sr-only">Candles, times in UTC</caption>
        <thead>
          <tr>
            <th scope="col">Candle (UTC)</th>
            {["Open", "High", "Low", "Close"].map((name) => (
              <th key={name} scope="col" class="cell-num">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ role, candle }) => (
            <tr key={role}>
              <th scope="row">
                {role}
                <span class="chart-when">
                  {formatUtcDateTime(candle.openAt).slice(5, 16)}
                </span>
              </th>
              <td class="cell-num">{formatPrice(candle.open)}</td>
              <td class="cell-num">{formatPrice(candle.high)}</td>
              <td class="cell-num">{formatPrice(candle.low)}</td>
              <td class="cell-num">{formatPrice(candle.close)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
