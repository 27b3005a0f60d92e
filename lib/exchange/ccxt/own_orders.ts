import type { VenueOrder } from "../../contracts/venue.ts";
import { type OrderRef, VenueError } from "../gateway/port.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { CcxtParams, CcxtRecord } from "./library.ts";
import { ORDER_PAGES_MAX, PAGE_ORDERS } from "./limits.ts";
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
  const limit = dialect.nextOrders === null ? undefined : PAGE_ORDERS;
  const answers = await Promise.all(
    dialect.openOrderParams(symbol).map((params) =>
      readPages(
        dialect,
        (more) =>
          connection.call(() =>
            exchange.fetchOpenOrders(name, undefined, limit, {
              ...params,
              ...more,
            })
          ),
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

async function readPages(
  dialect: Dialect,
  read: (more: CcxtParams) => Promise<readonly CcxtRecord[]>,
): Promise<CcxtRecord[]> {
  const records: CcxtRecord[] = [];
  let more: CcxtParams | null = {};
  for (let page = 0; page < ORDER_PAGES_MAX && more !== null; page++) {
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const found = await read(more);
    records.push(...found);
    more = dialect.nextOrders?.(found) ?? null;
  }
  return records;
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

/**
 * Cancels all orders of a market by the venue's own calls for it.
 *
 * @throws {VenueError}
 */
export async function cancelAllOf(
  connection: Connection,
  symbol: string,
  calls: readonly CcxtParams[],
): Promise<void> {
  const { name } = connection.market(symbol);
  await Promise.all(calls.map(async (params) => {
    try {
      await connection.call(() =>
        connection.exchange.cancelAllOrders(name, { ...params })
      );
    } catch (error) {
      // Some venues call an empty book an unknown order.
      if (!(error instanceof VenueError) || error.kind !== "not_found") {
        throw error;
      }
    }
  }));
}

/** Whether an answer tells of the order more than its id. */
function isWhole(record: CcxtRecord | undefined): record is CcxtRecord {
  return record !== undefined && toText(record.amount) !== null &&
    toText(record.filled) !== null && typeof record.status === "string";
}
