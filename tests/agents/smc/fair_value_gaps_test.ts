import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { unpackCandle } from "../../../lib/contracts/candle.ts";
import type {
  FairValueGapEvent,
  PatternEvent,
} from "../../../lib/contracts/pattern.ts";
import {
  candlesOf,
  mirror,
  type Ohlc,
  randomWalk,
} from "../fixtures/candles.ts";
import { loadMarketData, sliceBatch } from "../fixtures/market_data.ts";
import { detect, sketch } from "../fixtures/run_detectors.ts";

/** A bullish gap from 101 to 103 around candle 1. */
const GAP: Ohlc[] = [
  [100, 101, 99, 100.5],
  [100.5, 104, 100, 103.5],
  [103.5, 105, 103, 104],
];

const LIFE: Ohlc[] = [
  ...GAP,
  [104, 105, 103.5, 104],
  [104, 104.5, 103, 104],
  [104, 104, 101, 102],
  [102, 103, 100, 101],
  [101, 101.5, 100, 100.5],
];

Deno.test("FairValueGapDetector creates, touches, fills and inverts a bullish gap", () => {
  const { events, detectors } = detect(candlesOf(LIFE));
  assert.deepEqual(sketch(events, "fvg"), [
    "+created@2<1",
    "+touched@4<1",
    "+filled@5<1",
    "+inverted@7<1",
  ]);
  const gap = events.find(({ kind }) => kind === "fvg") as FairValueGapEvent;
  assert.deepEqual([gap.bottom, gap.top], [101, 103]);
  assert.equal(detectors.gaps.activeCount, 0);
});

Deno.test("FairValueGapDetector finds the mirrored life in mirrored candles", () => {
  const { events } = detect(candlesOf(mirror(LIFE)));
  assert.deepEqual(sketch(events, "fvg"), [
    "-created@2<1",
    "-touched@4<1",
    "-filled@5<1",
    "-inverted@7<1",
  ]);
  const gap = events.find(({ kind }) => kind === "fvg") as FairValueGapEvent;
  assert.deepEqual([gap.bottom, gap.top], [97, 99]);
});

Deno.test("FairValueGapDetector tells all stages that fall on one candle, in order", () => {
  const { events } = detect(candlesOf([...GAP, [104, 104, 99, 100]]));
  assert.deepEqual(sketch(events, "fvg"), [
    "+created@2<1",
    "+touched@3<1",
    "+filled@3<1",
    "+inverted@3<1",
  ]);
});

Deno.test("FairValueGapDetector needs a middle candle of the gap's colour and a strict gap", () => {
  const [first, middle, last] = GAP as [Ohlc, Ohlc, Ohlc];
  const wrong: Ohlc[][] = [
    [first, [103, 104, 100, 102], last],
    [first, [102, 104, 100, 102], last],
    [first, middle, [103.5, 105, 101, 104]],
  ];
  for (const rows of wrong) {
    assert.deepEqual(sketch(detect(candlesOf(rows)).events, "fvg"), []);
  }
});

Deno.test("FairValueGapDetector forgets a gap past the zone age without an event", () => {
  const rows = [...GAP];
  for (let i = 0; i < 60; i++) rows.push([104, 105, 103.5, 104]);
  const { events, detectors } = detect(candlesOf(rows), {
    maxZoneAgeCandles: 50,
  });
  assert.deepEqual(sketch(events, "fvg"), ["+created@2<1"]);
  assert.equal(detectors.gaps.activeCount, 0);
});

/** Gaps with the first touch, and the first fill and inversion after it. */
function naiveGaps(candles: readonly Candle[]): string[] {
  const found: string[] = [];
  for (let i = 1; i + 1 < candles.length; i++) {
    const [first, middle, last] = candles.slice(i - 1, i + 2) as [
      Candle,
      Candle,
      Candle,
    ];
    const isUp = middle.close > middle.open && first.high < last.low;
    const isDown = middle.close < middle.open && first.low > last.high;
    if (!isUp && !isDown) continue;
    const top = isUp ? last.low : first.low;
    const bottom = isUp ? first.high : last.high;
    const later = candles.slice(i + 2);
    const touched = later.findIndex((candle) =>
      isUp ? candle.low <= top : candle.high >= bottom
    );
    const filled = later.findIndex((candle) =>
      isUp ? candle.low <= bottom : candle.high >= top
    );
    const inverted = later.findIndex((candle) =>
      isUp ? candle.close < bottom : candle.close > top
    );
    found.push([i, isUp, top, bottom, touched, filled, inverted].join(" "));
  }
  return found;
}

function streamedGaps(events: readonly PatternEvent[]): string[] {
  const gaps = new Map<string, FairValueGapEvent[]>();
  for (const event of events) {
    if (event.kind !== "fvg") continue;
    if (event.stage === "created") gaps.set(event.id, []);
    gaps.get(event.id)!.push(event);
  }
  return [...gaps.values()].map((stages) => {
    const gap = stages[0]!;
    const after = (stage: string) => {
      const event = stages.find((candidate) => candidate.stage === stage);
      return event === undefined ? -1 : event.seq - gap.refSeq - 2;
    };
    return [
      gap.refSeq,
      gap.bias > 0,
      gap.top,
      gap.bottom,
      after("touched"),
      after("filled"),
      after("inverted"),
    ].join(" ");
  });
}

Deno.test("FairValueGapDetector equals the naive batch on candles full of ties", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
    const candles = randomWalk({ seed, count: 200, tick: 0.2 });
    assert.deepEqual(
      streamedGaps(detect(candles).events),
      naiveGaps(candles),
    );
  }));
});

Deno.test("FairValueGapDetector equals the naive batch on real candles", async () => {
  const data = await loadMarketData("btcusd-1m-bitfinex-2019-05-07.csv.gz");
  if (data === null) return;
  const batch = sliceBatch(data, { from: 0, to: 4000 });
  const candles = Array.from(
    { length: batch.count },
    (_, index) => unpackCandle(batch.packed, index, 0),
  );
  const { events } = detect(batch, { maxZoneAgeCandles: 5000 });
  assert.deepEqual(streamedGaps(events), naiveGaps(candles));
});
