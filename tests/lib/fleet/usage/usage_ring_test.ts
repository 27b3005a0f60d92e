import assert from "node:assert/strict";
import fc from "fast-check";
import {
  emptyTotals,
  UsageRing,
  type UsageSample,
} from "../../../../lib/fleet/usage/usage_ring.ts";

const SIZE = { slotMs: 100, slots: 5 };
const WINDOW_MS = SIZE.slotMs * SIZE.slots;

const count = fc.nat({ max: 1_000 });
const maybe = fc.option(count, { nil: null });
const sampleArbitrary: fc.Arbitrary<UsageSample> = fc.record({
  spanMs: fc.integer({ min: 1, max: 50 }),
  busyMs: count,
  received: count,
  sent: count,
  cpuMs: maybe,
  requests: maybe,
  heapBytes: maybe,
  loopLagMsP99: maybe,
  mailboxDepth: count,
});
/** Samples with the time since the one before. */
const samples = fc.array(
  fc.tuple(fc.nat({ max: 150 }), sampleArbitrary),
  { maxLength: 60 },
);

function place(steps: readonly (readonly [number, UsageSample])[]) {
  let atMs = 0;
  return steps.map(([waitMs, sample]) => {
    atMs += waitMs;
    return { atMs, sample };
  });
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

Deno.test("UsageRing.totals() are the sums of what was put in within the window, to the slot", () => {
  fc.assert(
    fc.property(samples, fc.nat({ max: 2 * WINDOW_MS }), (steps, restMs) => {
      const ring = new UsageRing(SIZE);
      const placed = place(steps);
      for (const { atMs, sample } of placed) ring.add(atMs, sample);
      const nowMs = (placed.at(-1)?.atMs ?? 0) + restMs;
      const slotOf = (atMs: number) => Math.floor(atMs / SIZE.slotMs);
      const inWindow = placed
        .filter(({ atMs }) => slotOf(atMs) > slotOf(nowMs) - SIZE.slots)
        .map(({ sample }) => sample);
      const sum = (of: (sample: UsageSample) => number) =>
        inWindow.reduce((total, sample) => total + of(sample), 0);
      assert.deepEqual(ring.totals(nowMs), {
        spanMs: sum(({ spanMs }) => spanMs),
        cpuSpanMs: sum(({ cpuMs, spanMs }) => cpuMs === null ? 0 : spanMs),
        requestsSpanMs: sum(({ requests, spanMs }) =>
          requests === null ? 0 : spanMs
        ),
        busyMs: sum(({ busyMs }) => busyMs),
        received: sum(({ received }) => received),
        sent: sum(({ sent }) => sent),
        cpuMs: sum(({ cpuMs }) => cpuMs ?? 0),
        requests: sum(({ requests }) => requests ?? 0),
        heapBytes: inWindow.map(({ heapBytes }) => heapBytes)
          .findLast((bytes) => bytes !== null) ?? null,
        heapBytesMax: highest(inWindow.map(({ heapBytes }) => heapBytes)),
        loopLagMsP99: highest(
          inWindow.map(({ loopLagMsP99 }) => loopLagMsP99),
        ),
        mailboxDepthMax: highest(
          inWindow.map(({ mailboxDepth }) => mailboxDepth),
        ),
      });
    }),
  );
});

Deno.test("UsageRing.totals() know nothing of what is a window old, and reading changes nothing", () => {
  fc.assert(
    fc.property(samples, (steps) => {
      const ring = new UsageRing(SIZE);
      const placed = place(steps);
      for (const { atMs, sample } of placed) ring.add(atMs, sample);
      const lastMs = placed.at(-1)?.atMs ?? 0;
      const first = ring.totals(lastMs);
      assert.deepEqual(ring.totals(lastMs + WINDOW_MS), emptyTotals());
      assert.deepEqual(ring.totals(lastMs), first);
    }),
  );
});
