import type { Market } from "../market/market.ts";
import type { MarketKind } from "../market/specs.ts";
import { toText } from "../money/units.ts";
import { type Call, type Route, routes } from "./call.ts";
import {
  dayTicker,
  klines,
  nextFundingAt,
  premiumIndex,
} from "./market_data.ts";
import { bookTicker, depth, exchangeInfo } from "./market_info.ts";

/** Public endpoints of both halves. */
export function marketRoutes(): Route[] {
  return [
    ...publicRoutes("spot", "/api/v3"),
    ...publicRoutes("futures", "/fapi/v1"),
    ...routes({ market: "futures", kind: "market", security: "none" }, [
      [
        "GET",
        "/fapi/v1/premiumIndex",
        1,
        (call) =>
          oneOrAll(
            "futures",
            call,
            (market) => premiumIndex(call.venue, market),
          ),
      ],
      [
        "GET",
        "/fapi/v2/ticker/price",
        1,
        (call) => oneOrAll("futures", call, lastPrice),
      ],
      ["GET", "/fapi/v1/fundingRate", 1, fundingRates],
      ["GET", "/fapi/v1/fundingInfo", 1, () => []],
      // Coin-margined contracts: there are none, but ccxt asks for them.
      ["GET", "/dapi/v1/exchangeInfo", 1, (call) => ({
        timezone: "UTC",
        serverTime: call.venue.clock.now(),
        rateLimits: [],
        symbols: [],
      })],
    ]),
  ];
}

function publicRoutes(market: MarketKind, base: string): Route[] {
  const now = (call: Call) => call.venue.clock.now();
  const ofOne = (call: Call) =>
    call.venue.engines[market].market(call.params.required("symbol"));
  return [
    ...routes({ market, kind: "time", security: "none" }, [
      ["GET", `${base}/time`, 1, (call) => ({ serverTime: now(call) })],
      ["GET", `${base}/ping`, 1, () => ({})],
    ]),
    ...routes({ market, kind: "market", security: "none" }, [
      [
        "GET",
        `${base}/exchangeInfo`,
        20,
        ({ venue }) => exchangeInfo(venue, market),
      ],
      ["GET", `${base}/klines`, 2, (call) => klines(market, call)],
      ["GET", `${base}/depth`, 5, (call) => depth(ofOne(call), now(call))],
      [
        "GET",
        `${base}/ticker/bookTicker`,
        { one: 2, all: 5 },
        (call) => oneOrAll(market, call, (one) => bookTicker(one, now(call))),
      ],
      [
        "GET",
        `${base}/ticker/24hr`,
        { one: 2, all: 80 },
        (call) => oneOrAll(market, call, (one) => dayTicker(call.venue, one)),
      ],
      [
        "GET",
        `${base}/ticker/price`,
        { one: 2, all: 4 },
        (call) => oneOrAll(market, call, lastPrice),
      ],
    ]),
  ];
}

function lastPrice(market: Market): unknown {
  return { symbol: market.spec.id, price: toText(market.last) };
}

/** One market if a symbol is named, else all of them (or those of `symbols`). */
function oneOrAll(
  kind: MarketKind,
  { params, venue }: Call,
  answer: (market: Market) => unknown,
): unknown {
  const symbol = params.text("symbol");
  if (symbol !== null) return answer(venue.engines[kind].market(symbol));
  const named = params.text("symbols");
  const wanted: string[] | null = named === null ? null : JSON.parse(named);
  return venue.engines[kind].markets().filter((market) =>
    wanted?.includes(market.spec.id) ?? true
  ).map(answer);
}

function fundingRates({ params, venue }: Call): unknown {
  const market = venue.engines.futures.market(params.required("symbol"));
  return [{
    symbol: market.spec.id,
    fundingRate: "0.00010000",
    fundingTime: nextFundingAt(venue.clock.now()) - 8 * 3_600_000,
    markPrice: toText(market.mark),
  }];
}
