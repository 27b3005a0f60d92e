import assert from "node:assert/strict";
import fc from "fast-check";
import type { MarketKind } from "../../../../lib/contracts/venue.ts";
import { SPOT_ANSWERS } from "./binance_answers.ts";
import {
  bybit,
  BYBIT_ANSWERS,
  KRAKEN_ANSWERS,
  OKX_ANSWERS,
} from "./other_answers.ts";
import { openGateway } from "./support.ts";
import { type Answer, paramsOf, startVenueServer } from "./venue_server.ts";

const HOUR_MS = 3_600_000;

/** A trade that a test's server has. */
interface Held {
  id: number;
  at: number;
}

/** A venue by what its answers look like; `pick` is what its question asks for, oldest first. */
interface PagedVenue {
  exchange: string;
  market: MarketKind;
  answers: Record<string, Answer>;
  route: string;
  answer(held: readonly Held[]): Answer;
}

/** The trades between two moments, the ends included. */
function between(held: readonly Held[], from: unknown, until: unknown): Held[] {
  const first = from === undefined ? 0 : Number(from);
  const last = until === undefined ? Infinity : Number(until);
  return held.filter(({ at }) => at >= first && at <= last);
}

const VENUES: readonly PagedVenue[] = [
  {
    exchange: "binance",
    market: "spot",
    answers: SPOT_ANSWERS,
    route: "GET /api/v3/myTrades",
    answer: (held) => ({ query }) => {
      const { endTime, limit, startTime } = paramsOf(query);
      assert.ok(Number(endTime) - Number(startTime) < 24 * HOUR_MS);
      return between(held, startTime, endTime).slice(0, Number(limit))
        .map(({ at, id }) => ({
          symbol: "BTCUSDT",
          id,
          orderId: 1,
          price: "25000",
          qty: "0.01",
          commission: "0.1",
          commissionAsset: "USDT",
          time: at,
          isBuyer: true,
          isMaker: false,
        }));
    },
  },
  {
    exchange: "bybit",
    market: "swap",
    answers: BYBIT_ANSWERS,
    route: "GET /v5/execution/list",
    answer: (held) => ({ query }) => {
      const { endTime, limit, startTime } = paramsOf(query);
      assert.ok(Number(endTime) - Number(startTime) < 7 * 24 * HOUR_MS);
      const list = between(held, startTime, endTime).reverse()
        .slice(0, Number(limit));
      return bybit({
        nextPageCursor: "",
        category: "linear",
        list: list.map(({ at, id }) => ({
          symbol: "BTCUSDT",
          execId: String(id),
          orderId: "o",
          execPrice: "25000",
          execQty: "0.01",
          execFee: "0.1",
          execType: "Trade",
          execTime: String(at),
          side: "Buy",
          isMaker: false,
        })),
      });
    },
  },
  {
    exchange: "okx",
    market: "spot",
    answers: OKX_ANSWERS,
    route: "GET /api/v5/trade/fills-history",
    answer: (held) => ({ query }) => {
      const { begin, end } = paramsOf(query);
      const data = between(held, begin, end).reverse().slice(0, 100);
      return {
        code: "0",
        msg: "",
        data: data.map(({ at, id }) => ({
          instType: "SPOT",
          instId: "BTC-USDT",
          tradeId: String(id),
          ordId: "1",
          clOrdId: "",
          side: "buy",
          fillPx: "25000",
          fillSz: "0.01",
          fee: "-0.1",
          feeCcy: "USDT",
          execType: "T",
          ts: String(at),
        })),
      };
    },
  },
  {
    exchange: "kraken",
    market: "spot",
    answers: KRAKEN_ANSWERS,
    route: "POST /0/private/TradesHistory",
    answer: (held) => ({ body }) => {
      const { ofs, start } = paramsOf(body);
      // Whole seconds, and what is older than it is left out.
      const page = between(held, Number(start) * 1_000, undefined).reverse()
        .slice(Number(ofs), Number(ofs) + 50);
      const trades = page.map(({ at, id }) => [`T${id}`, {
        ordertxid: "O1",
        pair: "XBTUSDT",
        time: at / 1_000,
        type: "buy",
        ordertype: "limit",
        price: "25000",
        cost: "250",
        fee: "0.1",
        vol: "0.01",
        maker: false,
      }]);
      return { error: [], result: { trades: Object.fromEntries(trades) } };
    },
  },
];

