import type { Ledger, LedgerEntry } from "./money/ledger.ts";
import { toText } from "./money/units.ts";
import type { Order, Trade } from "./engine/order.ts";
import { algoOrder } from "./rest/futures_answers.ts";
import type { VenueState } from "./state.ts";

/** A trade with amounts as decimal text. */
export interface ReportedTrade {
  id: number;
  orderId: number;
  clientOrderId: string;
  symbol: string;
  side: "BUY" | "SELL";
  price: string;
  quantity: string;
  fee: string;
  feeAsset: string;
  realized: string;
  isMaker: boolean;
  at: number;
}

/** An order with amounts as decimal text. */
export interface ReportedOrder {
  id: number;
  clientOrderId: string;
  symbol: string;
  side: "BUY" | "SELL";
  type: string;
  status: string;
  quantity: string;
  filled: string;
  price: string;
  stopPrice: string;
  reduceOnly: boolean;
  isForeign: boolean;
  createdAt: number;
  updatedAt: number;
}

/** The whole truth of the venue, as JSON: what any client's books are judged by. */
export function report(venue: VenueState) {
  const { account, ledgers, engines, rates } = venue;
  const half = (kind: "spot" | "futures") => ({
    balances: ledgers[kind].report(),
    orders: engines[kind].orders.all().map(reportedOrder),
    trades: engines[kind].orders.trades().map(reportedTrade),
    /** Client ids that more than one order carried. */
    reusedClientIds: reusedIds(engines[kind].orders.all()),
    violations: rates[kind].violations,
    prices: engines[kind].markets().map((market) => ({
      symbol: market.spec.id,
      last: toText(market.last),
      mark: toText(market.mark),
      bid: toText(market.top.bid),
      ask: toText(market.top.ask),
    })),
  });
  return {
    now: venue.clock.now(),
    spot: half("spot"),
    futures: {
      ...half("futures"),
      algoOrders: venue.algos.all().map(algoOrder),
      positions: account.positions().map((position) => ({
        symbol: position.symbol,
        quantity: toText(position.quantity),
        cost: toText(position.cost),
        realized: toText(position.realized),
        leverage: position.leverage,
        marginType: position.marginType,
      })),
      wallet: toText(account.wallet),
      income: venue.income.map((row) => ({
        ...row,
        amount: toText(row.amount),
      })),
    },
    faults: venue.faults.log(),
  };
}

/** What {@link report} answers with. */
export type VenueReport = ReturnType<typeof report>;

/** Movements of money, with amounts as decimal text. */
export function ledgerLines(
  ledger: Ledger,
): (Omit<LedgerEntry, "amount"> & { amount: string })[] {
  return ledger.entries().map((entry) => ({
    ...entry,
    amount: toText(entry.amount),
  }));
}

function reportedOrder(order: Order): ReportedOrder {
  return {
    id: order.id,
    clientOrderId: order.clientOrderId,
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    status: order.status,
    quantity: toText(order.quantity),
    filled: toText(order.filled),
    price: toText(order.price),
    stopPrice: toText(order.stopPrice),
    reduceOnly: order.reduceOnly,
    isForeign: order.isForeign,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  };
}

function reportedTrade(trade: Trade): ReportedTrade {
  return {
    id: trade.id,
    orderId: trade.orderId,
    clientOrderId: trade.clientOrderId,
    symbol: trade.symbol,
    side: trade.side,
    price: toText(trade.price),
    quantity: toText(trade.quantity),
    fee: toText(trade.fee),
    feeAsset: trade.feeAsset,
    realized: toText(trade.realized),
    isMaker: trade.isMaker,
    at: trade.at,
  };
}

function reusedIds(orders: readonly Order[]): string[] {
  const counts = new Map<string, number>();
  for (const { clientOrderId } of orders) {
    counts.set(clientOrderId, (counts.get(clientOrderId) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([id]) => id);
}
