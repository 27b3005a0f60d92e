import assert from "node:assert/strict";
import { serialize } from "node:v8";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { SESSION_NAMES } from "../../../lib/contracts/pattern.ts";
import {
  FEATURE_COUNT,
  FEATURES,
  PLACE,
} from "../../../agents/decision/feature_list.ts";
import { FeatureStream } from "../../../agents/decision/features.ts";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import {
  packCandles,
  type PackedCandles,
} from "../../../agents/market/candle_batch.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import { randomWalk, toBatches } from "../fixtures/candles.ts";
import { featureRows, toValues } from "../fixtures/feature_rows.ts";
import { loadMarketData, sliceBatch } from "../fixtures/market_data.ts";
import { DETECTOR } from "../fixtures/run_detectors.ts";

const COUNT = WARM_UP_CANDLES + 200;
const seeds = fc.integer({ min: 1, max: 1_000_000 });

/** A walk by coarse ticks with some candles without volume; its hours make all sessions come. */
function walk(seed: number, count = COUNT): Candle[] {
  return randomWalk({ seed, count, tick: 0.25 }).map((candle) => ({
    ...candle,
    openAt: candle.openAt + candle.seq * 19 * 60_000,
    volume: (candle.seq + seed) % 7 === 0 ? 0 : candle.volume,
  }));
}

/** Real candles, one file of each kind of market, cut to what takes little time. */
async function realCandles(): Promise<readonly PackedCandles[]> {
  const files = ["btcusd-5m-bitfinex-2019.csv.gz", "eurusd-15m-smc.csv"];
  const found = await Promise.all(files.map(loadMarketData));
  return found.filter((batch) => batch !== null).map((batch) =>
    sliceBatch(batch, { from: 0, to: 6_000 })
  );
}

/** Bits of the rows of the candles before `seq`. */
function bitsBefore(
  { first, bits }: ReturnType<typeof featureRows>,
  seq: number,
): Uint32Array {
  return bits.slice(0, Math.max(0, seq - first) * FEATURE_COUNT);
}

Deno.test("FEATURES have names of their own, and the sessions have their order", () => {
  assert.equal(new Set(FEATURES.map(({ name }) => name)).size, FEATURE_COUNT);
  SESSION_NAMES.forEach((name, index) =>
    assert.equal(PLACE[`session_${name}`], PLACE.session_sydney + index)
  );
});

Deno.test("FeatureStream has no row before the warm-up, and one for each candle after it", () => {
  const batch = packCandles(walk(1));
  const detectors = new DetectorSet(DETECTOR);
  const stream = new FeatureStream(detectors);
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
    const row = stream.step();
    assert.equal(row === null, index < WARM_UP_CANDLES - 1, `candle ${index}`);
  }
});

Deno.test("FeatureStream refuses a candle twice and a candle left out", () => {
  const batch = packCandles(walk(1, 10));
  const detectors = new DetectorSet(DETECTOR);
  const stream = new FeatureStream(detectors);
  assert.throws(() => stream.step(), /Features of candle -1/);
  detectors.step(batch, 0);
  stream.step();
  assert.throws(() => stream.step(), /Features of candle 0 cannot follow 0/);
  detectors.step(batch, 1);
  detectors.step(batch, 2);
  assert.throws(() => stream.step(), /Features of candle 2 cannot follow 0/);
});

Deno.test("FeatureStream: changing any future candle changes no past row", () => {
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: WARM_UP_CANDLES - 1, max: COUNT - 1 }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      (seed, cut, factor) => {
        const candles = walk(seed);
        const changed = walk(seed + 1).map((candle, index) =>
          index < cut ? candles[index]! : scaled(candle, factor)
        );
        assert.deepEqual(
          bitsBefore(featureRows(changed), cut),
          bitsBefore(featureRows(candles), cut),
        );
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("FeatureStream: rows of any prefix of real candles are a prefix of the rows", async () => {
  for (const batch of await realCandles()) {
    const whole = featureRows(batch);
    for (const cut of [500, 777, 1_024, 1_025, 3_333, 5_999]) {
      const prefix = featureRows(sliceBatch(batch, { from: 0, to: cut }));
      assert.deepEqual(prefix.bits, bitsBefore(whole, cut));
    }
  }
});

Deno.test("FeatureStream keeps every number of a row within its range", async () => {
  const runs = [walk(3, 3_000), ...await realCandles()];
  for (const run of runs) {
    const values = toValues(featureRows(run));
    values.forEach((value, index) => {
      const { name, range: [least, most] } = FEATURES[index % FEATURE_COUNT]!;
      // A comparison with NaN is false.
      assert.ok(value >= least && value <= most, `${name} was ${value}`);
    });
  }
});

Deno.test("FeatureStream has finite rows of a market that stands still, that only rises, and that leaps", () => {
  const still = () => 100;
  const rising = (seq: number) => 100 + seq;
  const leaping = (seq: number) => seq % 97 === 0 ? 1e9 : 1e-3;
  for (const price of [still, rising, leaping]) {
    const candles = walk(1).map((candle) => {
      const close = price(candle.seq);
      return { ...candle, open: close, high: close, low: close, close };
    });
    toValues(featureRows(candles)).forEach((value, index) => {
      const { name, range: [least, most] } = FEATURES[index % FEATURE_COUNT]!;
      assert.ok(value >= least && value <= most, `${name} was ${value}`);
    });
  }
});

Deno.test("FeatureStream gives the same bits for prices times a power of two", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: -30, max: 30 }), (seed, power) => {
      const candles = walk(seed);
      const other = candles.map((candle) => scaled(candle, 2 ** power));
      assert.deepEqual(featureRows(other).bits, featureRows(candles).bits);
    }),
    { numRuns: 30 },
  );
});

