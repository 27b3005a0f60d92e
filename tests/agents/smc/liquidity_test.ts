import assert from "node:assert/strict";
import fc from "fast-check";
import type { LiquidityEvent } from "../../../lib/contracts/pattern.ts";
import {
  candlesOf,
  mirror,
  type Ohlc,
  randomWalk,
} from "../fixtures/candles.ts";
import { detect, sketch } from "../fixtures/run_detectors.ts";

/** A hill of nine candles with its top at the fifth and a close at its foot. */
function hill(top: number, foot: number): Ohlc[] {
  const step = (top - foot) / 5;
  const at = (i: number) => foot + i * step;
  return [
    [at(0), at(1), at(0), at(1)],
    [at(1), at(2), at(1), at(2)],
    [at(2), at(3), at(2), at(3)],
    [at(3), at(4), at(3), at(4)],
    [at(4), top, at(3), at(4)],
    [at(4), at(4), at(2), at(3)],
    [at(3), at(3), at(1), at(2)],
    [at(2), at(2), at(0), at(1)],
    [at(1), at(1), foot - 0.2 * step, at(0)],
  ];
}

/** Swing length 2; equal highs at 110 (candle 4) and 110.05 (candle 13). */
const EQUAL = [...hill(110, 100), ...hill(110.05, 100)];
const CONFIG = { swingLength: 2, liquidityToleranceAtr: 0.2 };

function highs(rows: readonly Ohlc[]): string[] {
  return sketch(detect(candlesOf(rows), CONFIG).events, "liquidity")
    .filter((text) => text.startsWith("+"));
}

Deno.test("LiquidityDetector forms a pool L candles after the second equal high", () => {
  const { events } = detect(candlesOf(EQUAL), CONFIG);
  assert.deepEqual(sketch(events, "liquidity"), ["+formed@15<4"]);
  const pool = events.find((event) =>
    event.kind === "liquidity" && event.source === "equal"
  ) as LiquidityEvent;
  assert.deepEqual([pool.price, pool.members], [110.05, 2]);
});

Deno.test("LiquidityDetector extends a pool by a third member", () => {
  assert.deepEqual(highs([...EQUAL, ...hill(109.9, 100)]), [
    "+formed@15<4",
    "+extended@24<4",
  ]);
});

Deno.test("LiquidityDetector tells a sweep from a run by the close", () => {
  const swept: Ohlc[] = [...EQUAL, [100, 111, 100, 110.05]];
  const run: Ohlc[] = [...EQUAL, [100, 111, 100, 110.06]];
  const neither: Ohlc[] = [...EQUAL, [100, 110.05, 100, 110]];
  assert.deepEqual(highs(swept), ["+formed@15<4", "+swept@18<4"]);
  assert.deepEqual(highs(run), ["+formed@15<4", "+run@18<4"]);
  assert.deepEqual(highs(neither), ["+formed@15<4"]);
});

Deno.test("LiquidityDetector finds the mirrored pool in mirrored candles", () => {
  const rows: Ohlc[] = [...EQUAL, [100, 111, 100, 110]];
  const { events } = detect(candlesOf(mirror(rows)), CONFIG);
  assert.deepEqual(sketch(events, "liquidity"), [
    "-formed@15<4",
    "-swept@18<4",
  ]);
});

Deno.test("LiquidityDetector makes no pool of highs further apart than the tolerance", () => {
  assert.deepEqual(highs([...hill(110, 100), ...hill(109, 100)]), []);
  assert.deepEqual(highs([...hill(110, 100), ...hill(111, 100)]), []);
});

Deno.test("LiquidityDetector names the nearest untaken level, single swings included", () => {
  const { detectors } = detect(
    candlesOf([...hill(112, 100), ...hill(108, 100)]),
    CONFIG,
  );
  const { liquidity } = detectors;
  assert.deepEqual(liquidity.nearestBeyond(1, 101), { price: 108, members: 1 });
  assert.deepEqual(liquidity.nearestBeyond(1, 108), { price: 112, members: 1 });
  assert.equal(liquidity.nearestBeyond(1, 112), null);
});

Deno.test("LiquidityDetector forgets a level past the zone age", () => {
  const rows = [...hill(110, 100)];
  for (let i = 0; i < 60; i++) rows.push([100, 101 - i * 0.01, 99, 100]);
  const { detectors } = detect(candlesOf(rows), {
    ...CONFIG,
    maxZoneAgeCandles: 50,
  });
  assert.equal(detectors.liquidity.nearestBeyond(1, 105), null);
});

Deno.test("LiquidityDetector ends each pool once, at its first wick beyond", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
    const candles = randomWalk({ seed, count: 800, tick: 0.1 });
    const { events } = detect(candles, { swingLength: 3 });
    const pools = new Map<string, LiquidityEvent>();
    for (const event of events) {
      if (event.kind !== "liquidity" || event.source !== "equal") continue;
      const before = pools.get(event.id);
      if (event.stage === "formed") assert.equal(before, undefined);
      else {assert.ok(
          before?.stage === "formed" || before?.stage === "extended",
        );}
      if (event.stage === "swept" || event.stage === "run") {
        const { high, low, close } = candles[event.seq]!;
        const reach = event.bias > 0 ? high : low;
        assert.ok(event.bias * (reach - event.price) > 0);
        assert.equal(
          event.bias * (close - event.price) > 0,
          event.stage === "run",
        );
        for (let seq = before!.seq + 1; seq < event.seq; seq++) {
          const earlier = event.bias > 0
            ? candles[seq]!.high
            : candles[seq]!.low;
          assert.ok(event.bias * (earlier - event.price) <= 0, `seed ${seed}`);
        }
      }
      pools.set(event.id, event);
    }
  }));
});
