import assert from "node:assert/strict";
import { CANDLE_WIDTH, unpackCandle } from "../../../lib/contracts/candle.ts";
import { DefectError } from "../../../lib/core/assert.ts";
import {
  assertWholeBatch,
  packCandles,
  PACKED_CANDLE_WIDTH,
} from "../../../agents/market/candle_batch.ts";
import {
  CandleSeries,
  SERIES_CAPACITY,
} from "../../../agents/market/candle_series.ts";
import { randomWalk } from "../fixtures/candles.ts";

Deno.test("packCandles() writes what the contract's reader reads", () => {
  const candles = randomWalk({ seed: 1, count: 50 });
  const batch = packCandles(candles.slice(7));
  assert.equal(PACKED_CANDLE_WIDTH, CANDLE_WIDTH);
  for (let index = 0; index < batch.count; index++) {
    const candle = unpackCandle(batch.packed, index, batch.fromSeq);
    assert.deepEqual(candle, candles[7 + index]);
  }
});

Deno.test("assertWholeBatch() refuses batches that contradict themselves", () => {
  const packed = new Float64Array(12);
  assertWholeBatch({ fromSeq: 0, count: 2, packed });
  const wrong = [
    { fromSeq: 0, count: 3, packed },
    { fromSeq: 0, count: 0, packed },
    { fromSeq: -1, count: 1, packed },
    { fromSeq: 0.5, count: 1, packed },
    { fromSeq: 0, count: NaN, packed },
  ];
  for (const batch of wrong) {
    assert.throws(() => assertWholeBatch(batch), DefectError);
  }
});

Deno.test("CandleSeries keeps the newest candles and gives them back", () => {
  const count = SERIES_CAPACITY + 300;
  const candles = randomWalk({ seed: 2, count });
  const batch = packCandles(candles);
  const series = new CandleSeries();
  for (let index = 0; index < count; index++) series.append(batch, index);
  assert.equal(series.oldestSeq, 300);
  assert.equal(series.candle(299), null);
  assert.deepEqual(series.candle(300), candles[300]);
  assert.deepEqual(series.candlesAfter(-1, 600), candles.slice(-600));
  assert.deepEqual(series.candlesAfter(count - 3, 600), candles.slice(-2));
  assert.deepEqual(series.candlesBefore(900, 400), candles.slice(500, 900));
  assert.deepEqual(series.candlesBefore(500, 400), candles.slice(300, 500));
  assert.deepEqual(series.candlesBefore(count + 9, 2), candles.slice(-2));
  assert.deepEqual(series.candlesBefore(300, 400), []);
  assert.deepEqual(new CandleSeries().candlesBefore(5, 5), []);
});

Deno.test("CandleSeries refuses corrupt candles and gaps", () => {
  const good = randomWalk({ seed: 3, count: 3 });
  const wrong = [
    { high: NaN },
    { low: -1 },
    { close: good[1]!.high + 1 },
    { open: good[1]!.low - 1 },
    { volume: Infinity },
    { openAt: NaN },
  ];
  for (const fields of wrong) {
    const series = new CandleSeries();
    const batch = packCandles([good[0]!, { ...good[1]!, ...fields }]);
    series.append(batch, 0);
    assert.throws(() => series.append(batch, 1), DefectError);
  }
  const series = new CandleSeries();
  series.append(packCandles(good), 0);
  assert.throws(() => series.append(packCandles(good), 2), DefectError);
});

Deno.test("CandleSeries goes on from its snapshot", () => {
  const candles = randomWalk({ seed: 4, count: 1500 });
  const batch = packCandles(candles);
  const whole = new CandleSeries();
  for (let index = 0; index < 1400; index++) whole.append(batch, index);
  const copy = new CandleSeries();
  copy.restore(structuredClone(whole.snapshot()));
  for (let index = 1400; index < 1500; index++) {
    whole.append(batch, index);
    copy.append(batch, index);
  }
  assert.deepEqual(copy.snapshot(), whole.snapshot());
});
