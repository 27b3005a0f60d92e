import assert from "node:assert/strict";
import { HeardCandles } from "../../../../lib/exchange/live/heard_candles.ts";

Deno.test("HeardCandles sees that a history lacks trades that the stream told of", () => {
  const heard = new HeardCandles();
  heard.hear(60_000, 5);
  heard.hear(60_000, 4);
  heard.hear(120_000, 1);
  const row = (openAt: number, volume: number) => [openAt, 1, 1, 1, 1, volume];
  assert(heard.isMissingIn([], 120_000));
  assert(heard.isMissingIn([row(60_000, 4.9)], 120_000));
  assert(!heard.isMissingIn([row(60_000, 5)], 120_000));
  assert(heard.isMissingIn([row(60_000, 5)], 180_000));
  assert(!heard.isMissingIn([], 60_000));
  heard.forgetUntil(120_000);
  assert(!heard.isMissingIn([], 120_000));
  assert.equal(heard.newestAt, 120_000);
});

Deno.test("HeardCandles remembers a few candles only", () => {
  const heard = new HeardCandles();
  for (let minute = 0; minute < 100; minute++) heard.hear(minute * 60_000, 1);
  assert(!heard.isMissingIn([], 90 * 60_000));
  assert(heard.isMissingIn([], 100 * 60_000));
});
