import assert from "node:assert/strict";
import fc from "fast-check";
import {
  baseLogLoss,
  calibrationOf,
  forecastFigures,
  logLoss,
} from "../../../../lib/inference/evaluation/forecast.ts";

/** Chances with a label for each. */
const forecasts = fc.array(
  fc.tuple(
    fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 })),
    fc.constantFrom(-1, 0, 1),
  ),
  { minLength: 1, maxLength: 80 },
).map((rows) => ({
  chances: Float64Array.from(
    rows.flatMap(([[down, up]]) => {
      const sum = down + up + 20;
      return [down / sum, 20 / sum, up / sum];
    }),
  ),
  label: Int8Array.from(rows, ([, label]) => label),
}));

Deno.test("forecastFigures() are those computed by hand", () => {
  const chances = Float64Array.of(
    ...[0.2, 0.2, 0.6],
    ...[0.5, 0.2, 0.3],
    ...[0.5, 0.2, 0.3],
    ...[0.3, 0.4, 0.3],
  );
  const label = Int8Array.of(1, -1, 1, 0);
  const figures = forecastFigures({
    chances,
    label,
    close: Float64Array.of(10, 11, 11, 12),
    sides: Int8Array.of(1, -1, -1, 0),
  });
  const expected = -(Math.log(0.6) + Math.log(0.5) + Math.log(0.3) +
    Math.log(0.4)) / 4;
  assert.ok(Math.abs(figures.logLoss - expected) <= 1e-12);
  assert.ok(
    Math.abs(
      figures.baseLogLoss +
        (0.5 * Math.log(0.5) + 0.5 * Math.log(0.25)),
    ) <= 1e-12,
  );
  assert.equal(figures.hitRows, 3);
  assert.equal(figures.hitRate, 2 / 3);
  // The second candle's next close is the same and counts for nobody.
  assert.equal(figures.nextCandleHitRate, 1 / 2);
});

Deno.test("baseLogLoss() is the least log loss of chances that never change", () => {
  fc.assert(
    fc.property(
      forecasts,
      fc.tuple(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
      ),
      ({ label }, [down, up]) => {
        const sum = down + up + 10;
        const same = Float64Array.from(
          { length: 3 * label.length },
          (_, place) => [down, 10, up][place % 3]! / sum,
        );
        assert.ok(baseLogLoss(label) <= logLoss(same, label) + 1e-12);
      },
    ),
  );
});

Deno.test("calibrationOf() has every row in one part, in order of the chance", () => {
  fc.assert(fc.property(forecasts, ({ chances, label }) => {
    const bins = calibrationOf(chances, label);
    const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
    assert.equal(rows, label.length);
    const ups = bins.reduce((sum, bin) => sum + bin.rows * bin.share, 0);
    const counted = label.filter((each) => each === 1).length;
    assert.ok(Math.abs(ups - counted) <= 1e-9);
    bins.slice(1).forEach((bin, index) =>
      assert.ok(bin.chance >= bins[index]!.chance - 1e-12)
    );
  }));
});
