import assert from "node:assert/strict";
import fc from "fast-check";
import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import {
  type Normalization,
  NormalizationFit,
  normalize,
} from "../../../agents/decision/normalization.ts";

function fitOf(rows: readonly Float32Array[]): Normalization {
  const fit = new NormalizationFit();
  for (const row of rows) fit.add(row);
  const normalization = fit.finish();
  assert.ok(normalization !== null);
  return normalization;
}

const rowsOf = fc.array(
  fc.array(fc.float({ min: -5, max: 5, noNaN: true }), {
    minLength: FEATURE_COUNT,
    maxLength: FEATURE_COUNT,
  }).map((row) => Float32Array.from(row)),
  { minLength: 1, maxLength: 20 },
);

Deno.test("NormalizationFit equals mean and deviation of the whole window", () => {
  fc.assert(fc.property(rowsOf, (rows) => {
    const { mean, deviation, rows: count } = fitOf(rows);
    assert.equal(count, rows.length);
    for (let place = 0; place < FEATURE_COUNT; place++) {
      const column = rows.map((row) => row[place]!);
      const average = column.reduce((sum, each) => sum + each, 0) / count;
      const squares = column.map((each) => (each - average) ** 2);
      const variance = squares.reduce((sum, each) => sum + each, 0) / count;
      assert.ok(Math.abs(mean[place]! - average) <= 1e-9);
      assert.ok(Math.abs(deviation[place]! - Math.sqrt(variance)) <= 1e-6);
    }
  }));
});

Deno.test("NormalizationFit is plain numbers, and nothing without a row", () => {
  assert.equal(new NormalizationFit().finish(), null);
  const normalization = fitOf([new Float32Array(FEATURE_COUNT).fill(1)]);
  assert.deepEqual(JSON.parse(JSON.stringify(normalization)), normalization);
});

Deno.test("normalize() cuts to ±5, and what never changed in training is 0", () => {
  const low = new Float32Array(FEATURE_COUNT).fill(1);
  const high = new Float32Array(FEATURE_COUNT).fill(3);
  [low[0], high[0]] = [2, 2];
  const normalization = fitOf([low, high]);
  const row = new Float32Array(FEATURE_COUNT).fill(2.5);
  [row[1], row[2]] = [99, -99];
  const target = new Float32Array(FEATURE_COUNT);
  normalize(row, { normalization, target });
  assert.deepEqual([...target.subarray(0, 4)], [0, 5, -5, 0.5]);
});

Deno.test("normalize() refuses statistics of other features and rows of other lengths", () => {
  const row = new Float32Array(FEATURE_COUNT);
  const normalization = fitOf([row]);
  const target = new Float32Array(FEATURE_COUNT);
  assert.throws(() =>
    normalize(row, { normalization: { ...normalization, version: 0 }, target })
  );
  assert.throws(() =>
    normalize(row, { normalization: { ...normalization, mean: [] }, target })
  );
  assert.throws(() =>
    normalize(new Float32Array(1), { normalization, target })
  );
  assert.throws(() => new NormalizationFit().add(new Float32Array(1)));
});
