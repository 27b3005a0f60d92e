import assert from "node:assert/strict";
import fc from "fast-check";
import { RollingMoments } from "../../../agents/market/rolling_moments.ts";
import { createRng } from "../../../lib/core/rng.ts";

/** Mean and population standard deviation, two passes. */
function naive(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / values.length) };
}

const values = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), {
  minLength: 1,
  maxLength: 120,
});

Deno.test("RollingMoments equals two passes over the window, whatever the values", () => {
  fc.assert(fc.property(
    values,
    fc.integer({ min: 2, max: 30 }),
    (series, window) => {
      const rolling = new RollingMoments(window);
      series.forEach((value, index) => {
        rolling.push(value);
        assert.equal(rolling.isKnown, index + 1 >= window);
        if (!rolling.isKnown) return;
        const { mean, sd } = naive(series.slice(index + 1 - window, index + 1));
        assert.ok(Math.abs(rolling.mean - mean) <= 1e-12 * 1e5);
        assert.ok(Math.abs(rolling.standardDeviation - sd) <= 1e-9 * (1 + sd));
      });
    },
  ));
});

Deno.test("RollingMoments does not drift over a million candles of a price far from zero", () => {
  const rng = createRng(7);
  const rolling = new RollingMoments(20);
  const last: number[] = [];
  for (let seq = 0; seq < 1_000_000; seq++) {
    // A huge price for a while: what cancels badly would never recover.
    const base = seq < 1_000 ? 1e12 : 100;
    const value = base + rng.next() * 1e-3;
    rolling.push(value);
    last.push(value);
    if (last.length > 20) last.shift();
  }
  const { mean, sd } = naive(last);
  assert.ok(Math.abs(rolling.mean - mean) < 1e-12);
  assert.ok(Math.abs(rolling.standardDeviation / sd - 1) < 1e-9);
});

Deno.test("RollingMoments is exactly zero deep on equal values", () => {
  const rolling = new RollingMoments(7);
  for (let index = 0; index < 40; index++) rolling.push(0.1);
  assert.equal(rolling.mean, 0.1);
  assert.equal(rolling.standardDeviation, 0);
});

Deno.test("RollingMoments goes on bit for bit from a snapshot at any value", () => {
  fc.assert(fc.property(
    values,
    fc.integer({ min: 2, max: 30 }),
    fc.nat(),
    (series, window, cut) => {
      const straight = new RollingMoments(window);
      let restarted = new RollingMoments(window);
      series.forEach((value, index) => {
        straight.push(value);
        restarted.push(value);
        if (index === cut % series.length) {
          const snapshot = structuredClone(restarted.snapshot());
          restarted = new RollingMoments(window);
          restarted.restore(snapshot);
        }
        assert.equal(restarted.isKnown, straight.isKnown);
        assert.equal(restarted.mean, straight.mean);
        assert.equal(restarted.standardDeviation, straight.standardDeviation);
      });
    },
  ));
});
