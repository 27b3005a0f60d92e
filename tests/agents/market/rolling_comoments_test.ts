import assert from "node:assert/strict";
import fc from "fast-check";
import { RollingComoments } from "../../../agents/market/rolling_comoments.ts";

const rows = (size: number) =>
  fc.array(
    fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: size,
      maxLength: size,
    }),
    { minLength: 1, maxLength: 60 },
  );

Deno.test("RollingComoments has the means and co-moments of a batch over the window", () => {
  fc.assert(
    fc.property(rows(3), fc.integer({ min: 2, max: 20 }), (all, window) => {
      const rolling = new RollingComoments({ window, size: 3 });
      all.forEach((row, index) => {
        rolling.push(row);
        assert.equal(rolling.isKnown, index + 1 >= window);
        if (!rolling.isKnown) return;
        const kept = all.slice(index + 1 - window, index + 1);
        const mean = (v: number) =>
          kept.reduce((sum, kept) => sum + kept[v]!, 0) / window;
        for (let a = 0; a < 3; a++) {
          assert.ok(Math.abs(rolling.mean(a) - mean(a)) < 1e-9);
          for (let b = 0; b <= a; b++) {
            const wanted = kept.reduce(
              (sum, kept) => sum + (kept[a]! - mean(a)) * (kept[b]! - mean(b)),
              0,
            );
            assert.ok(Math.abs(rolling.comoment(a, b) - wanted) < 1e-7);
          }
        }
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("RollingComoments goes on from a snapshot bit for bit", () => {
  fc.assert(
    fc.property(
      rows(2),
      fc.integer({ min: 2, max: 12 }),
      fc.nat(59),
      (all, window, cut) => {
        const whole = new RollingComoments({ window, size: 2 });
        let restored = new RollingComoments({ window, size: 2 });
        all.forEach((row, index) => {
          whole.push(row);
          restored.push(row);
          if (index === cut) {
            const snapshot = structuredClone(restored.snapshot());
            restored = new RollingComoments({ window, size: 2 });
            restored.restore(snapshot);
          }
          assert.equal(restored.isKnown, whole.isKnown);
          assert.equal(restored.mean(1), whole.mean(1));
          assert.equal(restored.comoment(1, 0), whole.comoment(1, 0));
        });
      },
    ),
    { numRuns: 60 },
  );
});
