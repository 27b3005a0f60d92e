import { useSignal } from "@preact/signals";
import type { Trade } from "../../contracts/order.ts";
import type { ApiPage } from "../client/api_client.ts";
import { explain } from "../client/api_client.ts";
import { Gain } from "../Amount.tsx";
import { EmptyState } from "../Feedback.tsx";
import {
  formatDateTime,
  formatDay,
  formatDecimal,
  formatPrice,
  formatQuantity,
  formatTime,
  zoneName,
} from "../format.ts";
import type { Failure } from "../client/failure.ts";
import { showToast } from "../client/toasts.ts";
import { PanelFailure } from "./PageState.tsx";
import { strategyShort } from "../strategy_words.ts";

/** Closed trades, newest first. */
export function TradesTab(
  { page, failure, busy, onOlder, onRetry }: {
    page: ApiPage<Trade> | null;
    /** Why they could not be read last, or null. */
    failure: Failure | null;
    /** They are being read. */
    busy: boolean;
    onOlder: () => Promise<void>;
    /** Reads them anew. */
    onRetry: () => Promise<void>;
  },
) {
  const loading = useSignal(false);
  if (page === null) {
    return (
      <PanelFailure
        what="the trades"
        failure={failure}
        busy={busy}
        onRetry={() => void onRetry()}
      />
    );
  }
  if (page.items.length === 0) {
    return <EmptyState title="No closed trade yet" />;
  }
  const older = async () => {
    loading.value = true;
    try {
      await onOlder();
    } catch (error) {
      showToast("danger", "Older trades could not be read", explain(error));
    } finally {
      loading.value = false;
    }
  };
  return (
    <>
      {failure !== null && (
        <PanelFailure
          what="newer trades"
          failure={failure}
          busy={busy}
          onRetry={() => void onRetry()}
        />
      )}
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Closed trades, scrollable"
      >
        <table class="table" data-testid="trades-table">
          <caption class="sr-only">Closed trades, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Exit ({zoneName()})</th>
              <th scope="col">Side</th>
              <th scope="col" class="cell-num">Net</th>
              <th scope="col" class="cell-num">R</th>
              <th scope="col" class="cell-num">Entry</th>
              <th scope="col" class="cell-num">Exit</th>
              <th scope="col" class="cell-num">Quantity</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((trade) => (
              <TradeRow key={trade.tradeId} trade={trade} />
            ))}
          </tbody>
        </table>
      </div>
      {page.nextCursor !== null && (
        <a
          class="btn"
          href={`?${new URLSearchParams({
            tab: "trades",
            cursor: page.nextCursor,
          })}`}
          aria-busy={loading.value ? "true" : undefined}
          onClick={(event) => {
            event.preventDefault();
            if (!loading.peek()) void older();
          }}
        >
          Older trades
        </a>
      )}
    </>
  );
}

function TradeRow({ trade }: { trade: Trade }) {
  return (
    <tr
      data-trade={trade.tradeId}
      title={trade.reasons.join("; ")}
    >
      <th
        scope="row"
        title={`${formatDateTime(trade.exitAt)} ${zoneName()}`}
      >
        {formatDay(trade.exitAt).slice(5)}{" "}
        {formatTime(trade.exitAt).slice(0, 5)}
      </th>
      <td>{trade.direction === "long" ? "▲ long" : "▼ short"}</td>
      <td class="cell-num">
        <Gain value={trade.netPnl} reason="" />
      </td>
      <td class="cell-num">
        {formatDecimal(trade.resultR, { signed: true })}
      </td>
      <td class="cell-num">
        {formatPrice(trade.entryPrice)}
        <SecondLeg text={legOf(trade, "entryPrice")} />
      </td>
      <td class="cell-num">
        {formatPrice(trade.exitPrice)}
        <SecondLeg text={legOf(trade, "exitPrice")} />
      </td>
      <td class="cell-num">
        {formatQuantity(trade.quantity)}
        <SecondLeg
          text={trade.hedge === undefined
            ? null
            : `${trade.direction === "long" ? "−" : "+"}${
              formatQuantity(trade.hedge.quantity)
            }`}
        />
      </td>
      <td class="muted">
        {strategyShort(trade.strategy)} · {trade.exitRole}
      </td>
    </tr>
  );
}

function legOf(
  { hedge }: Trade,
  price: "entryPrice" | "exitPrice",
): string | null {
  return hedge === undefined ? null : formatPrice(hedge[price]);
}

/** A figure of the second leg of a pair below that of the first. */
function SecondLeg({ text }: { text: string | null }) {
  return text === null ? null : (
    <>
      <br />
      <span class="muted" title="Second market, held the other way round">
        {text}
      </span>
    </>
  );
}
