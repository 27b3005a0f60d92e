import assert from "node:assert/strict";
import type { DeskEvent } from "../../../lib/contracts/order.ts";
import {
  type StrategiesConfig,
  strategiesConfigSchema,
} from "../../../lib/contracts/strategies.ts";
import { Trader } from "../../../agents/strategies/trader.ts";
import type { Ohlc } from "../fixtures/candles.ts";
import {
  accepted,
  Bench,
  BREAK,
  CALM,
  cancelReason,
  intentOf,
  STRATEGIES,
} from "./entry_bench.ts";

const USED_UP: DeskEvent[] = [
  {
    type: "OrderDenied",
    seq: 24,
    intentId: "23.0",
    code: "CAPITAL_EXCEEDED",
    detail: "",
  },
  {
    type: "OrderCanceled",
    seq: 24,
    orderId: "o",
    intentId: "23.0",
    role: "entry",
    reason: "",
  },
  {
    type: "OrderFilled",
    seq: 24,
    fill: {
      fillId: "f",
      orderId: "o",
      intentId: "23.0",
      role: "entry",
      side: "buy",
      price: "99.2",
      quantity: "1",
      fee: "0",
      liquidity: "maker",
      seq: 24,
      at: 0,
    },
  },
];

Deno.test("EntryBook submits a setup at once, with its expiry", () => {
  const intent = intentOf(new Bench().break());
  assert.equal(intent.intentId, "23.0");
  assert.equal(intent.seq, 23);
  assert.equal(intent.side, "buy");
  assert.deepEqual(intent.entry, { type: "limit", price: 99.2 });
  assert.equal(intent.expireAfterSeq, 28);
  assert.equal(intent.riskPct, 0.5);
});

Deno.test("EntryBook does nothing more while its entry rests", () => {
  const bench = new Bench();
  bench.break();
  assert.deepEqual(bench.next(CALM), []);
});

Deno.test("EntryBook withdraws an entry whose level was touched without a fill", () => {
  const bench = new Bench();
  bench.break();
  assert.match(cancelReason(bench.next([103.8, 104, 99.2, 103])), /touched/);
  assert.deepEqual(bench.next(CALM), []);
});

Deno.test("EntryBook withdraws an entry when a candle closes beyond the zone", () => {
  const bench = new Bench();
  bench.break();
  assert.match(cancelReason(bench.next([103.8, 104, 97, 97.5])), /beyond/);
});

Deno.test("EntryBook withdraws an entry on a CHoCH against it", () => {
  const wide: StrategiesConfig = {
    ...STRATEGIES,
    orderBlock: { ...STRATEGIES.orderBlock, maxAgeCandles: 50 },
  };
  const bench = new Bench();
  bench.break();
  bench.book.apply(accepted("23.0"));
  // A swing low at 100.5, well above the block, and then a close below it.
  const rows: Ohlc[] = [
    [103.8, 104, 102.5, 103],
    [103, 103.5, 101.5, 102],
    [102, 102.5, 100.5, 102.4],
    [102.4, 103.4, 102, 103.2],
    [103.2, 103.8, 102.8, 103.5],
    [103.5, 103.9, 103, 103.6],
    [103.6, 103.7, 100, 100.2],
  ];
  const all = rows.map((row) => bench.next(row, { strategies: wide }));
  assert.ok(all.slice(0, -1).every((actions) => actions.length === 0));
  assert.match(cancelReason(all.at(-1)!), /Structure changed/);
});

Deno.test("EntryBook leaves the expiry to the desk and gives up one candle later", () => {
  const bench = new Bench();
  bench.break();
  bench.book.apply(accepted("23.0"));
  for (let seq = 24; seq <= 28; seq++) assert.deepEqual(bench.next(CALM), []);
  assert.match(cancelReason(bench.next(CALM)), /older than 5 candles/);
});

Deno.test("EntryBook holds a setup back while entries are closed and submits it afterwards", () => {
  const bench = new Bench();
  assert.deepEqual(bench.break("The agent warms up"), []);
  assert.deepEqual(
    bench.next(CALM, { closedBecause: "A position is open" }),
    [],
  );
  const intent = intentOf(bench.next(CALM));
  assert.equal(intent.intentId, "25.0");
  assert.equal(intent.expireAfterSeq, 28);
});

