import { useSignal } from "@preact/signals";
import type { Trade } from "../../contracts/order.ts";
import { Gain } from "../Amount.tsx";
import { Button } from "../Button.tsx";
import { Card } from "../Card.tsx";
import { EmptyState } from "../Feedback.tsx";
import { explain } from "../client/api_client.ts";
import { showToast } from "../client/toasts.ts";
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatPrice,
  formatUtcDateTime,
  plural,
} from "../format.ts";
import { keysOf } from "../words.ts";
import { strategyShort } from "../strategy_words.ts";
import {
  sortTrades,
  TRADE_COLUMNS,
  type TradeColumn,
  type TradeOrder,
  tradesCsv,
} from "./trade_rows.ts";

/** Rows that are shown at first, and added by each press of the button. */
const ROWS = 25;

/** Closed trades of a run: sortable, as many as wanted, and as a file. */
export function TradeTable(
  { trades, total, leftOut, showsAll, loadAll, label }: {
    /** Those that the page came with, newest first. */
    trades: readonly Trade[];
    /** How many the report has. */
    total: number;
    /** How many there were beyond the report. */
    leftOut: number;
    /** Shows all from the start. */
    showsAll: boolean;
    loadAll: () => Promise<readonly Trade[]>;
    label: string;
  },
) {
  const all = useSignal<readonly Trade[] | null>(
    trades.length >= total ? trades : null,
  );
  const order = useSignal<TradeOrder>({ by: "exitAt", descending: true });
  const shown = useSignal(showsAll ? total : ROWS);
  const busy = useSignal(false);
  /** Sorting a part would show the wrong rows, so all come first. */
  const withAll = async (then: (trades: readonly Trade[]) => void) => {
    busy.value = true;
    try {
      all.value ??= await loadAll();
      then(all.value);
    } catch (error) {
      showToast("danger", "The trades could not be read", explain(error));
    } finally {
      busy.value = false;
    }
  };
  if (total === 0) {
    return (
      <Card title="Trades">
        <EmptyState title="No trade was closed" />
      </Card>
    );
  }
  const rows = sortTrades(all.value ?? trades, order.value).slice(
    0,
    shown.value,
  );
  return (
    <Card
      title={`Trades (${formatCount(total)})`}
      actions={
        <Button
          small
          class="needs-script"
          busy={busy.value}
          data-testid="trades-csv"
          onClick={() => void withAll((known) => saveCsv(known, label))}
        >
          Export CSV
        </Button>
      }
    >
      {leftOut > 0 && (
        <p class="muted small">
          The report keeps the newest {formatCount(total)};{" "}
          {plural(leftOut, "older trade")} left out.
        </p>
      )}
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Trades, scrollable"
      >
        <table class="table" data-testid="result-trades">
          <caption class="sr-only">Closed trades</caption>
          <thead>
            <tr>
              {keysOf(TRADE_COLUMNS).map((column) => (
                <SortHead
                  key={column}
                  column={column}
                  order={order.value}
                  onSort={(next) =>
                    void withAll(() => {
                      order.value = next;
                    })}
                />
              ))}
              <th scope="col">Ended by</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((trade) => (
              <TradeRow
                key={trade.tradeId}
                trade={trade}
              />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < total && (
        <>
          <Button
            class="needs-script"
            busy={busy.value}
            onClick={() =>
              void withAll(() => {
                shown.value += 4 * ROWS;
              })}
          >
            Show more ({formatCount(rows.length)} of {formatCount(total)})
          </Button>
          <a class="needs-no-script" href="?trades=all">
            Show all {formatCount(total)} trades
          </a>
        </>
      )}
    </Card>
  );
}

function SortHead(
  { column, order, onSort }: {
    column: TradeColumn;
    order: TradeOrder;
    onSort: (order: TradeOrder) => void;
  },
) {
  const { label, isNumber } = TRADE_COLUMNS[column];
  const isOn = order.by === column;
  return (
    <th
      scope="col"
      {...(isNumber ? { class: "cell-num" } : {})}
      aria-sort={isOn ? order.descending ? "descending" : "ascending" : "none"}
    >
      <button
        type="button"
        class="sort"
        onClick={() =>
          onSort({ by: column, descending: isOn ? !order.descending : true })}
      >
        {label}
        <span aria-hidden="true">
          {isOn ? order.descending ? " ▼" : " ▲" : ""}
        </span>
      </button>
    </th>
  );
}

function TradeRow({ trade }: { trade: Trade }) {
  return (
    <tr title={trade.reasons.join("; ")}>
      <th scope="row">{formatUtcDateTime(trade.exitAt).slice(0, 16)}</th>
      <td>{trade.direction === "long" ? "▲ long" : "▼ short"}</td>
      <td>{strategyShort(trade.strategy)}</td>
      <td class="cell-num">
        <Gain value={trade.netPnl} reason="" />
      </td>
      <td class="cell-num">
        {formatDecimal(trade.resultR, { signed: true })}
      </td>
      <td class="cell-num">{formatPrice(trade.entryPrice)}</td>
      <td class="cell-num">{formatPrice(trade.exitPrice)}</td>
      <td class="cell-num">
        {trade.exitAt === trade.entryAt
          ? "same candle"
          : formatDuration(trade.exitAt - trade.entryAt)}
      </td>
      <td class="muted">{trade.exitRole}</td>
    </tr>
  );
}

function saveCsv(trades: readonly Trade[], label: string): void {
  const url = URL.createObjectURL(
    new Blob([tradesCsv(trades)], { type: "text/csv" }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.download = `trades-${label.replace(/[^A-Za-z0-9._-]+/g, "-")}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
