import assert from "node:assert/strict";
import fc from "fast-check";
import { ManualClock } from "./clock.ts";
import type { NewAlgoOrder } from "./engine/algo_orders.ts";
import { applyFunding, closeMinute, movePrice } from "./engine/market_moves.ts";
import type { NewOrder, Side, Trade } from "./engine/order.ts";
import { Refusal } from "./refusal.ts";
import { VenueState } from "./state.ts";

/** 10^8 units are one coin; the sums below are the test's own. */
const COIN = 100_000_000n;
const DEPOSIT = 100_000n * COIN;
/** Little enough to be liquidated now and then. */
const MARGIN = 6_000n * COIN;
const START = 1_760_000_000_000;

const SYMBOL = "BTCUSDT";

type Step =
  | {
    type: "order";
    kind: "spot" | "futures";
    order: Partial<NewOrder>;
    /** Of what may fill at once, as under an injected fault. */
    share: number;
  }
  | { type: "algo"; algo: Pick<NewAlgoOrder, "side" | "closePosition"> }
  | { type: "cancel"; kind: "spot" | "futures"; nth: number }
  | { type: "price"; pct: number }
  | { type: "minute" }
  | { type: "funding"; rate: string };

const side = fc.constantFrom<Side>("BUY", "SELL");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("order" as const),
      kind: fc.constantFrom("spot" as const, "futures" as const),
      share: fc.constantFrom(1, 1, 1, 0.4, 0),
      order: fc.record({
        side,
        type: fc.constantFrom(
          "MARKET" as const,
          "LIMIT" as const,
          "STOP_LOSS" as const,
          "LIMIT_MAKER" as const,
        ),
        timeInForce: fc.constantFrom(
          "GTC" as const,
          "IOC" as const,
          "FOK" as const,
        ),
        // Up to half a coin, and prices within 2 % of the market.
        quantity: fc.integer({ min: 1, max: 500 }).map((steps) =>
          BigInt(steps) * COIN / 1_000n
        ),
        price: fc.integer({ min: -20, max: 20 }).map(BigInt),
        reduceOnly: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
      }),
    }),
  },
  fc.record({
    type: fc.constant("algo" as const),
    algo: fc.record({ side, closePosition: fc.boolean() }),
  }),
  fc.record({
    type: fc.constant("cancel" as const),
    kind: fc.constantFrom("spot" as const, "futures" as const),
    nth: fc.nat(5),
  }),
  fc.record({
    type: fc.constant("price" as const),
    pct: fc.integer({ min: -6, max: 6 }),
  }),
  fc.record({ type: fc.constant("minute" as const) }),
  fc.record({
    type: fc.constant("funding" as const),
    rate: fc.constantFrom("0.0001", "-0.0005"),
  }),
);

Deno.test("VenueState keeps its books: money is conserved, locks match open orders, positions are the sum of their trades", () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 10, maxLength: 40, size: "max" }),
      (steps) => {
        const clock = new ManualClock(START);
        const venue = new VenueState({
          clock,
          spotFunds: { USDT: "100000", BTC: "2" },
          futuresFunds: "6000",
        });
        steps.forEach((step, index) => {
          clock.advance(1_000);
          try {
            run(venue, step, index);
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
          checkSpot(venue);
          checkFutures(venue);
        });
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
});

function run(venue: VenueState, step: Step, index: number): void {
  switch (step.type) {
    case "order":
      venue.engines[step.kind].place(orderOf(venue, step, index), {
        bend: { share: step.share, restAfterMs: 2_500, hiddenMs: 0 },
      });
      return;
    case "algo":
      placeAlgo(venue, step.algo, index);
      return;
    case "cancel": {
      const engine = venue.engines[step.kind];
      const open = engine.orders.open();
      const order = open[step.nth % Math.max(1, open.length)];
      if (order !== undefined) engine.cancel(order);
      return;
    }
    case "price": {
      const last = venue.engines.spot.market(SYMBOL).last;
      const next = Number(last) / 1e8 * (1 + step.pct / 100);
      return movePrice(venue, SYMBOL, next.toFixed(1));
    }
    case "minute":
      return closeMinute(venue, {
        symbol: SYMBOL,
        candle: { open: 40_000, high: 40_400, low: 39_500, close: 39_900 },
      });
    case "funding":
      return applyFunding(venue, SYMBOL, step.rate);
  }
}

