import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import {
  type ClockReading,
  createClockSync,
} from "../../../../lib/exchange/budget/clock_sync.ts";

const START_MS = 1_800_000_000_000;

/** A venue whose clock is `errorMs` ahead of ours at the start; trips take what `tripsMs` says, one after the other. */
function setup(
  change: {
    errorMs?: number;
    tripsMs?: readonly number[];
    fails?: (asked: number) => boolean;
  } = {},
) {
  const clock = createSimulatedClock({ startMs: START_MS });
  const { errorMs = 0, tripsMs = [20], fails = () => false } = change;
  const changes: ClockReading[] = [];
  const state = { asked: 0, errorMs };
  const sync = createClockSync({
    clock,
    readVenueTime: () => {
      const asked = state.asked++;
      const tripMs = tripsMs[asked % tripsMs.length]!;
      return new Promise((resolve, reject) => {
        clock.after(tripMs / 2, () => {
          // The venue's clock does not jump with ours.
          const venueMs = START_MS + clock.monotonicMs() + state.errorMs;
          clock.after(
            tripMs / 2,
            () =>
              fails(asked) ? reject(new Error("no answer")) : resolve(venueMs),
          );
        });
      });
    },
    onChange: (reading) => changes.push(reading),
  });
  return { clock, sync, changes, state };
}

Deno.test("ClockSync is unknown until its first success", async () => {
  const { clock, sync, changes } = setup();
  assert.deepEqual(sync.reading(), {
    status: "unknown",
    errorMs: null,
    roundTripMs: null,
    at: null,
  });
  await clock.advance(99);
  assert.equal(sync.errorMs(), null);
  await clock.advance(1);
  assert.equal(sync.reading().status, "synced");
  assert.equal(sync.errorMs(), 0);
  assert.deepEqual(changes.map(({ status }) => status), ["synced"]);
  sync.close();
});

Deno.test("ClockSync takes five samples each minute and counts the one with the least round trip", async () => {
  const { clock, sync, state } = setup({
    errorMs: 123,
    tripsMs: [300, 200, 40, 400, 100],
  });
  await clock.advance(2_000);
  assert.equal(state.asked, 5);
  assert.equal(sync.reading().roundTripMs, 40);
  assert.equal(sync.errorMs(), 123);
  await clock.advance(60_000);
  assert.equal(state.asked, 10);
  sync.close();
});

Deno.test("ClockSync is unsynced beyond an error of 500 ms, not at it", async () => {
  for (const errorMs of [500, -500, 501, -501]) {
    const { clock, sync } = setup({ errorMs });
    // deno-lint-ignore no-await-in-loop -- one venue after the other
    await clock.advance(1_000);
    assert.equal(
      sync.reading().status,
      Math.abs(errorMs) > 500 ? "unsynced" : "synced",
    );
    assert.equal(sync.errorMs(), errorMs);
    sync.close();
  }
});

Deno.test("ClockSync is unsynced where the round trip is too long to tell", async () => {
  const { clock, sync } = setup({ tripsMs: [1_002] });
  await clock.advance(6_000);
  assert.equal(sync.reading().status, "unsynced");
  sync.close();
});

Deno.test("ClockSync forgets and synchronises at once when the wall clock jumps by more than 1 s", async () => {
  const { clock, sync, changes, state } = setup();
  await clock.advance(5_000);
  clock.jumpWall(1_000);
  await clock.advance(1_000);
  assert.equal(state.asked, 5);
  clock.jumpWall(1);
  assert.equal(sync.reading().status, "unknown");
  await clock.advance(200);
  assert.equal(state.asked, 10);
  assert.equal(sync.errorMs(), -1_001);
  assert.deepEqual(
    changes.map(({ status }) => status),
    ["synced", "unknown", "unsynced"],
  );
  sync.close();
});

Deno.test("ClockSync notices a jump by itself within a second", async () => {
  const { clock, sync, changes } = setup();
  await clock.advance(5_000);
  clock.jumpWall(-3_600_000);
  await clock.advance(1_500);
  assert.equal(sync.errorMs(), 3_600_000);
  assert.deepEqual(
    changes.map(({ status }) => status),
    ["synced", "unknown", "unsynced"],
  );
  sync.close();
});

