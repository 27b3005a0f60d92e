import type { VenueTrade } from "../../contracts/venue.ts";
import type { NextPage } from "../gateway/port.ts";
import type { Connection, ConnectionMarket } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { CcxtParams, CcxtRecord } from "./library.ts";
import {
  PAGE_TRADES,
  PAGE_TRADES_BACKWARD,
  TRADE_PAGES_MAX,
} from "./limits.ts";
import { timeOf, toTrade } from "./reading.ts";

/** Trades may be a little newer than our measure of the venue's time. */
const CLOCK_SLACK_MS = 60_000;

/** Which trades are wanted. */
export interface TradesQuery {
  market: ConnectionMarket;
  sinceAt: number;
  venueOrderId: string | null;
  /** Asked before each page but the first. */
  nextPage?: NextPage | undefined;
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
        found.set(
          trade.tradeId,
          dialect.tellsTradeFees
            ? trade
            : { ...trade, fee: null, feeCurrency: null },
        );
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
  // Pages by number count the trades of every market.
  const name = ["offset", "before"].includes(dialect.tradePaging)
    ? undefined
    : market.name;
  let isFirst = true;
  const read: ReadPage = async (sinceAt, limit, more) => {
    if (!isFirst) await query.nextPage?.();
    isFirst = false;
    return await connection.call(() =>
      connection.exchange.fetchMyTrades(name, sinceAt, limit, {
        ...filter,
        ...more,
      })
    );
  };
  if (filter !== null && dialect.nextOfOrder !== null) {
    return pagesOfOrder(read, dialect.nextOfOrder);
  }
  switch (dialect.tradePaging) {
    case "before":
      return pagesBefore(read, query);
    case "offset":
      return pagesByOffset(read, query);
    case "single":
      return pageAlone(read, query);
    default:
      return pagesByWindow(read, { connection, dialect, query });
  }
}

type ReadPage = (
  sinceAt: number | undefined,
  limit: number | undefined,
  more: CcxtParams,
) => Promise<readonly CcxtRecord[]>;

/** All of one order, without times. */
async function* pagesOfOrder(
  read: ReadPage,
  nextOfOrder: NonNullable<Dialect["nextOfOrder"]>,
): AsyncIterable<readonly CcxtRecord[]> {
  let more: CcxtParams = {};
  for (let page = 0; page < TRADE_PAGES_MAX; page++) {
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const records = await read(undefined, PAGE_TRADES, more);
    yield records;
    if (records.length < PAGE_TRADES) return;
    more = nextOfOrder(records);
  }
}

async function* pageAlone(
  read: ReadPage,
  { sinceAt }: TradesQuery,
): AsyncIterable<readonly CcxtRecord[]> {
  yield await read(sinceAt, undefined, {});
}

/** Window after window, each from its one end to the other. */
async function* pagesByWindow(
  read: ReadPage,
  { connection, dialect, query }: {
    connection: Connection;
    dialect: Dialect;
    query: TradesQuery;
  },
): AsyncIterable<readonly CcxtRecord[]> {
  const { tradePaging, tradeWindowMs } = dialect;
  const nowMs = connection.venueNowMs();
  let from = query.sinceAt;
  do {
    const until = tradeWindowMs === null ? null : from + tradeWindowMs - 1;
    yield* tradePaging === "forward"
      ? pagesForward(read, from, until)
      : pagesBackward(read, from, until ?? nowMs + CLOCK_SLACK_MS);
    from = until === null ? Number.POSITIVE_INFINITY : until + 1;
  } while (from <= nowMs);
}

/** The venue gives the oldest first. */
async function* pagesForward(
  read: ReadPage,
  sinceAt: number,
  until: number | null,
): AsyncIterable<readonly CcxtRecord[]> {
  let from = sinceAt;
  for (let page = 0; page < TRADE_PAGES_MAX; page++) {
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const records = await read(
      from,
      PAGE_TRADES,
      until === null ? {} : { until },
    );
    yield records;
    if (records.length < PAGE_TRADES) return;
    // Trades of one moment may be on both pages, so the moment is asked for again.
    from = Math.max(from + 1, Math.max(...timesOf(records)));
  }
}

/** The venue gives the newest first. */
async function* pagesBackward(
  read: ReadPage,
  sinceAt: number,
  lastAt: number,
): AsyncIterable<readonly CcxtRecord[]> {
  let until = lastAt;
  for (let page = 0; page < TRADE_PAGES_MAX && until >= sinceAt; page++) {
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const records = await read(sinceAt, PAGE_TRADES_BACKWARD, { until });
    yield records;
    if (records.length < PAGE_TRADES_BACKWARD) return;
    until = Math.min(until - 1, Math.min(...timesOf(records)));
  }
}

/** The newest first, then those before a moment. The library would leave out what is older than asked for, by which the last page shows. */
async function* pagesBefore(
  read: ReadPage,
  { sinceAt }: TradesQuery,
): AsyncIterable<readonly CcxtRecord[]> {
  let until = Number.POSITIVE_INFINITY;
  for (let page = 0; page < TRADE_PAGES_MAX && until >= sinceAt; page++) {
    // deno-lint-ignore no-await-in-loop -- one page leads to the next
    const records = await read(
      0,
      undefined,
      page === 0 ? {} : { lastFillTime: new Date(until + 1).toISOString() },
    );
    yield records;
    if (records.length < PAGE_TRADES_BACKWARD) return;
    until = Math.min(until - 1, Math.min(...timesOf(records)));
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

function timesOf(records: readonly CcxtRecord[]): number[] {
  return records.map((record) => timeOf(record, "timestamp") ?? 0);
}
