import assert from "node:assert/strict";
import { toDeskRecord } from "../../../lib/contracts/desk_record.ts";
import type { LogEntry } from "../../../lib/contracts/log.ts";
import { toDeskLine, toIntentLine } from "../../../agents/agent_report.ts";
import type { DeskEvent, OrderIntent } from "../../../lib/contracts/order.ts";

const AT = 1_700_000_000_000;

const INTENT: OrderIntent = {
  intentId: "7.0",
  seq: 7,
  side: "buy",
  entry: { type: "market" },
  stopPrice: 95,
  targetPrice: 110,
  riskPct: 1,
  expireAfterSeq: null,
  strategy: "fvg",
  reasons: ["Trend is up"],
};

function entryOf(line: ReturnType<typeof toDeskLine>): LogEntry {
  assert.ok(line !== null);
  return { ...line, seq: 3, at: AT, agentId: "agt_1", agentName: "one" };
}

const recordOf = (event: DeskEvent) =>
  toDeskRecord(entryOf(toDeskLine(event, AT)));

Deno.test("toDeskRecord() reads the lines that agents write of orders", () => {
  const ordered = toDeskRecord(entryOf(toIntentLine(INTENT, AT)));
  assert.equal(ordered!.kind, "ordered");
  assert.deepEqual(ordered!.reasons, INTENT.reasons);
  const denied = recordOf({
    type: "OrderDenied",
    seq: 7,
    intentId: "7.0",
    code: "DRAWDOWN_LIMIT",
    detail: "Drawdown is 11 %",
  });
  assert.equal(denied!.kind, "denied");
  assert.deepEqual(denied!.denial, {
    code: "DRAWDOWN_LIMIT",
    meaning: "The drawdown limit is reached",
    cause: "permission",
  });
  const filled = recordOf({
    type: "OrderFilled",
    seq: 8,
    fill: {
      fillId: "f",
      orderId: "o",
      intentId: "7.0",
      role: "entry",
      side: "buy",
      price: "100",
      quantity: "0.5",
      fee: "0.02",
      liquidity: "taker",
      seq: 8,
      at: AT,
    },
  });
  assert.equal(filled!.kind, "filled");
  assert.deepEqual(filled!.fill, {
    side: "buy",
    role: "entry",
    quantity: "0.5",
    price: "100",
    fee: "0.02",
    liquidity: "taker",
  });
  const halted = recordOf({
    type: "TradingStateChanged",
    seq: 9,
    from: "active",
    to: "halted",
    code: null,
    reason: "A person asked",
  });
  assert.equal(halted!.kind, "trading_state");
});

Deno.test("toDeskRecord() takes a fill of an older build without its figures, and nothing else", () => {
  const line: LogEntry = {
    seq: 1,
    at: AT,
    marketAt: null,
    level: "trade",
    category: "trade",
    agentId: "agt_1",
    agentName: "one",
    message: "Bought 1 at 2 (entry)",
    data: { intentId: "1.0", orderId: "o", fee: "0" },
  };
  assert.equal(toDeskRecord(line)!.fill, null);
  assert.equal(toDeskRecord({ ...line, category: "market" }), null);
  assert.equal(
    toDeskRecord({ ...line, category: "decision", data: { reasons: [] } }),
    null,
  );
  assert.equal(
    toDeskRecord({
      ...line,
      category: "risk",
      data: { intentId: "1.0", code: "OF_A_LATER_BUILD" },
    })!.denial,
    null,
  );
});
