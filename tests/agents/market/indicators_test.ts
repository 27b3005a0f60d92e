import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ADX_PERIOD,
  DirectionalMovement,
} from "../../../agents/market/directional_movement.ts";
import { DonchianChannel } from "../../../agents/market/donchian_channel.ts";
import { CandleSeries } from "../../../agents/market/candle_series.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { RollingRank } from "../../../agents/market/rolling_rank.ts";
import { randomWalk } from "../fixtures/candles.ts";

/** The index as the textbook writes it, with true ranges, over all candles; null while unknown. */
function textbookAdx(
  candles: readonly { high: number; low: number; close: number }[],
): number | null {
  const n = ADX_PERIOD;
  const smooth = (values: readonly number[]): number[] => {
    const out: number[] = [];
    let mean = 0;
    values.forEach((value, index) => {
      if (index < n) mean += value / n;
      else mean = (mean * (n - 1) + value) / n;
      if (index >= n - 1) out.push(mean);
    });
    return out;
  };
  const moves = candles.slice(1).map((candle, index) => {
    const before = candles[index]!;
    const rise = candle.high - before.high;
    const fall = before.low - candle.low;
    return {
      up: rise > fall && rise > 0 ? rise : 0,
      down: fall > rise && fall > 0 ? fall : 0,
      range: Math.max(candle.high, before.close) -
        Math.min(candle.low, before.close),
    };
  });
  const range = smooth(moves.map((move) => move.range));
  const up = smooth(moves.map((move) => move.up));
  const down = smooth(moves.map((move) => move.down));
  const dx = range.map((base, index) => {
    const plus = 100 * up[index]! / base;
    const minus = 100 * down[index]! / base;
    return plus + minus > 0 ? 100 * Math.abs(plus - minus) / (plus + minus) : 0;
  });
  return smooth(dx).at(-1) ?? null;
}

Deno.test("DirectionalMovement equals the textbook's ADX and is known from candle 28 on", () => {
  const candles = randomWalk({ seed: 3, count: 300 });
  const movement = new DirectionalMovement();
  candles.forEach(({ high, low }, index) => {
    movement.push(high, low);
    const expected = textbookAdx(candles.slice(0, index + 1));
    assert.equal(movement.isKnown, expected !== null, `candle ${index + 1}`);
    assert.equal(movement.isKnown, index + 1 >= 28);
    if (expected === null) return;
    assert.ok(Math.abs(movement.adx - expected) < 1e-9);
    assert.ok(movement.adx >= 0 && movement.adx <= 100);
  });
});

Deno.test("DirectionalMovement is 100 in a straight trend and 0 in a market that stands still", () => {
  for (const [step, expected] of [[1, 100], [-1, 100], [0, 0]] as const) {
    const movement = new DirectionalMovement();
    for (let index = 0; index < 60; index++) {
      movement.push(1001 + step * index, 1000 + step * index);
    }
    assert.equal(movement.adx, expected);
  }
});

Deno.test("DirectionalMovement goes on bit for bit from a snapshot", () => {
  const candles = randomWalk({ seed: 4, count: 90 });
  for (const cut of [0, 1, 13, 14, 15, 27, 28, 60]) {
    const straight = new DirectionalMovement();
    let restarted = new DirectionalMovement();
    candles.forEach(({ high, low }, index) => {
      straight.push(high, low);
      if (index === cut) {
        const snapshot = structuredClone(restarted.snapshot());
        restarted = new DirectionalMovement();
        restarted.restore(snapshot);
      }
      restarted.push(high, low);
    });
    assert.deepEqual(restarted.snapshot(), straight.snapshot());
  }
});

Deno.test("DonchianChannel is the extremes of the last candles, also rebuilt from the series", () => {
  const candles = randomWalk({ seed: 5, count: 80, tick: 0.5 });
  const series = new CandleSeries();
  const channel = new DonchianChannel(20);
  candles.forEach((candle, index) => {
    series.append(packCandles([candle]), 0);
    channel.push(candle.high, candle.low);
    const kept = candles.slice(Math.max(0, index - 19), index + 1);
    assert.equal(channel.high, Math.max(...kept.map(({ high }) => high)));
    assert.equal(channel.low, Math.min(...kept.map(({ low }) => low)));
    assert.equal(channel.isKnown, index >= 19);
    const rebuilt = new DonchianChannel(20);
    rebuilt.rebuild(series, series.lastSeq);
    assert.deepEqual(
      [rebuilt.high, rebuilt.low, rebuilt.isKnown],
      [channel.high, channel.low, channel.isKnown],
    );
  });
});

Deno.test("RollingRank counts what is below among the last values, also after a restart", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 }),
    fc.integer({ min: 1, max: 12 }),
    (values, window) => {
      let rank = new RollingRank(window);
      values.forEach((value, index) => {
        rank.push(value);
        if (index % 7 === 3) {
          const snapshot = structuredClone(rank.snapshot());
          rank = new RollingRank(window);
          rank.restore(snapshot);
        }
        assert.equal(rank.isKnown, index + 1 >= window);
        if (!rank.isKnown) return;
        const kept = values.slice(index + 1 - window, index + 1);
        const below = kept.filter((other) => other < value).length;
        assert.equal(rank.percentileOf(value), 100 * below / window);
      });
    },
  ));
});
