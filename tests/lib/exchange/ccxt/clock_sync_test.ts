import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../../actors/mod.ts";
import { ClockSync } from "../../../../lib/exchange/ccxt/clock_sync.ts";
import {
  CLOCK_SAMPLES,
  CLOCK_SYNC_MS,
} from "../../../../lib/exchange/ccxt/limits.ts";

const START_MS = 1_700_000_000_000;

Deno.test("ClockSync is off by at most half of the fastest way, whatever the ways are", async () => {
  const ways = fc.array(
    fc.record({ thereMs: fc.nat(2_000), backMs: fc.nat(2_000) }),
    { minLength: CLOCK_SAMPLES, maxLength: CLOCK_SAMPLES },
  );
  await fc.assert(
    fc.asyncProperty(
      ways,
      fc.integer({ min: -100_000, max: 100_000 }),
      async (ways, skewMs) => {
        const clock = createSimulatedClock({ startMs: START_MS });
        const left = [...ways];
        const sync = new ClockSync({
          clock,
          resolutionMs: 1,
          readTimeMs: async () => {
            const { backMs, thereMs } = left.shift()!;
            await clock.advance(thereMs);
            const venueMs = clock.nowMs() + skewMs;
            await clock.advance(backMs);
            return venueMs;
          },
        });
        assert.equal(sync.errorMs(), null);
        await sync.measure();
        const fastestMs = Math.min(
          ...ways.map(({ backMs, thereMs }) => backMs + thereMs),
        );
        assert.ok(Math.abs(sync.errorMs()! - skewMs) <= fastestMs / 2 + 1);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("ClockSync keeps the venue's time while our wall clock jumps, and tells the jump", async () => {
  const clock = createSimulatedClock({ startMs: START_MS });
  let asked = 0;
  const sync = new ClockSync({
    clock,
    resolutionMs: 1,
    readTimeMs: () => {
      asked++;
      return Promise.resolve(START_MS + 250 + clock.monotonicMs());
    },
  });
  await sync.start();
  assert.equal(sync.errorMs(), 250);
  clock.jumpWall(-3_600_000);
  assert.equal(sync.nowMs(), START_MS + 250);
  assert.equal(sync.errorMs(), 3_600_250);
  await clock.advance(CLOCK_SYNC_MS);
  assert.equal(asked, 2 * CLOCK_SAMPLES);
  sync.stop();
  await clock.advance(10 * CLOCK_SYNC_MS);
  assert.equal(asked, 2 * CLOCK_SAMPLES);
});

Deno.test("ClockSync takes no error from an answer in whole seconds that holds none", async () => {
  const clock = createSimulatedClock({ startMs: START_MS + 700 });
  let skewMs = 0;
  const sync = new ClockSync({
    clock,
    resolutionMs: 1_000,
    readTimeMs: () =>
      Promise.resolve(Math.floor((clock.nowMs() + skewMs) / 1_000) * 1_000),
  });
  await sync.measure();
  assert.equal(sync.errorMs(), 0);
  skewMs = 5_000;
  await sync.measure();
  assert.ok(sync.errorMs()! > 4_000);
});

Deno.test("ClockSync keeps what it knew where no answer comes", async () => {
  const clock = createSimulatedClock({ startMs: START_MS });
  let fails = false;
  const sync = new ClockSync({
    clock,
    resolutionMs: 1,
    readTimeMs: () =>
      fails
        ? Promise.reject(new Error("down"))
        : Promise.resolve(clock.nowMs() - 40),
  });
  await sync.measure();
  fails = true;
  await sync.measure();
  assert.equal(sync.errorMs(), -40);
});
