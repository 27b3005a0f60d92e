import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type {
  Bias,
  PatternEvent,
  SwingEvent,
} from "../../../lib/contracts/pattern.ts";
import { unpackCandle } from "../../../lib/contracts/candle.ts";
import {
  candlesOf,
  mirror,
  type Ohlc,
  randomWalk,
} from "../fixtures/candles.ts";
import { loadMarketData, sliceBatch } from "../fixtures/market_data.ts";
import { detect, sketch } from "../fixtures/run_detectors.ts";

interface Swing {
  seq: number;
  bias: Bias;
  price: number;
}

/** The definition of docs/trading-model.md word for word. */
function naiveSwings(candles: readonly Candle[], length: number): Swing[] {
  const candidates: Swing[] = [];
  for (let i = 2 * length - 1; i <= candles.length - 1 - length; i++) {
    const window = candles.slice(i - length + 1, i + length + 1);
    const { high, low } = candles[i]!;
    if (high === Math.max(...window.map((candle) => candle.high))) {
      candidates.push({ seq: i, bias: 1, price: high });
    } else if (low === Math.min(...window.map((candle) => candle.low))) {
      candidates.push({ seq: i, bias: -1, price: low });
    }
  }
  const swings: Swing[] = [];
  for (const candidate of candidates) {
    const last = swings.at(-1);
    if (last?.bias !== candidate.bias) swings.push(candidate);
    else if (candidate.bias * (candidate.price - last.price) > 0) {
      swings[swings.length - 1] = candidate;
    }
  }
  return swings;
}

/** What the stream holds in the end: confirmed and not replaced. */
function standingSwings(events: readonly PatternEvent[]): Swing[] {
  const swings: SwingEvent[] = [];
  for (const event of events) {
    if (event.kind !== "swing" || event.scale !== "swing") continue;
    if (event.stage === "confirmed") swings.push(event);
    else if (event.stage === "replaced") {
      const replaced = swings.pop();
      assert.equal(replaced?.refSeq, event.refSeq);
    } else assert.equal(swings.at(-1)?.refSeq, event.refSeq);
  }
  return swings.map(({ refSeq, bias, price }) => ({
    seq: refSeq,
    bias,
    price,
  }));
}

/** Swing length 2: rises to a top at 4, falls to a bottom at 8, rises. */
const ZIGZAG: Ohlc[] = [
  [96, 97, 95, 97],
  [97, 98, 96, 98],
  [98, 99, 97, 99],
  [99, 100, 98, 100],
  [100, 102, 99, 101],
  [101, 101, 98, 98],
  [98, 99, 96, 96],
  [96, 97, 94, 94],
  [94, 95, 92, 93],
  [93, 96, 93, 96],
  [96, 98, 95, 98],
];

Deno.test("SwingDetector confirms a high and a low L candles later and makes the high final", () => {
  const { events } = detect(candlesOf(ZIGZAG), { swingLength: 2 });
  assert.deepEqual(sketch(events, "swing"), [
    "+confirmed@6<4",
    "+final@10<4",
    "-confirmed@10<8",
  ]);
  const swing = events.find(({ kind }) => kind === "swing") as SwingEvent;
  assert.equal(swing.price, 102);
});

Deno.test("SwingDetector finds the mirrored swings in mirrored candles", () => {
  const { events } = detect(candlesOf(mirror(ZIGZAG)), { swingLength: 2 });
  assert.deepEqual(sketch(events, "swing"), [
    "-confirmed@6<4",
    "-final@10<4",
    "+confirmed@10<8",
  ]);
});

Deno.test("SwingDetector replaces a swing by a more extreme one and keeps the earliest of equals", () => {
  const peak = (high: number): Ohlc[] => [
    [99, 99.5, 98, 99],
    [99, high, 98, 99],
    [99, 99.5, 98, 99],
    [99, 99.4, 98, 99],
  ];
  const rows = [...peak(99.6), ...peak(101), ...peak(101), ...peak(102)];
  // Lows are all equal, so every low is a candidate unless a high wins: raise them one by one.
  const rising = rows.map(([o, h, l, c], i): Ohlc => [o, h, l + i * 0.01, c]);
  const { events } = detect(candlesOf(rising), { swingLength: 2 });
  assert.deepEqual(sketch(events, "swing"), [
    "+confirmed@7<5",
    "+replaced@15<5",
    "+confirmed@15<13",
  ]);
});

Deno.test("SwingDetector never marks the first 2L−1 candles", () => {
  const rows: Ohlc[] = [[100, 110, 99, 100], [100, 109, 98, 99]];
  for (let i = 0; i < 8; i++) rows.push([99, 100 - i, 97 - i, 98 - i]);
  const valid = rows.map(([, h, l]): Ohlc => [l, h, l, h]);
  const { events } = detect(candlesOf(valid), { swingLength: 2 });
  assert.deepEqual(sketch(events, "swing"), []);
});

Deno.test("SwingDetector equals the naive batch minus bookends on candles full of ties", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 2, max: 8 }),
    fc.integer({ min: 1, max: 150 }),
    (seed, swingLength, count) => {
      const candles = randomWalk({ seed, count, tick: 0.5 });
      const { events } = detect(candles, { swingLength });
      assert.deepEqual(
        standingSwings(events),
        naiveSwings(candles, swingLength),
      );
    },
  ));
});

Deno.test("SwingDetector equals the naive batch minus bookends on real candles", async () => {
  const data = await loadMarketData("eurusd-15m-smc.csv");
  if (data === null) return;
  const batch = sliceBatch(data, { from: 0, to: 6000 });
  const candles = Array.from(
    { length: batch.count },
    (_, index) => unpackCandle(batch.packed, index, 0),
  );
  for (const swingLength of [5, 50]) {
    const { events } = detect(batch, { swingLength });
    assert.deepEqual(standingSwings(events), naiveSwings(candles, swingLength));
  }
});
