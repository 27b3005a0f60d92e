/** A real HTTP server on loopback that answers as Binance's public API does. */

const MINUTE_MS = 60_000;

/** What the server does with one request for candles, instead of answering well. */
export type Trouble =
  | { kind: "status"; status: number; retryAfter?: string }
  | { kind: "cut" }
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
export function startFakeBinance(market: FakeMarket): FakeBinance {
  const fake = {
    market,
    asked: [] as number[],
    troubles: [] as (Trouble | null)[],
    isDown: false,
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(request, fake),
  );
  return Object.assign(fake, {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}

function answer(
  request: Request,
  fake: Omit<FakeBinance, "url" | typeof Symbol.asyncDispose>,
): Response {
  const { pathname, searchParams } = new URL(request.url);
  if (fake.isDown) return new Response("down", { status: 503 });
  switch (pathname) {
    case "/api/v3/time":
      return Response.json({ serverTime: fake.market.nowAt });
    case "/api/v3/exchangeInfo":
      return Response.json(exchangeInfo());
    case "/api/v3/klines": {
      const sinceAt = Number(searchParams.get("startTime"));
      fake.asked.push(sinceAt);
      const trouble = fake.troubles.shift() ?? null;
      if (trouble !== null) return troubled(trouble);
      return Response.json(
        klines(fake.market, sinceAt, Number(searchParams.get("limit"))),
      );
    }
    default:
      return Response.json({ code: -1, msg: "unknown path" }, { status: 404 });
  }
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

function troubled(trouble: Trouble): Response {
  switch (trouble.kind) {
    case "status": {
      const headers = new Headers();
      if (trouble.retryAfter !== undefined) {
        headers.set("retry-after", trouble.retryAfter);
      }
      return new Response('{"code":-1003,"msg":"Too many requests"}', {
        status: trouble.status,
        headers,
      });
    }
    case "cut":
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode("[[1,"));
            controller.error(new Error("the connection is cut"));
          },
        }),
      );
    case "garbage":
      return new Response("<html>maintenance</html>", { status: 502 });
    case "rows":
      return Response.json(trouble.rows);
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
