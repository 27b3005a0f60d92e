import assert from "node:assert/strict";
import fc from "fast-check";
import { TIMEFRAME_MS, TIMEFRAMES } from "../../../lib/contracts/candle.ts";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import { seriesFromCandles } from "../../../lib/exchange/candle_series.ts";
import {
  fitToTimeframe,
  resampleSeries,
} from "../../../lib/exchange/resample.ts";
import {
  assertSameSeries,
  MINUTE_MS,
  minuteSeries,
  walk,
} from "./columnar/series_support.ts";

const MARKET_DATA = new URL("../../../../shared/market-data/", import.meta.url)
  .pathname;
const M5 = TIMEFRAME_MS["5m"];
const M15 = TIMEFRAME_MS["15m"];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

for (
  const [timeframe, file] of [
    ["5m", "btcusd-5m-bitfinex-2019.csv.gz"],
    ["1h", "btcusd-1h-bitfinex-2019.csv.gz"],
  ] as const
) {
  Deno.test({
    name:
      `resampleSeries() makes the real ${timeframe} candles from the real minutes`,
    ignore: !exists(MARKET_DATA),
    fn: async () => {
      const minutes = await loadCandleFile(
        `${MARKET_DATA}btcusd-1m-bitfinex-2019-05-07.csv.gz`,
      );
      const made = resampleSeries(minutes, { toMs: TIMEFRAME_MS[timeframe] });
      const all = await loadCandleFile(`${MARKET_DATA}${file}`);
      const last = minutes.openAt(minutes.length - 1);
      const wanted = [...all].filter(({ openAt }) =>
        openAt >= minutes.openAt(0) && openAt <= last
      );
      // The file's sums are rounded; a few of the minutes are finer than that.
      const rounded = [...made.series].map((candle) => ({
        ...candle,
        volume: Math.round(candle.volume * 1e8) / 1e8,
      }));
      assertSameSeries(
        seriesFromCandles(rounded),
        seriesFromCandles(wanted),
        timeframe,
      );
      assert.equal(made.unfinishedRows, 0);
    },
  });
}

Deno.test("resampleSeries() in two steps is the same as in one", () => {
  fc.assert(fc.property(minuteSeries, (minutes) => {
    const five = resampleSeries(minutes, { toMs: M5 });
    const { coveredUntil } = five;
    const two = resampleSeries(five.series, { toMs: M15, coveredUntil });
    const one = resampleSeries(minutes, { toMs: M15 });
    assertSameSeries(two.series, one.series);
    assert.equal(two.coveredUntil, one.coveredUntil);
  }));
});

Deno.test("resampleSeries() of the first candles gives the first candles of the whole", () => {
  fc.assert(fc.property(
    minuteSeries,
    fc.double({ min: 0, max: 1, noNaN: true }),
    (minutes, part) => {
      const count = Math.max(2, Math.floor(minutes.length * part));
      const prefix = seriesFromCandles([...minutes].slice(0, count));
      const ofPrefix = [...resampleSeries(prefix, { toMs: M15 }).series];
      const whole = [...resampleSeries(minutes, { toMs: M15 }).series];
      assert.deepEqual(ofPrefix, whole.slice(0, ofPrefix.length));
    },
  ));
});

Deno.test("resampleSeries() keeps every extreme and the volume, and makes no candle without candles", () => {
  fc.assert(fc.property(minuteSeries, (minutes) => {
    const { series } = resampleSeries(minutes, { toMs: M15 });
    for (const made of series) {
      const parts = [...minutes].filter(({ openAt }) =>
        openAt >= made.openAt && openAt < made.openAt + M15
      );
      assert.equal(made.openAt % M15, 0);
      assert.deepEqual(
        [made.open, made.close],
        [parts[0]!.open, parts.at(-1)!.close],
      );
      assert.equal(made.high, Math.max(...parts.map(({ high }) => high)));
      assert.equal(made.low, Math.min(...parts.map(({ low }) => low)));
      const units = parts.reduce(
        (sum, { volume }) => sum + Math.round(volume * 1e5),
        0,
      );
      assert.equal(made.volume, units / 1e5);
    }
  }));
});

Deno.test("resampleSeries() begins days at midnight UTC and leaves the unfinished one out", () => {
  const day = TIMEFRAME_MS["1d"];
  const hours = Array.from({ length: 50 }, (_, hour) => ({
    openAt: 20_000 * day + hour * TIMEFRAME_MS["1h"],
    open: 1,
    high: 2,
    low: 0.5,
    close: 1,
    volume: 0.1,
  }));
  const { coveredUntil, series, unfinishedRows } = resampleSeries(
    seriesFromCandles(hours),
    { toMs: day },
  );
  assert.deepEqual([...series].map(({ openAt, volume }) => [openAt, volume]), [
    [20_000 * day, 2.4],
    [20_001 * day, 2.4],
  ]);
  assert.equal(unfinishedRows, 2);
  assert.equal(coveredUntil, 20_002 * day);
});

Deno.test("resampleSeries() leaves sums alone that are finer than eight decimals", () => {
  const candles = [1, 2, 3, 4, 5].map((n) => ({
    openAt: n * 5 * M5 + (n - 1) * MINUTE_MS,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: n * 1e-10,
  }));
  const { series } = resampleSeries(seriesFromCandles(candles), { toMs: 1e9 });
  assert.equal(series.length, 0);
  const rows = candles.map((candle, index) => ({
    ...candle,
    openAt: index * MINUTE_MS,
  }));
  const [made] = resampleSeries(seriesFromCandles(rows), { toMs: M5 }).series;
  assert.equal(
    made!.volume,
    [1, 2, 3, 4, 5].reduce((s, n) => s + n * 1e-10, 0),
  );
});

Deno.test("fitToTimeframe() serves every timeframe of the product from minutes", () => {
  const minutes = walk(3 * 1_440);
  for (const timeframe of TIMEFRAMES) {
    const fit = fitToTimeframe(minutes, timeframe);
    assert(fit.ok, timeframe);
    assert.equal(fit.isResampled, timeframe !== "1m");
    assert.equal(fit.series.gapReport.stepMs, TIMEFRAME_MS[timeframe]);
  }
});

Deno.test("fitToTimeframe() says which timeframes are possible where one is not", () => {
  const fives = resampleSeries(walk(1_000), { toMs: M5 }).series;
  const problem = (fit: ReturnType<typeof fitToTimeframe>) => {
    assert(!fit.ok);
    return fit.problem;
  };
  assert.equal(
    problem(fitToTimeframe(fives, "1m")),
    "are 5m candles, which make no 1m candles; choose timeframe 5m, 15m, 30m, 1h, 4h or 1d",
  );
  assert.match(
    problem(fitToTimeframe(walk(15), "1h")),
    /^are 15 1m candles, which is not one whole 1h candle/,
  );
  const odd = seriesFromCandles([0, 7, 14].map((minute) => ({
    openAt: minute * MINUTE_MS,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: 0,
  })));
  assert.equal(
    problem(fitToTimeframe(odd, "1h")),
    "are 7 minutes candles, which make no 1h candles; choose another file",
  );
});
