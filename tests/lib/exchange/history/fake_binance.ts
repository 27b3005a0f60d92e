/** A real HTTP server on loopback that answers as Binance's public API does. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const MINUTE_MS = 60_000;

/** What the server does with one request for candles, instead of answering well. */
export type Trouble =
  | { kind: "status"; status: number; code?: number; retryAfter?: string }
  | { kind: "cut" }
  | { kind: "stall" }
  | { kind: "garbage" }
  | { kind: "rows"; rows: readonly (readonly unknown[])[] };

/** The market that the server has. */
export interface FakeMarket {
  /** First and last candle that exist; the last one is still open. */
  firstAt: number;
  nowAt: number;
  /** Whether a minute has a candle. */
  hasCandle(openAt: number): boolean;
}

/** A running server. */
export interface FakeBinance extends AsyncDisposable {
  url: string;
  market: FakeMarket;
  /** Start times of all requests for candles. */
  asked: number[];
  /** Troubles of the next requests for candles, in order; null answers well. */
  troubles: (Trouble | null)[];
  /** Whether every request fails, also those for the list of markets. */
  isDown: boolean;
  /** Whether the list of markets is no JSON. */
  isUnreadable: boolean;
}

/** A candle as a function of its minute, with decimals as Binance sends them. */
export function fakeRow(openAt: number): readonly string[] {
  const minute = openAt / MINUTE_MS;
  const open = 40_000 + (minute * 7919) % 1_000;
  const close = 40_000 + ((minute + 1) * 7919) % 1_000;
  const price = (value: number) => value.toFixed(2);
  return [
    price(open),
    price(Math.max(open, close) + 1.5),
    price(Math.min(open, close) - 0.25),
    price(close),
    ((minute % 977) / 100 + 0.00001).toFixed(5),
  ];
}

/** The kline that Binance sends for a minute. */
export function fakeKline(openAt: number): readonly unknown[] {
  const closeAt = openAt + MINUTE_MS - 1;
  return [openAt, ...fakeRow(openAt), closeAt, "0", 1, "0", "0", "0"];
}

/** Starts a server with one market, BTC/USDT. */
export async function startFakeBinance(
  market: FakeMarket,
): Promise<FakeBinance> {
  const fake = {
    market,
    asked: [] as number[],
    troubles: [] as (Trouble | null)[],
    isDown: false,
    isUnreadable: false,
  };
  const server = createServer((request, response) => {
    // A client that keeps its connection open would keep the server from ending.
    response.setHeader("connection", "close");
    answer(new URL(request.url!, "http://fake"), response, fake);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      // Those that stand still would never end.
      server.closeAllConnections();
      await closed.promise;
    },
  });
}

function answer(
  { pathname, searchParams }: URL,
  response: ServerResponse,
  fake: Omit<FakeBinance, "url" | typeof Symbol.asyncDispose>,
): void {
  if (fake.isDown) return send(response, "down", 503);
  switch (pathname) {
    case "/api/v3/time":
      return send(response, { serverTime: fake.market.nowAt });
    case "/api/v3/exchangeInfo":
      return send(
        response,
        fake.isUnreadable ? "<p>Hello" : exchangeInfo(),
      );
    case "/api/v3/klines": {
      const sinceAt = Number(searchParams.get("startTime"));
      fake.asked.push(sinceAt);
      const trouble = fake.troubles.shift() ?? null;
      if (trouble !== null) return troubled(response, trouble);
      const limit = Number(searchParams.get("limit"));
      return send(response, klines(fake.market, sinceAt, limit));
    }
    default:
      return send(response, { code: -1, msg: "unknown path" }, 404);
  }
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function klines(market: FakeMarket, sinceAt: number, limit: number) {
  const rows: (readonly unknown[])[] = [];
  const start = Math.max(
    market.firstAt,
    Math.ceil(sinceAt / MINUTE_MS) * MINUTE_MS,
  );
  for (
    let at = start;
    at <= market.nowAt && rows.length < limit;
    at += MINUTE_MS
  ) {
    if (market.hasCandle(at)) rows.push(fakeKline(at));
  }
  return rows;
}

function troubled(response: ServerResponse, trouble: Trouble): void {
  switch (trouble.kind) {
    case "status":
      if (trouble.retryAfter !== undefined) {
        response.setHeader("retry-after", trouble.retryAfter);
      }
      return send(
        response,
        { code: trouble.code ?? -1003, msg: "trouble" },
        trouble.status,
      );
    case "cut":
      // In the middle of an answer, as a network does it.
      response.setHeader("content-length", "100000");
      response.write("[[1,", () => response.socket?.destroy());
      return;
    case "stall":
      response.setHeader("content-length", "100000");
      response.write("[[1,");
      return;
    case "garbage":
      return send(response, "<html>maintenance</html>", 502);
    case "rows":
      return send(response, trouble.rows);
  }
}

function exchangeInfo() {
  return {
    timezone: "UTC",
    serverTime: 0,
    rateLimits: [],
    symbols: [{
      symbol: "BTCUSDT",
      status: "TRADING",
      baseAsset: "BTC",
      baseAssetPrecision: 8,
      quoteAsset: "USDT",
      quotePrecision: 8,
      orderTypes: ["LIMIT"],
      isSpotTradingAllowed: true,
      permissions: ["SPOT"],
      filters: [
        {
          filterType: "PRICE_FILTER",
          minPrice: "0.01",
          maxPrice: "1000000",
          tickSize: "0.01",
        },
        {
          filterType: "LOT_SIZE",
          minQty: "0.00001",
          maxQty: "9000",
          stepSize: "0.00001",
        },
      ],
    }],
  };
}
