import assert from "node:assert/strict";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { OrderIntent } from "../../../lib/contracts/order.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import {
  accountConfig,
  candle,
  type ConfigChange,
  MINUTE_MS,
  randomMarket,
  ScriptedAgent,
  START_AT,
  submit,
  withHedge,
} from "./support.ts";

/** Costs that are easy to add up: 10 bp a taker fee, 10 bp slippage. */
const COSTS = { takerFeeBp: 10, slippageBp: 10 };

interface Side {
  /** Open and close of the first market. */
  a: readonly [open: number, close: number];
  b: readonly [open: number, close: number] | null;
}

function bar(seq: number, { a, b }: Side): Candle {
  const first = candle(seq, { open: a[0], close: a[1] });
  if (b === null) return first;
  const { open, high, low, close, volume } = candle(seq, {
    open: b[0],
    close: b[1],
  });
  return { ...first, hedge: { open, high, low, close, volume } };
}

const flat = (price: number): [number, number] => [price, price];

/** A pair of one unit of A at 100 against two of B at 20. */
const PAIR: Partial<OrderIntent> = {
  stopPrice: 95,
  targetPrice: null,
  expireAfterSeq: 2,
  hedge: { side: "sell", ratio: 2 },
};

function open(change: ConfigChange = {}) {
  return DeskAccount.open({
    config: accountConfig({ costs: COSTS, candleMs: MINUTE_MS, ...change }),
  });
}

/** An account in a pair that was filled at the opens of candle 1. */
function entered(
  { intent = PAIR, opens = [101, 21], change = {} }: {
    intent?: Partial<OrderIntent>;
    opens?: readonly [a: number, b: number];
    change?: ConfigChange;
  } = {},
) {
  const account = open(change);
  account.step(bar(0, { a: flat(100), b: flat(20) }));
  account.decide(submit(0, intent));
  const [a, b] = opens;
  const stepped = account.step(bar(1, { a: flat(a), b: flat(b) }));
  return { account, stepped };
}

const near = (a: string | number | null | undefined, b: number) =>
  assert.ok(Math.abs(Number(a) - b) < 1e-6, `${a} is not ${b}`);

Deno.test("DeskAccount fills both legs of a pair at their next opens, with slippage and fees each, and closes both", () => {
  const { account, stepped } = entered();
  const fill = stepped.events.find((event) => event.type === "OrderFilled");
  assert.ok(fill?.type === "OrderFilled");
  const { price, quantity, fee, hedge } = fill.fill;
  near(price, 101 * 1.001);
  assert.ok(hedge !== undefined);
  assert.equal(hedge.side, "sell");
  near(hedge.price, 21 * 0.999);
  near(hedge.quantity, 2 * Number(quantity));
  near(fee, Number(price) * Number(quantity) * 0.001);
  near(hedge.fee, Number(hedge.price) * Number(hedge.quantity) * 0.001);
  account.decide({
    type: "decided",
    seq: 1,
    actions: [{ kind: "close", reason: "Back" }],
  });
  account.step(bar(2, { a: [104, 104], b: [20.5, 20.5] }));
  const [trade] = account.drainReport().trades;
  assert.ok(trade?.hedge !== undefined);
  const units = Number(quantity);
  const out = 104 * 0.999;
  const hedgeOut = 20.5 * 1.001;
  const gain = units * (out - Number(price)) -
    2 * units * (hedgeOut - Number(hedge.price));
  const fees = Number(fee) + Number(hedge.fee) +
    units * out * 0.001 + 2 * units * hedgeOut * 0.001;
  near(trade.fees, fees);
  near(trade.netPnl, gain - fees);
  near(trade.hedge.entryPrice, Number(hedge.price));
  near(trade.hedge.exitPrice, hedgeOut);
  const view = account.view();
  assert.equal(view.position, null);
  assert.deepEqual(view.openOrders, []);
  near(view.cash, 10_000 + gain - fees);
});

Deno.test("DeskAccount sizes a pair by the loss at its stop and the costs of both legs", () => {
  const { stepped, account } = entered({ opens: [100, 20] });
  const fill = stepped.events.find((event) => event.type === "OrderFilled");
  assert.ok(fill?.type === "OrderFilled");
  // One percent of 10,000 ÷ (distance + slippage of both entries + four fees).
  const hedgeValue = 40 * 1.001;
  const perUnit = (100.1 - 95) + 0.04 +
    (100.1 + 95 + 2 * hedgeValue) * 0.001;
  near(fill.fill.quantity, Math.floor(100 / perUnit * 1e5) / 1e5);
  const held = account.view().position;
  assert.equal(held?.hedge?.quantity !== undefined, true);
});

