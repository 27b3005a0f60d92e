import type { VenueOrder } from "../../contracts/venue.ts";
import type { OrderRef } from "../gateway/port.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { CcxtRecord } from "./library.ts";
import { PAGE_ORDERS } from "./limits.ts";
import { toText } from "./numbers.ts";
import { toOrder } from "./reading.ts";

/**
 * Every open order of the venue's books, each once, of one market or of all.
 *
 * @throws {VenueError}
 */
export async function readOpenOrders(
  connection: Connection,
  dialect: Dialect,
  symbol: string | null,
): Promise<VenueOrder[]> {
  const name = symbol === null ? undefined : connection.market(symbol).name;
  const { exchange } = connection;
  const answers = await Promise.all(
    dialect.openOrderParams(symbol).map((params) =>
      connection.call(() =>
        exchange.fetchOpenOrders(name, undefined, PAGE_ORDERS, { ...params })
      )
    ),
  );
  const found = new Map<string, VenueOrder>();
  for (const record of answers.flat()) {
    const market = connection.marketOf(record.symbol);
    if (market === null || (symbol !== null && market.symbol !== symbol)) {
      continue;
    }
    const order = toOrder(record, market);
    found.set(`${order.type} ${order.venueOrderId}`, order);
  }
  return [...found.values()];
}

/**
 * Cancels an order. The answer is the order's end, where the venue tells it.
 *
 * @throws {VenueError} `not_found` where the venue has no such open order.
 */
export async function cancelOne(
  connection: Connection,
  dialect: Dialect,
  ref: OrderRef,
): Promise<VenueOrder | null> {
  const market = connection.market(ref.symbol);
  const record = await connection.call(() =>
    dialect.cancelOrder(connection.exchange, { ...ref, symbol: market.name })
  );
  if (!isWhole(record)) return null;
  const order = toOrder(record, market);
  return order.status === "open" ? null : order;
}

/** Whether an answer tells of the order more than its id. */
function isWhole(record: CcxtRecord | undefined): record is CcxtRecord {
  return record !== undefined && toText(record.amount) !== null &&
    toText(record.filled) !== null && typeof record.status === "string";
}
