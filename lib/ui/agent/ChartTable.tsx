import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ChartResponse } from "../../contracts/chart.ts";
import {
  formatDecimal,
  formatPercent,
  formatPrice,
  formatUtcDateTime,
} from "../format.ts";
import { type ChartFrame, equityCurves, valueAt } from "./chart_frame.ts";
import { type ChartObject, objectsOf } from "./chart_objects.ts";
import { objectTitle } from "./object_words.ts";

const CANDLES_SHOWN = 60;
const OBJECTS_SHOWN = 40;

/** What the tables are made of. */
export interface ChartTableProps {
  chart: ChartResponse;
  frame: ChartFrame;
  /** Shows an object beside the chart. */
  onPick: (id: string) => void;
}

/** The chart as tables, for reading without the picture; filled while they are open, and for pages without script. */
export function ChartTable(props: ChartTableProps) {
  const isAlive = useSignal(false);
  const isOpen = useSignal(false);
  useEffect(() => void (isAlive.value = true), []);
  return (
    <details
      class="disclosure chart-table"
      data-testid="chart-table"
      onToggle={({ currentTarget }) => isOpen.value = currentTarget.open}
    >
      <summary>View chart as table</summary>
      {(isOpen.value || !isAlive.value) && (
        <div
          class="table-scroll"
          tabIndex={0}
          role="region"
          aria-label="Zones and candles, scrollable"
        >
          <ObjectTable {...props} />
          <CandleTable {...props} />
        </div>
      )}
    </details>
  );
}

/** Where an object stands: prices from high to low, and since when. */
function placeOf(object: ChartObject): { prices: string; at: number } | null {
  switch (object.kind) {
    case "zone":
      return object.of.state === "ended" ? null : {
        prices: `${formatPrice(object.of.top)} – ${
          formatPrice(object.of.bottom)
        }`,
        at: object.of.fromAt,
      };
    case "structure":
      return { prices: formatPrice(object.of.price), at: object.of.toAt };
    case "sweep":
      return { prices: formatPrice(object.of.price), at: object.of.at };
    default:
      // They have tables of their own beside the chart.
      return null;
  }
}

function ObjectTable({ chart, onPick }: ChartTableProps) {
  const objects = objectsOf(chart).flatMap((object) => {
    const place = placeOf(object);
    return place === null ? [] : [{ object, ...place }];
  }).sort((a, b) => b.at - a.at);
  const shown = objects.slice(0, OBJECTS_SHOWN);
  return (
    <table class="table">
      <caption>
        {shown.length < objects.length ? `Newest ${shown.length} of ` : ""}
        {objects.length} open zones, breaks and sweeps
      </caption>
      <thead>
        <tr>
          <th scope="col">Pattern</th>
          <th scope="col" class="cell-num">Price</th>
          <th scope="col">Since (UTC)</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {shown.length === 0 && (
          <tr>
            <td colSpan={4}>Nothing was found yet</td>
          </tr>
        )}
        {shown.map(({ object, prices, at }) => (
          <tr key={object.id}>
            <th scope="row">
              <button
                type="button"
                class="link needs-script"
                title="Show its candles and the values of its rule"
                onClick={() => onPick(object.id)}
              >
                {objectTitle(object)}
              </button>
              <span class="needs-no-script">{objectTitle(object)}</span>
            </th>
            <td class="cell-num">{prices}</td>
            <td>{formatUtcDateTime(at)}</td>
            <td>{object.kind === "zone" ? object.of.state : "done"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CandleTable({ chart, frame }: ChartTableProps) {
  const candles = frame.candles.slice(-CANDLES_SHOWN).reverse();
  const { equity, drawdown } = equityCurves(frame, chart.equity);
  return (
    <table class="table">
      <caption>Newest {candles.length} candles of {frame.timeframe}</caption>
      <thead>
        <tr>
          <th scope="col">Open time (UTC)</th>
          {["Open", "High", "Low", "Close", "Volume", "Equity", "Drawdown"]
            .map((name) => (
              <th key={name} scope="col" class="cell-num">{name}</th>
            ))}
        </tr>
      </thead>
      <tbody>
        {candles.map((candle) => (
          <tr key={candle.openAt}>
            <th scope="row">
              {formatUtcDateTime(candle.openAt)}
              {candle.isRunning ? " (running)" : ""}
            </th>
            <td class="cell-num">{formatPrice(candle.open)}</td>
            <td class="cell-num">{formatPrice(candle.high)}</td>
            <td class="cell-num">{formatPrice(candle.low)}</td>
            <td class="cell-num">{formatPrice(candle.close)}</td>
            <td class="cell-num">{formatPrice(candle.volume)}</td>
            <td class="cell-num">
              {formatDecimal(valueAt(equity, candle.openAt))}
            </td>
            <td class="cell-num">
              {formatPercent(valueAt(drawdown, candle.openAt), { digits: 2 })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
