import assert from "node:assert/strict";
import type { Trade } from "../../../lib/contracts/order.ts";
import { EventLog } from "../../../lib/desk/account/event_log.ts";
import { Outbox } from "../../../lib/desk/outbox.ts";
import {
  chainTradesHash,
  EMPTY_TRADES_HASH,
} from "../../../lib/desk/account/trades_hash.ts";

function trade(number: number): Trade {
  return {
    tradeId: `${number}.0-trade`,
    intentId: `${number}.0`,
    strategy: "test",
    direction: "long",
    quantity: "1",
    entryPrice: "100",
    entrySeq: number,
    entryAt: 0,
    exitPrice: "101",
    exitSeq: number + 1,
    exitAt: 60_000,
    exitRole: "target",
    netPnl: "1",
    fees: "0",
    resultR: "1",
    reasons: [],
  };
}

function fill(outbox: Outbox, count: number): void {
  for (let number = 0; number < count; number++) outbox.addTrade(trade(number));
}

function issue(outbox: Outbox) {
  return outbox.apply(outbox.nextRecord());
}

Deno.test("Outbox numbers reports without holes and cuts trades in order", () => {
  const outbox = new Outbox();
  fill(outbox, 1200);
  const reports = [issue(outbox), issue(outbox), issue(outbox)];
  assert.deepEqual(reports.map(({ sequence }) => sequence), [1, 2, 3]);
  assert.deepEqual(reports.map(({ trades }) => trades.length), [500, 500, 200]);
  assert.deepEqual(reports.map(({ tradesInAll }) => tradesInAll), [
    500,
    1000,
    1200,
  ]);
  assert.equal(outbox.hasContent, false);
});

Deno.test("Outbox keeps what is not acknowledged, in a bounded number of reports", () => {
  const outbox = new Outbox();
  for (let number = 0; number < 16; number++) {
    assert.ok(outbox.canIssue);
    issue(outbox);
  }
  assert.equal(outbox.canIssue, false);
  outbox.acknowledge(10);
  assert.ok(outbox.canIssue);
  assert.deepEqual(
    outbox.unacknowledged.map(({ sequence }) => sequence),
    [11, 12, 13, 14, 15, 16],
  );
});

Deno.test("Outbox rebuilt from its records holds the same reports", () => {
  const outbox = new Outbox();
  const rebuilt = new Outbox();
  for (let round = 0; round < 5; round++) {
    fill(outbox, round);
    fill(rebuilt, round);
    const record = outbox.nextRecord();
    outbox.apply(record);
    rebuilt.apply(structuredClone(record));
    if (round === 2) outbox.acknowledge(2);
  }
  const record = outbox.nextRecord();
  outbox.apply(record);
  rebuilt.apply(record);
  assert.deepEqual(rebuilt.unacknowledged, outbox.unacknowledged);
});

Deno.test("Outbox goes on above a number that the owner has stored", () => {
  const outbox = new Outbox();
  outbox.acknowledge(40);
  assert.equal(issue(outbox).sequence, 41);
});

Deno.test("Outbox is full when more trades wait than may", () => {
  const outbox = new Outbox();
  fill(outbox, 4095);
  assert.equal(outbox.isFull, false);
  fill(outbox, 1);
  assert.ok(outbox.isFull);
});

Deno.test("chainTradesHash() depends on every trade, its figures and the order, not on the reasons", () => {
  const chain = (trades: Trade[]) =>
    trades.reduce(chainTradesHash, EMPTY_TRADES_HASH);
  const [a, b] = [trade(1), trade(2)];
  assert.notEqual(chain([a, b]), chain([b, a]));
  assert.notEqual(chain([a]), chain([a, b]));
  assert.notEqual(chain([a]), chain([{ ...a, netPnl: "1.00000001" }]));
  assert.equal(chain([a]), chain([{ ...a, reasons: ["other words"] }]));
  assert.match(chain([a]), /^[0-9a-f]{64}$/);
});

const FLAT = {
  equity: "100",
  hasPosition: false,
  tradingState: "active" as const,
};
const OPEN = { ...FLAT, equity: null, hasPosition: true };

function denial(seq: number) {
  return {
    type: "OrderDenied" as const,
    seq,
    intentId: `${seq}.0`,
    code: "PRICE_COLLAR" as const,
    detail: "",
  };
}

Deno.test("EventLog tells a step between events as the book stood then", () => {
  const log = new EventLog(FLAT);
  log.add(5, denial(5), OPEN);
  log.add(9, denial(9), { ...FLAT, equity: "90" });
  assert.deepEqual(log.told(4), { seq: 4, events: [], ...FLAT });
  assert.deepEqual(log.told(7), { seq: 7, events: [], ...OPEN });
  assert.equal(log.told(12).equity, "90");
  assert.deepEqual(log.told(5).events, [denial(5)]);
});

Deno.test("EventLog forgets the older half beyond its capacity and keeps the standing before it", () => {
  const log = new EventLog(FLAT, 10);
  for (let seq = 0; seq <= 10; seq++) log.add(seq, denial(seq), OPEN);
  assert.equal(log.floorSeq, 5);
  assert.deepEqual(log.told(6).events, [denial(6)]);
  assert.equal(log.told(5).hasPosition, true);
});
