import type { VenueTrade } from "../../contracts/venue.ts";
import type { Connection, ConnectionMarket } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { CcxtParams, CcxtRecord } from "./library.ts";
import { PAGE_TRADES, TRADE_PAGES_MAX } from "./limits.ts";
import { timeOf, toTrade } from "./reading.ts";

/** Which trades are wanted. */
export interface TradesQuery {
  market: ConnectionMarket;
  sinceAt: number;
  venueOrderId: string | null;
}

/**
 * Own trades from a moment on, oldest first, each once.
 *
 * @throws {VenueError}
 */
export async function readTrades(
  connection: Connection,
  dialect: Dialect,
  query: TradesQuery,
): Promise<VenueTrade[]> {
  const { market, sinceAt, venueOrderId } = query;
  const found = new Map<string, VenueTrade>();
  for await (const records of pages(connection, dialect, query)) {
    for (const record of records) {
      const trade = toTrade(record, market);
      if (trade === null || trade.at < sinceAt) continue;
      if (connection.marketOf(record.symbol) !== market) continue;
      if (venueOrderId === null || trade.venueOrderId === venueOrderId) {
        found.set(trade.tradeId, trade);
      }
    }
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

function pages(
  connection: Connection,
  dialect: Dialect,
  query: TradesQuery,
): AsyncIterable<readonly CcxtRecord[]> {
  const { market, venueOrderId } = query;
  const filter = venueOrderId === null
    ? null
    : dialect.tradesOfOrder(venueOrderId);
  const read = (sinceAt: number, limit: number | undefined, more: CcxtParams) =>
    connection.call(() =>
      connection.exchange.fetchMyTrades(market.name, sinceAt, limit, {
        ...filter,
        ...more,
      })
    );
  return dialect.tradePaging === "offset"
    ? pagesByOffset(read, query)
    : pagesByTime(read, { connection, dialect, query });
}

type ReadPage = (
  sinceAt: number,
  limit: number | undefined,
  more: CcxtParams,
) => Promise<readonly CcxtRecord[]>;

/** Window after window; within one the venue gives the oldest first, or the library pages. */
async function* pagesByTime(
  read: ReadPage,
  { connection, dialect, query }: {
    connection: Connection;
    dialect: Dialect;
    query: TradesQuery;
  },
): AsyncIterable<readonly CcxtRecord[]> {
  const { tradePaging, tradeWindowMs } = dialect;
  const isByTime = tradePaging === "time";
  let from = query.sinceAt;
  for (let page = 0; page < TRADE_PAGES_MAX; page++) {
    const nowMs = connection.sync.nowMs();
    const until = tradeWindowMs === null ? null : from + tradeWindowMs - 1;
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const records = await read(from, isByTime ? PAGE_TRADES : undefined, {
      ...(tradePaging === "library" ? { paginate: true } : {}),
      ...(until === null ? {} : { until }),
    });
    yield records;
    const isFull = isByTime && records.length >= PAGE_TRADES;
    if (isFull) from = Math.max(from + 1, newestAt(records));
    else if (until === null || until >= nowMs) return;
    else from = until + 1;
  }
}

/** The newest first, then those before them. */
async function* pagesByOffset(
  read: ReadPage,
  { sinceAt }: TradesQuery,
): AsyncIterable<readonly CcxtRecord[]> {
  let offset = 0;
  for (let page = 0; page < TRADE_PAGES_MAX; page++) {
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const records = await read(sinceAt, undefined, { ofs: offset });
    yield records;
    if (records.length === 0) return;
    offset += records.length;
  }
}

function newestAt(records: readonly CcxtRecord[]): number {
  return Math.max(...records.map((record) => timeOf(record, "timestamp") ?? 0));
}