Deno.test("ClockSync throws a measurement away that a jump came into", async () => {
  const { clock, sync } = setup({ tripsMs: [800] });
  await clock.advance(2_500);
  clock.jumpWall(5_000);
  await clock.advance(20_000);
  assert.equal(sync.errorMs(), -5_000);
  sync.close();
});

Deno.test("ClockSync does with the samples that come, and keeps what it knows when none does", async () => {
  const { clock, sync } = setup({
    errorMs: 7,
    fails: (asked) => asked !== 3,
  });
  await clock.advance(1_000);
  assert.equal(sync.errorMs(), 7);
  await clock.advance(120_000);
  assert.equal(sync.errorMs(), 7);
  await clock.advance(60_000);
  assert.equal(sync.reading().status, "unknown");
  sync.close();
});

Deno.test("ClockSync gives a sample up after 5 s", async () => {
  const clock = createSimulatedClock({ startMs: START_MS });
  const sync = createClockSync({
    clock,
    readVenueTime: () => new Promise(() => {}),
  });
  let isDone = false;
  sync.sync().then(() => isDone = true);
  await clock.advance(24_999);
  assert.equal(isDone, false);
  await clock.advance(1);
  assert.equal(isDone, true);
  assert.equal(sync.errorMs(), null);
  sync.close();
});

Deno.test("ClockSync keeps the venue's time while our wall clock jumps", async () => {
  const { clock, sync } = setup({ errorMs: 250, tripsMs: [0] });
  const venueMs = () => START_MS + clock.monotonicMs() + 250;
  assert.equal(sync.venueNowMs(), START_MS);
  await clock.advance(5_000);
  assert.equal(sync.venueNowMs(), venueMs());
  clock.jumpWall(-3_600_000);
  assert.equal(sync.errorMs(), null);
  assert.equal(sync.venueNowMs(), venueMs());
  await clock.advance(5_000);
  assert.equal(sync.venueNowMs(), venueMs());
  sync.close();
});

Deno.test("ClockSync takes no error from an answer in whole seconds that holds none", async () => {
  const clock = createSimulatedClock({ startMs: START_MS + 700 });
  let skewMs = 0;
  const sync = createClockSync({
    clock,
    resolutionMs: 1_000,
    readVenueTime: () =>
      Promise.resolve(Math.floor((clock.nowMs() + skewMs) / 1_000) * 1_000),
  });
  await sync.sync();
  assert.equal(sync.errorMs(), 0);
  for (skewMs of [5_000, -5_000]) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await sync.sync();
    assert.ok(Math.abs(sync.errorMs()! - skewMs) < 1_000);
  }
  sync.close();
});

Deno.test("ClockSync knows nothing of a venue that does not tell its time", async () => {
  const clock = createSimulatedClock({ startMs: START_MS });
  const sync = createClockSync({
    clock,
    readVenueTime: () => Promise.resolve(null),
  });
  assert.equal((await sync.sync()).errorMs, null);
  assert.equal(sync.venueNowMs(), START_MS);
  sync.close();
});

Deno.test("ClockSync.close() leaves no timer and tells nothing more", async () => {
  const { clock, sync, changes } = setup();
  await clock.advance(1_000);
  sync.close();
  clock.jumpWall(10_000);
  await clock.advance(120_000);
  assert.equal(clock.pending, 0);
  assert.equal(changes.length, 1);
});

Deno.test("ClockSync is right to within half of its best round trip, however a trip is split", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.array(
        fc.record({
          thereMs: fc.integer({ min: 0, max: 900 }),
          backMs: fc.integer({ min: 0, max: 900 }),
        }),
        { minLength: 5, maxLength: 5 },
      ),
      async (errorMs, trips) => {
        const clock = createSimulatedClock({ startMs: START_MS });
        let asked = 0;
        const sync = createClockSync({
          clock,
          readVenueTime: () => {
            const { thereMs, backMs } = trips[asked++ % trips.length]!;
            return new Promise((resolve) => {
              clock.after(thereMs, () => {
                const venueMs = clock.nowMs() + errorMs;
                clock.after(backMs, () => resolve(venueMs));
              });
            });
          },
        });
        await clock.advance(10_000);
        const { roundTripMs } = sync.reading();
        const best = Math.min(
          ...trips.map(({ thereMs, backMs }) => thereMs + backMs),
        );
        assert.equal(roundTripMs, best);
        assert.ok(Math.abs(sync.errorMs()! - errorMs) <= best / 2);
        sync.close();
      },
    ),
    { numRuns: 50 },
  );
});
