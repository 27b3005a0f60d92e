import assert from "node:assert/strict";
import { serialize } from "node:v8";
import fc from "fast-check";
import type { PatternEvent } from "../../../lib/contracts/pattern.ts";
import { createRng } from "../../../lib/core/rng.ts";
import {
  packCandles,
  type PackedCandles,
} from "../../../agents/market/candle_batch.ts";
import {
  DetectorSet,
  replayKeptCandles,
} from "../../../agents/smc/detector_set.ts";
import {
  ACTIVE_ZONES_LIMIT,
  PATTERNS_KEPT,
} from "../../../agents/smc/limits.ts";
import { PATTERN_CODES } from "../../../agents/smc/pattern_codes.ts";
import { candlesOf, type Ohlc, randomWalk } from "../fixtures/candles.ts";
import { loadMarketData, sliceBatch } from "../fixtures/market_data.ts";
import { detect, DETECTOR } from "../fixtures/run_detectors.ts";

const FLAT_KINDS: ReadonlySet<PatternEvent["kind"]> = new Set([
  "swing",
  "session",
  "equal_level",
]);

function assertFiniteEvents(events: readonly PatternEvent[]): void {
  for (const event of events) {
    for (const [key, value] of Object.entries(event)) {
      if (typeof value === "number") {
        assert.ok(Number.isFinite(value), `${event.kind}.${key} is ${value}`);
      }
    }
    assert.ok(event.refSeq <= event.seq && event.refAt <= event.at);
  }
}

/** Runs with a snapshot and a restore (through structuredClone) before the given candles. */
function detectWithRestarts(
  batch: PackedCandles,
  restartAt: ReadonlySet<number>,
): PatternEvent[] {
  let detectors = new DetectorSet(DETECTOR);
  const events: PatternEvent[] = [];
  for (let index = 0; index < batch.count; index++) {
    if (restartAt.has(index)) {
      const snapshot = structuredClone(detectors.snapshot());
      detectors = new DetectorSet(DETECTOR);
      detectors.restore(snapshot);
    }
    detectors.step(batch, index);
    events.push(...detectors.events);
  }
  return events;
}

Deno.test("DetectorSet: events of any prefix are a prefix of the events", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 1, max: 400 }),
    (seed, cut) => {
      const candles = randomWalk({ seed, count: 400, tick: 0.25 });
      const whole = detect(candles).events;
      const prefix = detect(candles.slice(0, cut)).events;
      assert.deepEqual(prefix, whole.slice(0, prefix.length));
      assert.ok(whole.slice(prefix.length).every((event) => event.seq >= cut));
      assertFiniteEvents(whole);
    },
  ));
});

Deno.test("DetectorSet: events of any prefix are a prefix of the events on real candles", async () => {
  const data = await loadMarketData("btcusd-perp-1m-2022-01.csv.gz");
  if (data === null) return;
  const whole = detect(sliceBatch(data, { from: 0, to: 8000 })).events;
  assertFiniteEvents(whole);
  for (const cut of [100, 1023, 1024, 1025, 4321, 7999]) {
    const prefix: PatternEvent[] =
      detect(sliceBatch(data, { from: 0, to: cut })).events;
    assert.deepEqual(prefix, whole.slice(0, prefix.length));
  }
});

Deno.test("DetectorSet goes on from snapshots as if it had never stopped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const batch = packCandles(
        randomWalk({ seed, count: 1300, tick: 0.1 }),
      );
      const rng = createRng(seed);
      const restartAt = new Set(
        Array.from({ length: 6 }, () => Math.floor(rng.next() * 1300)),
      );
      assert.deepEqual(
        detectWithRestarts(batch, restartAt),
        detect(batch).events,
      );
    }),
    { numRuns: 20 },
  );
});

Deno.test("DetectorSet state stays bounded: 100,000 candles take what 10,000 take", () => {
  const candles = randomWalk({ seed: 7, count: 100_000, volatility: 0.002 });
  const batch = packCandles(candles);
  const detectors = new DetectorSet(DETECTOR);
  let bytesAt10k = 0;
  for (let index = 0; index < batch.count; index++) {
    detectors.step(batch, index);
    if (index === 9_999) bytesAt10k = serialize(detectors.snapshot()).length;
  }
  const bytes = serialize(detectors.snapshot()).length;
  assert.ok(bytes <= 200_000, `${bytes} bytes`);
  assert.ok(bytes < bytesAt10k * 1.3, `${bytesAt10k} grew to ${bytes} bytes`);
});

Deno.test("DetectorSet keeps its limit of zones in a market of gaps only", () => {
  const rows: Ohlc[] = [];
  for (let i = 0; i < 700; i++) {
    const base = 100 + i * 2;
    rows.push([base, base + 2.5, base, base + 2]);
  }
  const { detectors, events } = detect(candlesOf(rows), {
    maxZoneAgeCandles: 5000,
  });
  assert.equal(detectors.gaps.activeCount, ACTIVE_ZONES_LIMIT);
  assertFiniteEvents(events);
});

Deno.test("DetectorSet finds nothing and stays finite where the price never moves", () => {
  const rows: Ohlc[] = Array.from({ length: 500 }, () => [5, 5, 5, 5]);
  const { events } = detect(candlesOf(rows));
  assertFiniteEvents(events);
  const kinds = new Set(events.map((event) => event.kind));
  // Flat candles are swings of equal height, and time goes on.
  assert.ok(
    [...kinds].every((kind) => FLAT_KINDS.has(kind)),
    [...kinds].join(),
  );
});

Deno.test("DetectorSet may begin at any candle of a stream", () => {
  const candles = randomWalk({ seed: 9, count: 500 });
  const shifted = candles.map((candle) => ({
    ...candle,
    seq: candle.seq + 777,
  }));
  const strip = (events: readonly PatternEvent[], by: number) =>
    events.map((event) => [
      event.kind,
      event.stage,
      event.seq - by,
      event.refSeq - by,
    ]);
  assert.deepEqual(
    strip(detect(shifted).events, 777),
    strip(detect(candles).events, 0),
  );
});

Deno.test("replayKeptCandles() equals a stream that began with the oldest kept candle", () => {
  const candles = randomWalk({ seed: 10, count: 3000 });
  const old = detect(candles).detectors;
  const settings = { ...DETECTOR, swingLength: 9 };
  const detectors = new DetectorSet(settings);
  replayKeptCandles(detectors, old.snapshot().series);
  const { log } = detectors;
  const found = log.events(log.start, log.end);
  const { events } = detect(candles.slice(old.series.oldestSeq), settings);
  assert.deepEqual(found, events.slice(-PATTERNS_KEPT));
});

Deno.test("DetectorSet knows every kind and stage of the log", () => {
  const { events } = detect(randomWalk({ seed: 12, count: 9000, tick: 0.1 }));
  const stages = new Set(events.map((event) => `${event.kind}.${event.stage}`));
  assert.deepEqual([...stages].toSorted(), PATTERN_CODES.toSorted());
});
