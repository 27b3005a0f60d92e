import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  cornishFisherLoss,
  cornishFisherShortfall,
  EWMA_SEED_WINDOW,
  ewmaVariance,
  ewmaVariances,
  isCornishFisherTailValid,
  isCornishFisherValid,
} from "../../../../lib/core/statistics/loss_models.ts";
import { assertNear } from "../../../support/assert_near.ts";

const PROPERTY = { seed: 20_272, numRuns: 200 };

const momentsArb = fc.record({
  mean: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  deviation: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  skewness: fc.double({ min: -2, max: 2, noNaN: true }),
  kurtosis: fc.double({ min: 2, max: 9, noNaN: true }),
});

Deno.test("cornishFisherShortfall() is the mean of the losses beyond its value at risk", () => {
  fc.assert(
    fc.property(momentsArb, (moments) => {
      const tail = 0.05;
      fc.pre(isCornishFisherTailValid(moments, tail));
      // Midpoints of equal chances within the tail.
      const parts = 4_000;
      let sum = 0;
      for (let part = 0; part < parts; part++) {
        sum += cornishFisherLoss(moments, tail * (part + 0.5) / parts);
      }
      const shortfall = cornishFisherShortfall(moments, tail);
      assertNear(shortfall, sum / parts, 2e-3 * moments.deviation);
      assert(shortfall >= cornishFisherLoss(moments, tail));
    }),
    PROPERTY,
  );
});

Deno.test("cornishFisherShortfall() of the first and the mixed series is the integral by Simpson's rule", () => {
  const one = {
    mean: 0.0025133975,
    deviation: 0.020366296461229234,
    skewness: -0.43307828504928547,
    kurtosis: 2.3581480564092314,
  };
  const mixed = {
    mean: 0.006250000000000002,
    deviation: 0.057554322166106696,
    skewness: -0.3650572690177865,
    kurtosis: 3.119534731656992,
  };
  assertNear(cornishFisherShortfall(one, 0.05), 0.04160241434008064, 1e-8);
  assertNear(cornishFisherShortfall(mixed, 0.05), 0.12341895421749141, 1e-8);
});

Deno.test("isCornishFisherTailValid() implies a larger loss for a smaller chance, all the way", () => {
  fc.assert(
    fc.property(
      momentsArb,
      fc.double({ min: 1e-9, max: 0.04, noNaN: true }),
      (moments, deeper) => {
        fc.pre(isCornishFisherTailValid(moments, 0.05));
        assert(isCornishFisherValid(moments, 0.05));
        assert(
          cornishFisherLoss(moments, deeper) >
            cornishFisherLoss(moments, 0.05) - 1e-12,
        );
      },
    ),
    PROPERTY,
  );
});

Deno.test("ewmaVariance() from the first square is the last of ewmaVariances()", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), {
        minLength: 1,
        maxLength: 60,
        size: "max",
      }),
      (returns) => {
        const last = ewmaVariances(returns).at(-1)!;
        assertNear(ewmaVariance(returns), last, 1e-15);
      },
    ),
    PROPERTY,
  );
});

Deno.test("ewmaVariance() from the first window begins with its mean square", () => {
  const returns = Array.from(
    { length: EWMA_SEED_WINDOW },
    (_, index) => (index + 1) / 1_000,
  );
  // Mean of the squares of 1 to 20 is 143.5.
  assertNear(ewmaVariance(returns, { seed: "first_window" }), 143.5e-6, 1e-15);
  assertNear(
    ewmaVariance([...returns, 0.1], { seed: "first_window" }),
    0.94 * 143.5e-6 + 0.06 * 0.01,
    1e-15,
  );
  assertNear(
    ewmaVariance([...returns, 0.1], { seed: "first_window", decay: 0.5 }),
    0.5 * 143.5e-6 + 0.5 * 0.01,
    1e-15,
  );
  assert.equal(ewmaVariance(returns.slice(1), { seed: "first_window" }), null);
  assert.equal(ewmaVariance([]), null);
});
