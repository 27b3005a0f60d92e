import assert from "node:assert/strict";
import fc from "fast-check";
import { seriesFromCandles } from "../../../lib/exchange/candle_series.ts";
import {
  joinByTime,
  joinSeries,
  toHedgeRows,
} from "../../../lib/exchange/joined_series.ts";

const seriesOf = (times: readonly number[], price: number) =>
  seriesFromCandles(times.map((time) => ({
    openAt: time * 60_000,
    open: price + time,
    high: price + time + 1,
    low: price + time - 1,
    close: price + time,
    volume: time,
  })));

const times = fc.uniqueArray(fc.nat(40), { minLength: 1 }).map((list) =>
  list.sort((a, b) => a - b)
);

Deno.test("joinByTime() holds exactly the candles of both, in order, and counts the others", () => {
  fc.assert(
    fc.property(times, times, (a, b) => {
      const both = a.filter((time) => b.includes(time));
      const join = () => joinByTime(seriesOf(a, 100), seriesOf(b, 500));
      if (both.length === 0) {
        assert.throws(join, { code: "CANDLES_DO_NOT_MEET" });
        return;
      }
      const { series, leftOut, hedgeLeftOut } = join();
      assert.deepEqual([...series].map(({ openAt }) => openAt / 60_000), both);
      assert.deepEqual(
        [...series.hedge!].map(({ openAt, close }) => [openAt, close]),
        both.map((time) => [time * 60_000, 500 + time]),
      );
      assert.equal(leftOut, a.length - both.length);
      assert.equal(hedgeLeftOut, b.length - both.length);
    }),
    { numRuns: 100 },
  );
});

Deno.test("joinSeries() refuses candles of different lengths", () => {
  const minutes = seriesOf([0, 1, 2, 3, 4], 100);
  const pairs = seriesOf([0, 2, 4], 100);
  assert.throws(
    () => joinSeries(minutes, pairs),
    /are 1m, those of the second 2 minutes/,
  );
  assert.equal(joinSeries(minutes, minutes).series.length, 5);
});

Deno.test("toHedgeRows() leaves the open time out", () => {
  const packed = seriesOf([3, 4], 100).packed(0, 2);
  assert.deepEqual([...toHedgeRows(packed)], [
    ...[103, 104, 102, 103, 3],
    ...[104, 105, 103, 104, 4],
  ]);
});
