import type { ChartResponse } from "../../contracts/chart.ts";
import { formatPrice, formatUtcDateTime } from "../format.ts";

const ROWS_SHOWN = 60;

/** The chart's newest candles and open zones as tables, for reading without the picture. */
export function ChartTable(
  { chart, open = false }: { chart: ChartResponse; open?: boolean },
) {
  const candles = chart.candles.slice(-ROWS_SHOWN).reverse();
  const zones = chart.overlays.zones.filter(({ state }) => state !== "ended")
    .reverse();
  return (
    <details
      class="disclosure chart-table"
      open={open}
      data-testid="chart-table"
    >
      <summary>View chart as table</summary>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Open zones, scrollable"
      >
        <table class="table">
          <caption>Open zones</caption>
          <thead>
            <tr>
              <th scope="col">Zone</th>
              <th scope="col" class="cell-num">Top</th>
              <th scope="col" class="cell-num">Bottom</th>
              <th scope="col">Since (UTC)</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {zones.length === 0 && (
              <tr>
                <td colSpan={5}>No open zone</td>
              </tr>
            )}
            {zones.map((zone) => (
              <tr key={zone.id}>
                <th scope="row">
                  {zone.kind === "order_block"
                    ? "Order block"
                    : "Fair value gap"}{" "}
                  {zone.bias === 1 ? "▲ bullish" : "▼ bearish"}
                </th>
                <td class="cell-num">{formatPrice(zone.top)}</td>
                <td class="cell-num">{formatPrice(zone.bottom)}</td>
                <td>{formatUtcDateTime(zone.fromAt)}</td>
                <td>{zone.state}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table class="table">
          <caption>Newest {candles.length} candles</caption>
          <thead>
            <tr>
              <th scope="col">Open time (UTC)</th>
              <th scope="col" class="cell-num">Open</th>
              <th scope="col" class="cell-num">High</th>
              <th scope="col" class="cell-num">Low</th>
              <th scope="col" class="cell-num">Close</th>
              <th scope="col" class="cell-num">Volume</th>
            </tr>
          </thead>
          <tbody>
            {candles.map((candle) => (
              <tr key={candle.seq}>
                <th scope="row">{formatUtcDateTime(candle.openAt)}</th>
                <td class="cell-num">{formatPrice(candle.open)}</td>
                <td class="cell-num">{formatPrice(candle.high)}</td>
                <td class="cell-num">{formatPrice(candle.low)}</td>
                <td class="cell-num">{formatPrice(candle.close)}</td>
                <td class="cell-num">{formatPrice(candle.volume)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
