import {
  averageEntryPrice,
  type HedgePosition,
  type Ledger,
  realizedPnl,
} from "../../../agents/portfolio/ledger.ts";
import {
  type Closes,
  equityAt,
  unrealizedPnl,
} from "../../../agents/portfolio/valuation.ts";
import { drawdownPct } from "../../../agents/risk/limits.ts";
import type {
  AccountView,
  OpenOrderView,
  PositionView,
} from "../../contracts/account.ts";
import type { OrderRole } from "../../contracts/order.ts";
import {
  type Decimal,
  decimal,
  divide,
  numberToDecimalText,
  toBooked,
  toDecimalText,
} from "../../core/decimal.ts";
import type { Book } from "./book.ts";
import { isCovered } from "./venue/exit_orders.ts";

/** Equity at the closes as text; null while it is unknown. */
export function equityText(
  ledger: Ledger,
  closes: Closes,
): string | null {
  return textOf(equityAt(ledger, closes));
}

/** Shows a book to the owner. Amounts in quote currency, unknown is null. */
export function toAccountView(book: Book): AccountView {
  const { ledger, valuation, standing, config } = book;
  const equity = valuation.equity();
  const hasSeenCandle = book.at !== null;
  return {
    tradingState: standing.state,
    tradingStateReason: standing.reason,
    initialCapital: config.risk.initialCapital,
    cash: ledger.cashText,
    equity: textOf(equity),
    realizedPnl: toDecimalText(realizedPnl(ledger)),
    unrealizedPnl: textOf(unrealizedPnl(ledger, valuation.closes)),
    dayPnl: equity === null || !hasSeenCandle
      ? null
      : toDecimalText(toBooked(equity.minus(valuation.dayStart))),
    feesPaid: toDecimalText(ledger.feesPaid),
    fundingPaid: toDecimalText(ledger.fundingPaid),
    slippage: {
      fills: book.slippage.fills,
      meanBp: book.slippage.fills === 0
        ? null
        : roundPct(book.slippage.sumBp / book.slippage.fills),
    },
    drawdownPct: equity === null
      ? null
      : drawdownPct(equity, valuation.peakEquity()),
    maxDrawdownPct: roundPct(valuation.maxDrawdownPct),
    trades: ledger.trades,
    wins: ledger.wins,
    losses: ledger.losses,
    breaker: {
      lossesInARow: book.lossStreak,
      reason: book.causes.breaker?.reason ?? null,
    },
    tradesHash: book.tradesHash,
    position: toPositionView(book),
    openOrders: openOrdersOf(book),
    seq: hasSeenCandle ? book.seq : -1,
    marketAt: book.at,
  };
}

function toPositionView(book: Book): PositionView | null {
  const { ledger, valuation } = book;
  const { position } = ledger;
  if (position === null) return null;
  return {
    direction: position.direction,
    quantity: toDecimalText(position.quantity),
    entryPrice: toDecimalText(toBooked(averageEntryPrice(position))),
    entryAt: position.entryAt,
    markPrice: valuation.close === null
      ? null
      : toDecimalText(decimal(valuation.close)),
    unrealizedPnl: textOf(unrealizedPnl(ledger, valuation.closes)),
    ...exitPricesOf(book, position.intentId),
    strategy: book.liveIntent(position.intentId)?.intent.strategy ?? "",
    ...(position.hedge === undefined
      ? {}
      : { hedge: toHedgeView(position.hedge, valuation.hedgeClose) }),
  };
}

function openOrdersOf({ venue, gateway }: Book): readonly OpenOrderView[] {
  if (venue === null) return gateway.openOrders();
  return venue.working.map((placed) => ({
    ...placed.order,
    phase: placed.phase,
    filled: placed.filled,
    clientOrderId: placed.clientOrderId,
    venueOrderId: placed.venueOrderId,
    cancelReason: placed.cancel?.reason ?? null,
  }));
}

/** Where stop and target are; at a venue the desk may hold the target itself. */
function exitPricesOf(
  book: Book,
  intentId: string,
): Pick<PositionView, "stopPrice" | "targetPrice" | "isProtected"> {
  const { venue, gateway, ledger } = book;
  if (venue === null) {
    return {
      stopPrice: gateway.find("stop")?.price ?? null,
      targetPrice: gateway.find("target")?.price ?? null,
    };
  }
  const priceOf = (role: OrderRole) =>
    venue.working.find(({ order }) => order.role === role)?.order.price ?? null;
  const held = book.liveIntent(intentId)?.intent.targetPrice ?? null;
  return {
    stopPrice: priceOf("stop"),
    targetPrice: priceOf("target") ??
      (held === null ? null : numberToDecimalText(held)),
    isProtected: isCovered(venue, ledger.position!.quantity),
  };
}

function toHedgeView(
  { quantity, cost }: HedgePosition,
  close: number | null,
): NonNullable<PositionView["hedge"]> {
  return {
    quantity: toDecimalText(quantity),
    entryPrice: toDecimalText(toBooked(divide(cost, quantity))),
    markPrice: close === null ? null : toDecimalText(decimal(close)),
  };
}

/** Six places, like the exact drawdown beside it. */
function roundPct(percent: number): number {
  return Math.round(percent * 1e6) / 1e6;
}

function textOf(amount: Decimal | null): string | null {
  return amount === null ? null : toDecimalText(toBooked(amount));
}
