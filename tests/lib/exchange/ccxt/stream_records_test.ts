/** Messages of private streams, as ccxt's own modules parse them, in our words. */
import assert from "node:assert/strict";
import { decimal, ONE } from "../../../../lib/core/decimal.ts";
import {
  type CcxtRecord,
  loadExchange,
} from "../../../../lib/exchange/ccxt/library.ts";
import { toOrder, toTrade } from "../../../../lib/exchange/ccxt/reading.ts";

type Parse = (record: CcxtRecord) => CcxtRecord;

const MARKET = { symbol: "BTC/USDT", unit: ONE };

/** A function of ccxt's that parses, of an exchange without markets. */
async function parserOf(id: string, name: string): Promise<Parse> {
  const Exchange = await loadExchange(id);
  const exchange = new Exchange({ number: String });
  exchange.number = String;
  const parse = (exchange as unknown as Record<string, Parse>)[name]!;
  return (record) => parse.call(exchange, record);
}

Deno.test("toOrder() counts what Kraken's stream counts, and takes no other number for our id", async () => {
  const parse = await parserOf("kraken", "parseWsOrder");
  const order = {
    order_id: "OABCDE-FGHIJ-KLMNOP",
    order_userref: 0,
    cl_ord_id: "sf0000001",
    symbol: "BTC/USDT",
    side: "sell",
    order_type: "stop-loss",
    order_qty: 0.01,
    order_status: "canceled",
    cum_qty: 0.004,
    cum_cost: 100,
    avg_price: 25_000,
    triggers: { reference: "last", price: 24_000, price_type: "static" },
    timestamp: "2023-11-14T22:13:20.000Z",
  };
  const own = toOrder(parse(order), MARKET);
  assert.deepEqual(
    [own.clientOrderId, own.status, own.filled, own.quantity],
    ["sf0000001", "canceled", "0.004", "0.01"],
  );
  assert.deepEqual([own.type, own.triggerPrice], ["stop", "24000"]);
  const { clientOrderId } = toOrder(
    parse({ ...order, cl_ord_id: undefined }),
    MARKET,
  );
  assert.equal(clientOrderId, null);
});

Deno.test("toOrder() leaves the end of a triggered stop to its order", async () => {
  const binance = await parserOf("binanceusdm", "parseWsOrder");
  const algo = {
    caid: "sf0000001",
    aid: 77,
    at: "CONDITIONAL",
    o: "STOP_MARKET",
    s: "BTCUSDT",
    S: "SELL",
    ps: "BOTH",
    q: "0.010",
    ai: "",
    ap: "0.0",
    aq: "0.0",
    tp: "24000.0",
    p: "0.0",
    R: true,
  };
  const read = (X: string, more: CcxtRecord = {}) => {
    const order = toOrder(binance({ ...algo, X, ...more }), MARKET);
    return [order.venueOrderId, order.status, order.filled];
  };
  assert.deepEqual(read("NEW"), ["77", "open", "0"]);
  assert.deepEqual(read("CANCELED"), ["77", "canceled", "0"]);
  assert.deepEqual(read("TRIGGERED", { ai: "501" }), ["501", "open", "0"]);
  assert.deepEqual(
    read("FINISHED", { ai: "501", aq: "0.010" }),
    ["501", "filled", "0.01"],
  );
  assert.deepEqual(
    read("FINISHED", { ai: "501", aq: "0.004" }),
    ["501", "canceled", "0.004"],
  );
  const okx = await parserOf("okx", "parseOrder");
  const stop = toOrder(
    okx({
      instType: "SWAP",
      instId: "BTC-USDT-SWAP",
      algoId: "900",
      algoClOrdId: "sf0000001",
      clOrdId: "",
      ordId: "777",
      side: "sell",
      ordType: "conditional",
      state: "effective",
      sz: "1",
      slTriggerPx: "24000",
      slOrdPx: "-1",
      reduceOnly: "true",
      cTime: "1700000000000",
    }),
    { symbol: "BTC/USDT", unit: decimal("0.01") },
  );
  assert.deepEqual(
    [stop.clientOrderId, stop.status, stop.filled, stop.quantity],
    ["sf0000001", "open", "0", "0.01"],
  );
  assert.deepEqual([stop.type, stop.triggerPrice], ["stop", "24000"]);
});

Deno.test("toTrade() reads our id and the fee that was paid from the stream of Kraken's futures", async () => {
  const parse = await parserOf("krakenfutures", "parseWsMyTrade");
  const trade = toTrade(
    parse({
      instrument: "PF_XBTUSD",
      time: 1_700_000_000_000,
      price: 25_000.5,
      seq: 100,
      buy: true,
      qty: 0.004,
      order_id: "5c1f0e0a-0000-4000-8000-000000000001",
      cli_ord_id: "sf0000001",
      fill_id: "f1",
      fill_type: "taker",
      fee_paid: 0.05,
      fee_currency: "USD",
    }),
    { symbol: "BTC/USD", unit: ONE },
  );
  assert.deepEqual(
    [trade?.clientOrderId, trade?.fee, trade?.feeCurrency, trade?.quantity],
    ["sf0000001", "0.05", "USD", "0.004"],
  );
  assert.deepEqual([trade?.side, trade?.liquidity], ["buy", "taker"]);
});
