import { deepEqual, equal, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { TIMEFRAME_MS, TIMEFRAMES } from "../../../lib/contracts/candle.ts";
import {
  aggregate,
  equityCurves,
  indexAt,
  indexOfSeq,
  timeframesFrom,
  toFrame,
} from "../../../lib/ui/agent/chart_frame.ts";
import { describeChart } from "../../../lib/ui/agent/chart_words.ts";
import { candle, chart } from "./chart_fixtures.ts";

const MINUTES = { fromMs: 60_000, toMs: 300_000 };
const OWN = { own: "1m", timeframe: "1m" } as const;
const FIVE = { own: "1m", timeframe: "5m" } as const;

Deno.test("aggregate() takes open, high, low, close and volume from where they belong", () => {
  const minutes = [
    candle(4, { open: 1, high: 99 }),
    candle(5, { open: 10, high: 12, low: 9, close: 11, volume: 1 }),
    candle(6, { open: 11, high: 15, low: 10, close: 14, volume: 2 }),
    candle(9, { open: 14, high: 14, low: 7, close: 8, volume: 4 }),
    candle(10, { open: 8, high: 9, low: 8, close: 9, volume: 8 }),
  ];
  deepEqual(aggregate(minutes, MINUTES), [
    {
      openAt: 300_000,
      open: 10,
      high: 15,
      low: 7,
      close: 8,
      volume: 7,
      isRunning: false,
    },
    {
      openAt: 600_000,
      open: 8,
      high: 9,
      low: 8,
      close: 9,
      volume: 8,
      isRunning: true,
    },
  ]);
});

Deno.test("aggregate() calls the last candle closed once the candle that ends it is there, whatever is missing before", () => {
  const running = aggregate([candle(5), candle(8)], MINUTES);
  const closed = aggregate([candle(5), candle(9)], MINUTES);
  deepEqual([...running, ...closed].map(({ isRunning }) => isRunning), [
    true,
    false,
  ]);
  // One that ended without its last minute is closed when the next has begun.
  equal(aggregate([candle(5), candle(10)], MINUTES)[0]!.isRunning, false);
  deepEqual(aggregate([candle(6), candle(7)], MINUTES), []);
});

/** Candles of a minute with holes in time, as a market may have them. */
const someMinutes = fc.array(
  fc.record({
    skip: fc.integer({ min: 0, max: 9 }),
    prices: fc.array(fc.integer({ min: 1, max: 999 }), {
      minLength: 4,
      maxLength: 4,
    }),
    volume: fc.integer({ min: 0, max: 50 }),
  }),
  { maxLength: 200 },
).map((steps) => {
  let minute = 0;
  return steps.map(({ skip, prices, volume }, seq) => {
    minute += skip + 1;
    const [open = 1, close = 1] = prices;
    return candle(seq, {
      openAt: minute * 60_000,
      open,
      close,
      high: Math.max(...prices),
      low: Math.min(...prices),
      volume,
    });
  });
});

Deno.test("aggregate() keeps what was traded and where, and a longer step joins what shorter ones made", () => {
  fc.assert(fc.property(someMinutes, (minutes) => {
    const hours = { fromMs: 60_000, toMs: 3_600_000 };
    const direct = aggregate(minutes, hours);
    const whole = minutes.filter(({ openAt }) =>
      openAt >= (direct[0]?.openAt ?? Infinity)
    );
    const sum = (each: readonly { volume: number }[]) =>
      each.reduce((total, { volume }) => total + volume, 0);
    equal(sum(direct), sum(whole));
    for (const { openAt, open, high, low, close } of direct) {
      const inside = whole.filter((each) =>
        each.openAt >= openAt && each.openAt < openAt + hours.toMs
      );
      equal(openAt % hours.toMs, 0);
      equal(open, inside[0]!.open);
      equal(close, inside.at(-1)!.close);
      equal(high, Math.max(...inside.map((each) => each.high)));
      equal(low, Math.min(...inside.map((each) => each.low)));
    }
    ok(direct.slice(0, -1).every(({ isRunning }) => !isRunning));
    const fives = aggregate(minutes, MINUTES)
      .map((each, seq) => ({ ...each, seq }));
    const twice = aggregate(fives, { fromMs: MINUTES.toMs, toMs: hours.toMs })
      .map(({ isRunning: _, ...each }) => each);
    deepEqual(
      twice,
      direct.slice(direct.length - twice.length)
        .map(({ isRunning: _, ...each }) => each),
    );
  }));
});

Deno.test("timeframesFrom() offers what the candles can be joined to", () => {
  for (const own of TIMEFRAMES) {
    const offered = timeframesFrom(own);
    equal(offered[0], own);
    ok(offered.every((each) => TIMEFRAME_MS[each] % TIMEFRAME_MS[own] === 0));
  }
});

Deno.test("indexAt() finds the candle that is open at a time", () => {
  const candles = [candle(1), candle(2), candle(3)];
  equal(indexAt(candles, 0), -1);
  equal(indexAt(candles, 119_999), 0);
  equal(indexAt(candles, 120_000), 1);
  equal(indexAt(candles, 9e9), 2);
});

Deno.test("indexOfSeq() finds the longer candle that holds an agent's candle", () => {
  const frame = toFrame([3, 4, 5, 6, 10].map((seq) => candle(seq)), FIVE);
  // Candle 10 has number 7: numbers have no holes.
  const numbered = {
    ...frame,
    base: frame.base.map((each, index) => ({ ...each, seq: 3 + index })),
  };
  deepEqual(
    [2, 3, 5, 6, 7, 8].map((seq) => indexOfSeq(numbered, seq)),
    [-1, -1, 0, 0, 1, -1],
  );
});

Deno.test("equityCurves() counts what happened before the first candle", () => {
  const minutes = toFrame([candle(5), candle(6), candle(7)], OWN);
  const { equity, drawdown } = equityCurves(minutes, [
    { seq: 1, at: 0, equity: "200" },
    { seq: 2, at: 0, equity: "100" },
    { seq: 7, at: 0, equity: "90" },
  ]);
  deepEqual(equity, [{ time: 300, value: 100 }, { time: 420, value: 90 }]);
  deepEqual(drawdown.map(({ value }) => Math.round(value)), [-50, -55]);
});

Deno.test("equityCurves() has one point a candle: the last equity, the deepest drawdown", () => {
  const points = [
    { seq: 4, at: 0, equity: "1" },
    { seq: 5, at: 0, equity: "2" },
    { seq: 6, at: 0, equity: "1" },
    { seq: 7, at: 0, equity: "3" },
  ];
  const minutes = [5, 6, 7].map((seq) => candle(seq));
  const own = equityCurves(toFrame(minutes, OWN), points);
  deepEqual(own.equity.map(({ value }) => value), [2, 1, 3]);
  const five = equityCurves(toFrame(minutes, FIVE), points);
  deepEqual(five.equity, [{ time: 300, value: 3 }]);
  deepEqual(five.drawdown, [{ time: 300, value: -50 }]);
});

Deno.test("describeChart() stands for the picture, and says what is still running", () => {
  const words = (seqs: readonly number[], timeframe: "1m" | "5m") => {
    const data = chart(seqs);
    return describeChart(data, {
      frame: toFrame(data.candles, { own: "1m", timeframe }),
      market: "BTC/USDT",
    });
  };
  equal(words([], "1m"), "BTC/USDT 1m: no candle yet.");
  ok(words([1, 2], "1m").includes("2 candles from 1970-01-01 00:01:00"));
  ok(!words([1, 2], "1m").includes("running"));
  ok(words([5, 6], "5m").includes("the last one still running"));
});
