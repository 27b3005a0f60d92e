import assert from "node:assert/strict";
import type { CandleBatch } from "../../../lib/contracts/links.ts";
import { CandleConsumers } from "../../../lib/exchange/candle_consumers.ts";

Deno.test("CandleConsumers.pumpAll() sends all the same, though a candle becomes due in between", () => {
  const sent: [link: string, lastSeq: number][] = [];
  let dueSeq = 7;
  const consumers = new CandleConsumers({
    totalCandles: 100,
    dueSeq: () => dueSeq++,
    firstSeq: () => 0,
    packed: (_fromSeq, count) => new Float64Array(count),
    hedge: null,
    sent: () => {},
  }, {
    credits: () => 8,
    send(link, message) {
      const { fromSeq, count } = message as CandleBatch;
      sent.push([link, fromSeq + count - 1]);
    },
  });
  for (const link of ["desk", "agent"]) {
    consumers.add(link, {
      fromSeq: 0,
      windowCandles: Infinity,
      wantsQuotes: false,
    });
  }
  consumers.pumpAll();
  assert.deepEqual(sent, [["desk", 7], ["agent", 7]]);
});
