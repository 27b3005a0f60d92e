import assert from "node:assert/strict";
import fc from "fast-check";
import type { OrderBlockEvent } from "../../../lib/contracts/pattern.ts";
import {
  candlesOf,
  mirror,
  type Ohlc,
  randomWalk,
} from "../fixtures/candles.ts";
import { loadMarketData, sliceBatch } from "../fixtures/market_data.ts";
import { detect, sketch } from "../fixtures/run_detectors.ts";

/** Fourteen quiet candles of range 1 around 100, with the ATR at 1, each 0.01 higher so that no swing forms early. */
const QUIET: Ohlc[] = Array.from({ length: 14 }, (_, i): Ohlc => {
  const base = 100 + i * 0.01;
  return [base, base + 0.5, base - 0.5, base];
});

/** Swing high 103 at candle 16, origin of the leg (low 98) at candle 19, break at candle 23. */
const BREAK: Ohlc[] = [
  ...QUIET,
  [100, 101, 99.8, 101],
  [101, 102, 100.8, 102],
  [102, 103, 101.8, 102.5],
  [102.5, 102.6, 101, 101],
  [101, 101.2, 99, 99],
  [99, 99.2, 98, 98.5],
  [98.5, 100, 98.4, 100],
  [100, 101.5, 99.8, 101.5],
  [101.5, 102.5, 101, 102.4],
  [102.4, 104, 102, 103.8],
];

/** Touch from above, a close below the zone, a close back through its top. */
const LIFE: Ohlc[] = [
  ...BREAK,
  [103.8, 104, 100, 100],
  [100, 100.2, 99.2, 99.5],
  [99.5, 99.6, 97, 98.2],
  [98.2, 98.3, 96, 97.5],
  [97.5, 99, 97, 98.9],
  [98.9, 100, 98.8, 99.9],
];

const CONFIG = { swingLength: 3 };

Deno.test("OrderBlockDetector creates a block at the breaking candle from the leg's extreme", () => {
  const { events } = detect(candlesOf(BREAK), CONFIG);
  assert.deepEqual(sketch(events, "order_block"), ["+created@23<19"]);
  const block = events.find((event) =>
    event.kind === "order_block"
  ) as OrderBlockEvent;
  assert.deepEqual([block.bottom, block.top, block.displaced], [
    98,
    99.2,
    true,
  ]);
});

Deno.test("OrderBlockDetector touches, breaks and ends a block, by closes and not by wicks", () => {
  const { events } = detect(candlesOf(LIFE), CONFIG);
  const id = "ob-19-23";
  const stages = events.filter((event) =>
    event.kind === "order_block" && event.id === id
  );
  assert.deepEqual(sketch(stages, "order_block"), [
    "+created@23<19",
    "+touched@25<19",
    "+broken@27<19",
    "+ended@29<19",
  ]);
});

Deno.test("OrderBlockDetector finds the mirrored life in mirrored candles", () => {
  const { events } = detect(candlesOf(mirror(LIFE)), CONFIG);
  const stages = events.filter((event) =>
    event.kind === "order_block" && event.id === "ob-19-23"
  );
  assert.deepEqual(sketch(stages, "order_block"), [
    "-created@23<19",
    "-touched@25<19",
    "-broken@27<19",
    "-ended@29<19",
  ]);
});

Deno.test("OrderBlockDetector ends a block by age", () => {
  const rows = [...BREAK];
  for (let i = 0; i < 60; i++) rows.push([103.8, 104, 103, 103.8]);
  const { events } = detect(candlesOf(rows), {
    ...CONFIG,
    maxZoneAgeCandles: 50,
  });
  assert.deepEqual(sketch(events, "order_block"), [
    "+created@23<19",
    "+ended@74<19",
  ]);
});

/** The same shape a tenth as high after quiet candles of range 1: the leg is no 1.5 ATR. */
function small(rows: readonly Ohlc[]): Ohlc[] {
  const shrink = (price: number) => 101 + (price - 100) / 10;
  return [
    ...QUIET,
    ...rows.slice(14).map(([o, h, l, c]): Ohlc => [
      shrink(o),
      shrink(h),
      shrink(l),
      shrink(c),
    ]),
  ];
}

Deno.test("OrderBlockDetector calls a short leg displaced only where it left a gap", () => {
  const isDisplaced = (rows: Ohlc[]) => {
    const { events } = detect(candlesOf(rows), CONFIG);
    const block = events.find((event) =>
      event.kind === "order_block" && event.stage === "created"
    );
    return (block as OrderBlockEvent).displaced;
  };
  // The same leg with longer lower wicks, so that no three candles leave a gap.
  const withoutGap: Ohlc[] = [
    ...BREAK.slice(0, 21),
    [100, 101.5, 99.1, 101.5],
    [101.5, 102.5, 99.9, 102.4],
    [102.4, 104, 101.4, 103.8],
  ];
  assert.equal(isDisplaced(small(BREAK)), true);
  assert.equal(isDisplaced(small(withoutGap)), false);
  assert.equal(isDisplaced(withoutGap), true);
});

Deno.test("OrderBlockDetector keeps its promises on random candles", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
    const candles = randomWalk({ seed, count: 600, tick: 0.1 });
    const { events } = detect(candles, {
      swingLength: 3,
      maxZoneAgeCandles: 60,
    });
    const last = new Map<string, string>();
    for (const event of events) {
      if (event.kind !== "order_block") continue;
      const before = last.get(event.id);
      const allowed: Record<string, (string | undefined)[]> = {
        created: [undefined],
        touched: ["created"],
        broken: ["touched"],
        ended: ["created", "touched", "broken"],
      };
      assert.ok(allowed[event.stage]!.includes(before), `seed ${seed}`);
      last.set(event.id, event.stage);
      if (event.stage !== "created") continue;
      const breaks = events.find((other) =>
        other.kind === "structure" && other.seq === event.seq
      );
      assert.equal(breaks?.bias, event.bias);
      // The origin is the extreme of the leg, and the latest one.
      const leg = candles.slice(breaks!.refSeq + 1, event.seq);
      const extreme = event.bias > 0
        ? Math.min(...leg.map((candle) => candle.low))
        : Math.max(...leg.map((candle) => candle.high));
      assert.equal(event.bias > 0 ? event.bottom : event.top, extreme);
    }
  }));
});

Deno.test("OrderBlockDetector finds about as many blocks as published counts on real candles", async () => {
  const data = await loadMarketData("eurusd-15m-smc.csv");
  if (data === null) return;
  const batch = sliceBatch(data, { from: 0, to: 5000 });
  // Measured there with another program: 241, 142 and 32 causal blocks. How it
  // treats replaced swings and repeated origins is not written down, so the
  // small difference is ours to hold, not to explain.
  const expected = [[5, 244], [10, 141], [50, 32]] as const;
  for (const [swingLength, blocks] of expected) {
    const { events } = detect(batch, { swingLength });
    const created = events.filter((event) =>
      event.kind === "order_block" && event.stage === "created"
    );
    assert.equal(created.length, blocks, `swing length ${swingLength}`);
  }
});