for (const venue of VENUES) {
  Deno.test(`trades() reads every page at ${venue.exchange}, each trade once, oldest first`, async () => {
    await using server = startVenueServer(venue.answers);
    const gateway = await openGateway(server.url, venue);
    const startAt = Date.now() - 40 * HOUR_MS;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_100),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(20 * 3_600),
        async (count, toMoment, skip) => {
          // Several to a moment, as one large order fills.
          const held = Array.from({ length: count }, (_, index) => ({
            id: index + 1,
            at: startAt + Math.floor(index / toMoment) * 120_000,
          }));
          server.answers[venue.route] = venue.answer(held);
          const sinceAt = startAt + skip * 1_000;
          const trades = await gateway.trades({ symbol: "BTC/USDT", sinceAt });
          assert.deepEqual(
            trades.map(({ tradeId }) => Number(tradeId.replace("T", "")))
              .sort((a, b) => a - b),
            held.filter(({ at }) => at >= sinceAt).map(({ id }) => id),
          );
          assert.ok(
            trades.every((trade, index) =>
              index === 0 || trade.at >= trades[index - 1]!.at
            ),
          );
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
    await gateway.close();
  });
}

Deno.test("openOrders() reads every page at Bybit and OKX", async () => {
  await using server = startVenueServer({ ...BYBIT_ANSWERS, ...OKX_ANSWERS });
  const ids = Array.from({ length: 120 }, (_, index) => 1_000 - index);
  server.answers["GET /v5/order/realtime"] = ({ query }) => {
    const { cursor = "0", limit } = paramsOf(query);
    const from = Number(cursor);
    const page = ids.slice(from, from + Number(limit));
    const isLast = from + page.length >= ids.length;
    return bybit({
      category: "linear",
      nextPageCursor: isLast ? "" : String(from + page.length),
      list: page.map((id) => ({
        symbol: "BTCUSDT",
        orderId: String(id),
        orderLinkId: `sf${id}`,
        side: "Sell",
        orderType: "Limit",
        orderStatus: "New",
        price: "26000",
        qty: "0.01",
        cumExecQty: "0",
        reduceOnly: true,
      })),
    });
  };
  server.answers["GET /api/v5/trade/orders-pending"] = ({ query }) => {
    const { after = "9999", limit } = paramsOf(query);
    const page = ids.filter((id) => id < Number(after))
      .slice(0, Number(limit));
    return {
      code: "0",
      msg: "",
      data: page.map((id) => ({
        instType: "SWAP",
        instId: "BTC-USDT-SWAP",
        ordId: String(id),
        clOrdId: `sf${id}`,
        side: "sell",
        ordType: "limit",
        state: "live",
        px: "26000",
        sz: "1",
        accFillSz: "0",
        reduceOnly: "true",
      })),
    };
  };
  server.answers["GET /api/v5/trade/orders-algo-pending"] = () => ({
    code: "0",
    msg: "",
    data: [],
  });
  for (const exchange of ["bybit", "okx"]) {
    const venue = { exchange, market: "swap" } as const;
    // deno-lint-ignore no-await-in-loop -- one after the other
    const gateway = await openGateway(server.url, venue);
    // deno-lint-ignore no-await-in-loop -- one after the other
    const orders = await gateway.openOrders("BTC/USDT");
    assert.deepEqual(
      orders.map(({ venueOrderId }) => Number(venueOrderId))
        .sort((a, b) => b - a),
      ids,
      exchange,
    );
    const [order] = orders;
    assert.deepEqual(
      [order!.quantity, order!.side, order!.status, order!.type],
      ["0.01", "sell", "open", "limit"],
    );
    // deno-lint-ignore no-await-in-loop -- one after the other
    await gateway.close();
  }
});
