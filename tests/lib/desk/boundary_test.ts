import assert from "node:assert/strict";
import fc from "fast-check";
import { CANDLE_WIDTH } from "../../../lib/contracts/candle.ts";
import type { CandleBatch } from "../../../lib/contracts/links.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { readAgentMessage } from "../../../lib/desk/agent_message.ts";
import { CandleQueue } from "../../../lib/desk/candle_queue.ts";
import { accountConfig, candle, intent } from "./support.ts";

const SEED = 20_260_806;

function batch(fromSeq: number, count: number): CandleBatch {
  const packed = new Float64Array(count * CANDLE_WIDTH);
  for (let index = 0; index < count; index++) {
    packed[index * CANDLE_WIDTH] = fromSeq + index;
  }
  return { type: "candles", fromSeq, count, packed };
}

function openQueue(fromSeq = 0) {
  const sent: unknown[] = [];
  const queue = new CandleQueue((message) => void sent.push(message));
  queue.open(fromSeq);
  return { queue, sent };
}

function takeAll(queue: CandleQueue): number[] {
  const seqs: number[] = [];
  for (let next = queue.peek(); next !== null; next = queue.peek()) {
    assert.equal(next.openAt, next.seq, "the candle belongs to its number");
    seqs.push(next.seq);
    queue.take();
  }
  return seqs;
}

Deno.test("CandleQueue subscribes with its window and says what it consumed", () => {
  const { queue, sent } = openQueue(10);
  queue.offer(batch(10, 300));
  takeAll(queue);
  assert.deepEqual(sent, [
    { type: "subscribe", fromSeq: 10, windowCandles: 512 },
    { type: "consumed", seq: 137 },
    { type: "consumed", seq: 265 },
  ]);
});

Deno.test("CandleQueue skips candles that it has, whole batches or their heads", () => {
  const { queue } = openQueue();
  for (const [from, count] of [[0, 3], [0, 3], [1, 4], [5, 1]] as const) {
    queue.offer(batch(from, count));
  }
  assert.deepEqual(takeAll(queue), [0, 1, 2, 3, 4, 5]);
});

Deno.test("CandleQueue refuses a gap and a feed beyond its window", () => {
  const { queue } = openQueue();
  queue.offer(batch(0, 1));
  assert.throws(() => queue.offer(batch(2, 1)), /Candle 1 is missing/);
  assert.throws(() => {
    for (let seq = 1; seq <= 512; seq++) queue.offer(batch(seq, 1));
  }, /window of 512/);
});

Deno.test("CandleQueue starts anew when its link opens again", () => {
  const { queue } = openQueue();
  queue.offer(batch(0, 5));
  queue.take();
  queue.open(1);
  assert.equal(queue.peek(), null);
  queue.offer(batch(1, 2));
  assert.deepEqual(takeAll(queue), [1, 2]);
});

Deno.test("readAgentMessage() passes what an agent rightly sends", () => {
  const attached = { type: "attached", decidedSeq: -1 };
  assert.deepEqual(readAgentMessage(attached), attached);
  const decided = {
    type: "decided",
    seq: 3,
    actions: [
      { kind: "submit", intent: intent(3) },
      {
        kind: "submit",
        intent: intent(3, { entry: { type: "limit", price: 9 } }),
      },
      { kind: "cancel", intentId: "1.0", reason: "x" },
      { kind: "close", reason: "y" },
      {
        kind: "submit",
        intent: intent(3, {
          entry: { type: "limit", price: 9, postOnly: true },
          parts: 4,
          decisionPrice: 9.5,
        }),
      },
      {
        kind: "part",
        intentId: "1.0",
        part: 2,
        entry: { type: "stop", price: 11 },
      },
      { kind: "reprice", intentId: "1.0", part: 0, price: 8, reason: "z" },
    ],
    sentAtMs: 1_700_000_000_000.25,
  };
  assert.deepEqual(readAgentMessage(structuredClone(decided)), decided);
});

Deno.test("readAgentMessage() bounds the texts of an intent", () => {
  const read = readAgentMessage({
    type: "decided",
    seq: 3,
    actions: [{
      kind: "submit",
      intent: intent(3, { reasons: Array(99).fill("x".repeat(9999)) }),
    }],
  });
  assert.ok(read?.type === "decided" && read.actions[0]!.kind === "submit");
  const { reasons } = read.actions[0]!.intent;
  assert.equal(reasons.length, 16);
  assert.equal(reasons[0]!.length, 500);
});

Deno.test("readAgentMessage() and the account survive anything an agent may send", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.record({
          type: fc.constant("decided"),
          seq: fc.constant(0),
          actions: fc.anything(),
        }),
        fc.record({
          type: fc.constant("decided"),
          seq: fc.constant(0),
          actions: fc.array(
            fc.record({
              kind: fc.oneof(
                fc.constantFrom("submit", "part", "reprice"),
                fc.anything(),
              ),
              intentId: fc.oneof(fc.constant("0.0"), fc.anything()),
              part: fc.oneof(fc.constantFrom(0, 1, -1), fc.anything()),
              price: fc.anything(),
              entry: fc.anything(),
              intent: fc.oneof(
                fc.anything(),
                fc.record(
                  {
                    intentId: fc.anything(),
                    seq: fc.anything(),
                    side: fc.anything(),
                    entry: fc.anything(),
                    stopPrice: fc.anything(),
                    targetPrice: fc.double(),
                    riskPct: fc.double(),
                    expireAfterSeq: fc.anything(),
                    parts: fc.oneof(fc.constant(2), fc.anything()),
                    decisionPrice: fc.anything(),
                    reasons: fc.anything(),
                  },
                  { requiredKeys: [] },
                ),
              ),
            }, { requiredKeys: [] }),
          ),
        }),
      ),
      (message) => {
        const account = DeskAccount.open({ config: accountConfig() });
        account.step(candle(0, { close: 100 }));
        const read = readAgentMessage(message);
        if (read?.type !== "decided" || read.seq > 0) return;
        account.decide(read);
        const { events } = account.step(candle(1, { close: 100 }));
        assert.ok(events.every((event) => event.type === "OrderDenied"));
      },
    ),
    { seed: SEED, numRuns: 1000 },
  );
});