Deno.test("DeskAccount counts the value of both legs against the leverage", () => {
  const tight = { ...PAIR, stopPrice: 99.999 };
  const { stepped } = entered({
    intent: tight,
    opens: [100, 20],
    change: { risk: { leverage: 1, riskPerTradePct: 5 } },
  });
  const fill = stepped.events.find((event) => event.type === "OrderFilled");
  assert.ok(fill?.type === "OrderFilled");
  const worth = Number(fill.fill.quantity) * (100.1 + 40 * 1.001);
  assert.ok(worth < 10_000 && worth > 9_000, `${worth}`);
});

Deno.test("DeskAccount values both legs at their closes; equity is unknown without one of them", () => {
  const { account } = entered({ opens: [100, 20] });
  const before = Number(account.view().cash);
  const { quantity, hedge } = account.view().position!;
  account.step(bar(2, { a: flat(103), b: flat(21) }));
  const view = account.view();
  const worth = Number(quantity) * (103 - 100.1) -
    Number(hedge!.quantity) * (21 - 19.98);
  near(view.unrealizedPnl, worth);
  near(view.equity, before + worth);
  const stepped = account.step(bar(3, { a: flat(103), b: null }));
  assert.equal(stepped.equity, null);
  assert.equal(account.view().tradingState, "halted");
});

for (const [name, side] of [["long", 1], ["short", -1]] as const) {
  Deno.test(`DeskAccount closes a ${name} pair at the open after its value closed at the stop, without its agent`, () => {
    const { account } = entered({
      opens: [100, 20],
      intent: {
        ...PAIR,
        side: side > 0 ? "buy" : "sell",
        stopPrice: 100 - side * 5,
        hedge: { side: side > 0 ? "sell" : "buy", ratio: 2 },
      },
    });
    // A beyond the stop price by itself does not count: B went the same way.
    account.step(bar(2, { a: flat(100 - side * 8), b: flat(20 - side * 2) }));
    assert.notEqual(account.view().position, null);
    // A − 2 B fell from 60 to 55.2 and then to 55, where the stop is.
    account.step(bar(3, { a: flat(100 - side * 4.8), b: flat(20) }));
    assert.equal(account.view().openOrders[0]!.type, "stop");
    account.step(bar(4, { a: flat(100 - side * 2), b: flat(20 + side * 1.5) }));
    assert.equal(account.view().openOrders.length, 1);
    assert.equal(account.view().openOrders[0]!.type, "market");
    account.step(bar(5, { a: flat(100), b: flat(20) }));
    const [trade] = account.drainReport().trades;
    assert.equal(trade?.exitRole, "stop");
    assert.equal(trade.exitSeq, 5);
    assert.equal(account.view().position, null);
    assert.deepEqual(account.view().openOrders, []);
  });
}

Deno.test("DeskAccount pays funding of one leg and receives that of the other", () => {
  const { account } = entered({
    opens: [100, 20],
    change: { costs: { ...COSTS, fundingBpPer8h: 10 } },
  });
  const { quantity, hedge } = account.view().position!;
  const later = bar(2, { a: flat(100), b: flat(20) });
  account.step({ ...later, openAt: START_AT + 8 * 60 * MINUTE_MS });
  near(
    account.view().fundingPaid,
    (100 * Number(quantity) - 20 * Number(hedge!.quantity)) * 0.001,
  );
});

const DENIED: readonly (readonly [string, Partial<OrderIntent>, boolean])[] = [
  ["HEDGE_INVALID", { hedge: { side: "sell", ratio: 0 } }, true],
  ["HEDGE_INVALID", { hedge: { side: "sell", ratio: Infinity } }, true],
  ["HEDGE_INVALID", { hedge: { side: "buy", ratio: 2 } }, true],
  ["HEDGE_INVALID", { targetPrice: 110 }, true],
  ["HEDGE_INVALID", { entry: { type: "limit", price: 99 } }, true],
  ["HEDGE_PRICE_MISSING", {}, false],
  ["SIZE_BELOW_MINIMUM", { hedge: { side: "sell", ratio: 1e-6 } }, true],
];