Deno.test("FeatureStream gives the same rows but for rounding for prices and volumes times any number", () => {
  fc.assert(
    // Ticks of a quarter times a whole number are exact, so no tie of prices is lost.
    fc.property(seeds, fc.integer({ min: 3, max: 9_999 }), (seed, factor) => {
      const candles = walk(seed);
      const other = candles.map((candle) => ({
        ...scaled(candle, factor),
        volume: candle.volume * factor,
      }));
      const expected = toValues(featureRows(candles));
      toValues(featureRows(other)).forEach((value, index) => {
        // Rows are of 32 bits: neighbours of 5 are 5e-7 apart.
        assert.ok(
          Math.abs(value - expected[index]!) <= 1e-6,
          `${FEATURES[index % FEATURE_COUNT]!.name}: ${value}, ${
            expected[index]
          }`,
        );
      });
    }),
    { numRuns: 20 },
  );
});

Deno.test("FeatureStream goes on bit for bit from a snapshot at any candle", () => {
  fc.assert(
    fc.property(
      seeds,
      fc.uniqueArray(fc.integer({ min: 0, max: COUNT - 1 }), { maxLength: 6 }),
      (seed, restarts) => {
        const candles = walk(seed);
        assert.deepEqual(
          bitsWithRestarts(packCandles(candles), new Set(restarts)),
          featureRows(candles).bits,
        );
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("FeatureStream goes on bit for bit from snapshots on real candles, also where old ones are forgotten", async () => {
  const restarts = new Set([600, 1_023, 1_024, 1_025, 2_500, 5_999]);
  for (const batch of await realCandles()) {
    assert.deepEqual(
      bitsWithRestarts(batch, restarts),
      featureRows(batch).bits,
    );
  }
});

Deno.test("FeatureStream refuses a snapshot of other features or of another candle", () => {
  const batch = packCandles(walk(1, 10));
  const detectors = new DetectorSet(DETECTOR);
  const stream = new FeatureStream(detectors);
  detectors.step(batch, 0);
  stream.step();
  const snapshot = stream.snapshot();
  assert.throws(
    () => stream.restore({ ...snapshot, version: 0 }),
    /Features of version 0 cannot go on as version 1/,
  );
  detectors.step(batch, 1);
  assert.throws(
    () => stream.restore(snapshot),
    /Features of candle 0 do not fit detectors at candle 1/,
  );
});

Deno.test("FeatureStream gives the same rows however the candles come in batches", () => {
  const candles = walk(8);
  const detectors = new DetectorSet(DETECTOR);
  const stream = new FeatureStream(detectors);
  const rows: number[] = [];
  for (const batch of toBatches(candles, { seed: 8, most: 64 })) {
    for (let index = 0; index < batch.count; index++) {
      detectors.step(batch, index);
      rows.push(...stream.step() ?? []);
    }
  }
  assert.deepEqual(Float32Array.from(rows), toValues(featureRows(candles)));
});

Deno.test("FeatureStream takes the same memory after 20,000 candles as after 1,000", () => {
  const batch = packCandles(walk(2, 20_000));
  const detectors = new DetectorSet(DETECTOR);
  const stream = new FeatureStream(detectors);
  const bytes: number[] = [];
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
    stream.step();
    if (index === 999 || index === batch.count - 1) {
      bytes.push(serialize(stream.snapshot()).length);
    }
  }
  // How many values of the block under way are kept goes up and down.
  assert.ok(bytes[1]! < bytes[0]! + 2_000 && bytes[1]! < 10_000, `${bytes}`);
});

function scaled(candle: Candle, factor: number): Candle {
  return {
    ...candle,
    open: candle.open * factor,
    high: candle.high * factor,
    low: candle.low * factor,
    close: candle.close * factor,
  };
}

function bitsWithRestarts(
  batch: PackedCandles,
  restarts: ReadonlySet<number>,
): Uint32Array {
  let detectors = new DetectorSet(DETECTOR);
  let stream = new FeatureStream(detectors);
  const rows: number[] = [];
  for (let index = 0; index < batch.count; index++) {
    if (restarts.has(index)) {
      const kept = structuredClone({
        detectors: detectors.snapshot(),
        features: stream.snapshot(),
      });
      detectors = new DetectorSet(DETECTOR);
      detectors.restore(kept.detectors);
      stream = new FeatureStream(detectors);
      stream.restore(kept.features);
    }
    detectors.step(batch, index);
    rows.push(...stream.step() ?? []);
  }
  return new Uint32Array(Float32Array.from(rows).buffer);
}
