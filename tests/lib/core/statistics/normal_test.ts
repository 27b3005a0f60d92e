import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  normalCdf,
  normalQuantile,
} from "../../../../lib/core/statistics/normal.ts";
import { assertNear } from "../../../support/assert_near.ts";

const SEED = 20_261;

// Python 3.11: statistics.NormalDist().inv_cdf and 0.5 · math.erfc(−z / √2).
const QUANTILES: readonly (readonly [share: number, z: number])[] = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798405],
  [1e-10, -6.361340902404056],
  [1e-5, -4.2648907939228256],
  [0.001, -3.090232306167813],
  [0.01, -2.3263478740408408],
  [0.02425, -1.9729610513118845],
  [0.05, -1.6448536269514726],
  [0.1, -1.2815515655446008],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357998],
  [0.5, 0],
  [0.975, 1.9599639845400536],
  [0.999999, 4.753424308817089],
];
const SHARES: readonly (readonly [z: number, share: number])[] = [
  [-37, 5.725571222525139e-300],
  [-20, 2.7536241186063314e-89],
  [-8, 6.220960574271819e-16],
  [-5, 2.866515718791946e-7],
  [-3, 0.0013498980316300957],
  [-2, 0.02275013194817922],
  [-1, 0.15865525393145707],
  [0, 0.5],
  [0.1, 0.539827837277029],
  [1.96, 0.9750021048517795],
  [3, 0.9986501019683699],
  [6, 0.9999999990134123],
];

Deno.test("normalQuantile() agrees with Python to 1e-13 of the value", () => {
  for (const [share, z] of QUANTILES) {
    assertNear(normalQuantile(share), z, 1e-13 * Math.max(1, Math.abs(z)));
  }
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
  assert.equal(normalQuantile(1.1), NaN);
});

Deno.test("normalCdf() agrees with Python to 1e-13 of the value, far tails included", () => {
  for (const [z, share] of SHARES) {
    assertNear(normalCdf(z), share, 1e-13 * share);
  }
  assert.equal(normalCdf(-Infinity), 0);
  assert.equal(normalCdf(Infinity), 1);
});

Deno.test("normalCdf() undoes normalQuantile()", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }),
      (share) => assertNear(normalCdf(normalQuantile(share)), share, 1e-14),
    ),
    { seed: SEED, numRuns: 2_000 },
  );
});