function orderOf(
  venue: VenueState,
  { kind, order }: Step & { type: "order" },
  index: number,
): NewOrder {
  const last = venue.engines[kind].market(SYMBOL).last;
  const tenth = COIN / 10n;
  // Within 2 % of the market, on the coarser of both ticks.
  const near = last * (1_000n + order.price!) / 1_000n;
  const price = near - near % tenth;
  const isStop = order.type === "STOP_LOSS";
  const stop = order.side === "BUY" ? last + last / 50n : last - last / 50n;
  return {
    symbol: SYMBOL,
    side: order.side!,
    type: order.type!,
    timeInForce: order.type === "LIMIT" ? order.timeInForce! : "GTC",
    quantity: order.quantity!,
    price: order.type!.startsWith("LIMIT") ? price : 0n,
    stopPrice: isStop ? stop - stop % tenth : 0n,
    clientOrderId: `o${index}`,
    reduceOnly: kind === "futures" && order.reduceOnly === true,
    closePosition: false,
    listId: -1,
    isForeign: false,
  };
}

function placeAlgo(
  venue: VenueState,
  algo: Pick<NewAlgoOrder, "side" | "closePosition">,
  index: number,
): void {
  const last = venue.engines.futures.market(SYMBOL).last;
  const trigger = algo.side === "BUY" ? last + last / 40n : last - last / 40n;
  venue.algos.place({
    ...algo,
    type: "STOP_MARKET",
    symbol: SYMBOL,
    clientAlgoId: `a${index}`,
    quantity: algo.closePosition ? 0n : COIN / 10n,
    triggerPrice: trigger - trigger % (COIN / 10n),
    price: 0n,
    reduceOnly: false,
    isForeign: false,
  });
}

function checkSpot(venue: VenueState): void {
  const ledger = venue.ledgers.spot;
  const { orders } = venue.engines.spot;
  for (const asset of ledger.assets()) {
    assert.equal(ledger.total(asset), 0n, `${asset} adds up to nothing`);
    assert.ok(ledger.balance("free", asset) >= 0n, `free ${asset}`);
    const holds = new Set(orders.open().map(({ hold }) => hold!));
    const locked = [...holds].reduce(
      (sum, hold) => sum + (hold.asset === asset ? hold.amount : 0n),
      0n,
    );
    assert.equal(ledger.balance("locked", asset), locked, `locked ${asset}`);
  }
  const held = (asset: string) =>
    ledger.balance("free", asset) + ledger.balance("locked", asset);
  const sum = (amountOf: (trade: Trade) => bigint) =>
    orders.trades().reduce((total, trade) => total + amountOf(trade), 0n);
  const sign = (trade: Trade) => trade.side === "BUY" ? 1n : -1n;
  const fees = (asset: string) =>
    sum((trade) => trade.feeAsset === asset ? trade.fee : 0n);
  assert.equal(
    held("BTC"),
    2n * COIN + sum((trade) => sign(trade) * trade.quantity) - fees("BTC"),
  );
  assert.equal(
    held("USDT"),
    DEPOSIT - sum((trade) => sign(trade) * trade.quantity * trade.price) /
        COIN -
      fees("USDT"),
  );
}

function checkFutures(venue: VenueState): void {
  const ledger = venue.ledgers.futures;
  const trades = venue.engines.futures.orders.trades();
  assert.equal(ledger.total("USDT"), 0n);
  const position = venue.account.position(SYMBOL);
  const sum = (amountOf: (trade: Trade) => bigint) =>
    trades.reduce((total, trade) => total + amountOf(trade), 0n);
  const sign = (trade: Trade) => trade.side === "BUY" ? 1n : -1n;
  const realized = sum((trade) => trade.realized);
  assert.equal(position.quantity, sum((trade) => sign(trade) * trade.quantity));
  assert.equal(
    position.cost,
    sum((trade) => sign(trade) * trade.quantity * trade.price) / COIN +
      realized,
  );
  const funding = venue.income.reduce((total, row) => total + row.amount, 0n);
  const insured = -ledger.balance("insurance", "USDT");
  assert.equal(
    venue.account.wallet,
    MARGIN + realized - sum((trade) => trade.fee) + funding + insured,
  );
  assert.ok(venue.account.wallet >= 0n, "the insurance pays what is missing");
}
