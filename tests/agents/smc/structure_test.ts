import assert from "node:assert/strict";
import fc from "fast-check";
import type { StructureBreakEvent } from "../../../lib/contracts/pattern.ts";
import {
  candlesOf,
  mirror,
  type Ohlc,
  randomWalk,
} from "../fixtures/candles.ts";
import { detect, sketch, toSketch } from "../fixtures/run_detectors.ts";

/** Swing length 2: swing high 102 at 4, swing low 92 at 8. */
const BASE: Ohlc[] = [
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

/** From there: a wick above 102, then a close above it, then a second close above it, then a fall below 92. */
const BREAKS: Ohlc[] = [
  ...BASE,
  [98, 102.5, 97, 101],
  [101, 103, 100, 102.5],
  [102.5, 103, 101, 102.8],
  [102.8, 102.9, 91, 91.5],
];

Deno.test("StructureDetector breaks a swing by its first close beyond, once, and not by a wick", () => {
  const { events, detectors } = detect(candlesOf(BREAKS), { swingLength: 2 });
  assert.deepEqual(sketch(events, "structure"), [
    "+bos@12<4",
    "-choch@14<8",
  ]);
  const first = events.find((event) => event.kind === "structure");
  assert.equal((first as StructureBreakEvent).price, 102);
  assert.equal(detectors.structure.trend, -1);
});

Deno.test("StructureDetector finds the mirrored breaks in mirrored candles", () => {
  const { events } = detect(candlesOf(mirror(BREAKS)), { swingLength: 2 });
  assert.deepEqual(sketch(events, "structure"), [
    "-bos@12<4",
    "+choch@14<8",
  ]);
});

Deno.test("StructureDetector does not break on a close exactly at the swing", () => {
  const rows: Ohlc[] = [...BASE, [98, 102, 97, 102]];
  const { events } = detect(candlesOf(rows), { swingLength: 2 });
  assert.deepEqual(sketch(events, "structure"), []);
});

Deno.test("StructureDetector calls a second break in the same direction a BOS", () => {
  const rows: Ohlc[] = [
    ...BASE,
    [98, 103, 97, 102.5],
    [102.5, 105, 102, 104],
    [104, 104, 101, 101],
    [101, 102, 100, 101],
    [101, 106, 100.5, 105.5],
  ];
  const { events } = detect(candlesOf(rows), { swingLength: 2 });
  assert.deepEqual(sketch(events, "structure"), ["+bos@11<4", "+bos@15<12"]);
});

Deno.test("StructureDetector breaks each swing at most once and names a CHoCH only on a turn", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
    const candles = randomWalk({ seed, count: 600, tick: 0.2 });
    const { events } = detect(candles, { swingLength: 3 });
    const broken = new Set<string>();
    let trend = 0;
    for (const event of events) {
      if (event.kind !== "structure" || event.scale !== "swing") continue;
      const key = `${event.bias}:${event.refSeq}`;
      assert.ok(!broken.has(key), `seed ${seed}: ${key} twice`);
      broken.add(key);
      const isTurn = trend !== 0 && trend !== event.bias;
      assert.equal(event.stage, isTurn ? "choch" : "bos");
      trend = event.bias;
      const { close } = candles[event.seq]!;
      assert.ok(event.bias * (close - event.price) > 0);
      // First close beyond: none between the swing and the break was.
      for (let seq = event.refSeq + 1; seq < event.seq; seq++) {
        assert.ok(event.bias * (candles[seq]!.close - event.price) <= 0);
      }
    }
  }));
});

Deno.test("StructureDetector of the smaller swings breaks what the larger one does not hold", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const candles = randomWalk({ seed, count: 900, tick: 0.1 });
      const config = { swingLength: 8, internalSwingLength: 3 };
      const { events } = detect(candles, config);
      const alone = detect(candles, { ...config, swingLength: 3 }).events;
      const breaksOf = (all: typeof events, scale: "swing" | "internal") =>
        all.filter((event) =>
          event.kind === "structure" && event.scale === scale
        ).map(toSketch);
      const outer = new Set(breaksOf(events, "swing").map(placeOf));
      const inner = breaksOf(events, "internal");
      // Nothing is told twice, and together they are the breaks of short swings alone.
      assert.ok(
        inner.every((text) => !outer.has(placeOf(text))),
        `seed ${seed}`,
      );
      const expected = breaksOf(alone, "swing").filter((text) =>
        !outer.has(placeOf(text))
      );
      assert.deepEqual(inner, expected);
    }),
    { numRuns: 40 },
  );
});

/** Side, breaking candle and swing of a sketch, without its stage. */
function placeOf(text: string): string {
  return text[0]! + text.slice(text.indexOf("@"));
}