Deno.test("EntryBook submits no order that could not live a candle", () => {
  const bench = new Bench();
  bench.break("The agent is paused");
  for (let seq = 24; seq < 28; seq++) {
    bench.next(CALM, { closedBecause: "The agent is paused" });
  }
  assert.deepEqual(bench.next(CALM), []);
});

Deno.test("EntryBook forgets a held setup that price touched meanwhile", () => {
  const bench = new Bench();
  bench.break("The agent is paused");
  bench.next([103.8, 104, 99, 103], { closedBecause: "The agent is paused" });
  assert.deepEqual(bench.next(CALM), []);
});

Deno.test("EntryBook withdraws its entry while paused and submits it again afterwards", () => {
  const bench = new Bench();
  bench.break();
  const closedBecause = "The agent is paused";
  assert.equal(
    cancelReason(bench.next(CALM, { closedBecause })),
    closedBecause,
  );
  assert.deepEqual(bench.next(CALM, { closedBecause }), []);
  assert.equal(intentOf(bench.next(CALM)).intentId, "26.0");
});

Deno.test("EntryBook uses a setup up by a denial, a cancellation or a fill", () => {
  for (const event of USED_UP) {
    const bench = new Bench();
    bench.break();
    bench.book.apply(event);
    assert.deepEqual(bench.next(CALM), []);
    // The fall makes a setup of its own, but nothing is left to withdraw.
    const actions = bench.next([103.8, 104, 97, 97.5]);
    assert.ok(actions.every((action) => action.kind === "submit"), event.type);
  }
});

Deno.test("EntryBook knows the setup of a withdrawn entry that was filled before the withdrawal arrived", () => {
  const bench = new Bench();
  bench.break();
  const closedBecause = "The agent is paused";
  bench.next(CALM, { closedBecause });
  assert.equal(intentOf(bench.next(CALM)).intentId, "25.0");
  const again = new Trader();
  again.restore(structuredClone(bench.book.snapshot()));
  for (const book of [bench.book, again]) {
    book.apply(USED_UP[2]!);
    const { entries, position } = book.snapshot();
    assert.equal(position?.intentId, "23.0");
    assert.equal(position?.entryPrice, 99.2);
    assert.equal(entries.withdrawn, undefined);
  }
});

Deno.test("EntryBook forgets a withdrawn entry when the desk says that it is cancelled", () => {
  const bench = new Bench();
  bench.break();
  bench.next(CALM, { closedBecause: "The agent is paused" });
  assert.equal(bench.book.snapshot().entries.withdrawn?.length, 1);
  bench.book.apply(USED_UP[1]!);
  assert.equal(bench.book.snapshot().entries.withdrawn, undefined);
});

Deno.test("EntryBook keeps its entry when a repeat of it is denied as a duplicate", () => {
  const bench = new Bench();
  bench.break();
  bench.book.apply({
    type: "OrderDenied",
    seq: 24,
    intentId: "23.0",
    code: "INTENT_DUPLICATE",
    detail: "",
  });
  assert.match(cancelReason(bench.next([103.8, 104, 97, 97.5])), /beyond/);
});

Deno.test("EntryBook withdraws the entry of a strategy that is turned off", () => {
  const bench = new Bench();
  bench.break();
  const strategies: StrategiesConfig = {
    ...STRATEGIES,
    orderBlock: { ...STRATEGIES.orderBlock, enabled: false },
  };
  assert.match(cancelReason(bench.next(CALM, { strategies })), /turned off/);
});

Deno.test("EntryBook never has two entries submitted, whichever strategies run", () => {
  const both = strategiesConfigSchema.parse({ fvg: { minGapAtr: 0.1 } });
  const bench = new Bench();
  const rows: Ohlc[] = [
    ...BREAK,
    [103.8, 106.2, 103.8, 106],
    [106, 107, 105.5, 106.5],
  ];
  const actions = rows.flatMap((row) => [
    ...bench.next(row, { strategies: both }),
  ]);
  const submitted = actions.filter((action) => action.kind === "submit");
  const withdrawn = actions.filter((action) => action.kind === "cancel");
  assert.ok(submitted.length >= 1);
  assert.ok(submitted.length - withdrawn.length <= 1);
});