for (const [code, change, hasHedge] of DENIED) {
  Deno.test(`DeskAccount denies a pair with ${code}: ${JSON.stringify(change)}`, () => {
    const account = open();
    account.step(bar(0, { a: flat(100), b: hasHedge ? flat(20) : null }));
    account.decide(submit(0, { ...PAIR, ...change }));
    const { events } = account.step(bar(1, { a: flat(100), b: flat(20) }));
    const denied = events.find((event) => event.type === "OrderDenied");
    assert.ok(denied?.type === "OrderDenied");
    assert.equal(denied.code, code);
    assert.equal(account.view().position, null);
  });
}

Deno.test("DeskAccount fills no leg where one has no price, and withdraws the entry in time", () => {
  const account = open();
  account.step(bar(0, { a: flat(100), b: flat(20) }));
  account.decide(submit(0, { ...PAIR, expireAfterSeq: 1 }));
  account.step(bar(1, { a: flat(100), b: null }));
  assert.equal(account.view().position, null);
  assert.deepEqual(account.view().openOrders, []);
  assert.equal(account.view().cash, "10000");
});

Deno.test("DeskAccount leaves the stop of a pair where it is", () => {
  const { account } = entered({ opens: [100, 20] });
  account.decide({
    type: "decided",
    seq: 1,
    actions: [{
      kind: "moveStop",
      intentId: "0.0",
      stopPrice: 98,
      reason: "Closer",
    }],
  });
  const { events } = account.step(bar(2, { a: flat(100), b: flat(20) }));
  const denied = events.find((event) => event.type === "StopMoveDenied");
  assert.ok(denied?.type === "StopMoveDenied");
  assert.equal(denied.code, "HEDGE_INVALID");
  assert.equal(account.view().position?.stopPrice, "95");
});

Deno.test("DeskAccount closes both legs at the last closes when it is stopped", () => {
  const { account } = entered({ opens: [100, 20] });
  account.quiesce({ positions: "close", reason: "Stopped" });
  const [trade] = account.drainReport().trades;
  near(trade?.exitPrice, 100 * 0.999);
  near(trade?.hedge?.exitPrice, 20 * 1.001);
});

Deno.test("DeskAccount.recover() gives the account of every whole transaction of pairs, and so does a segment", () => {
  for (const seed of [1, 2]) {
    const entries: JournalEntry[] = [];
    const views: { at: number; view: unknown }[] = [];
    const account = DeskAccount.open({
      config: accountConfig({
        candleMs: 15 * MINUTE_MS,
        costs: { fundingBpPer8h: 4, latencyMs: 400_000 },
      }),
      sink: { append: (records) => void entries.push(...records) },
    });
    const agent = new ScriptedAgent(seed);
    let pairs = 0;
    let stops = 0;
    for (const bar of withHedge(randomMarket(seed, 300), seed + 50)) {
      const actions = agent.decide(bar, account.step(bar));
      account.decide({ type: "decided", seq: bar.seq, actions });
      for (const trade of account.drainReport().trades) {
        if (trade.hedge === undefined) continue;
        pairs++;
        if (trade.exitRole === "stop") stops++;
      }
      const last = entries.at(-1)!;
      if (last.mark === undefined || last.mark.seq !== bar.seq) continue;
      views.push({ at: entries.length, view: account.view() });
    }
    assert.ok(pairs > 5 && stops > 2, `seed ${seed}: ${pairs}, ${stops}`);
    const lines = entries.map((entry) => JSON.stringify(entry));
    for (const { at, view } of views) {
      const recovered = DeskAccount.recover(
        lines.slice(0, at).map((line) => JSON.parse(line) as JournalEntry),
        { append: () => {} },
      );
      assert.deepEqual(recovered.view(), view, `seed ${seed}, entry ${at}`);
      const start = recovered.toSegmentStart({ segment: 2, newestEpoch: 0 });
      const again = DeskAccount.recover(
        [JSON.parse(JSON.stringify(start)) as JournalEntry],
        { append: () => {} },
      );
      assert.deepEqual(again.view(), view, `seed ${seed}, segment at ${at}`);
    }
  }
});
