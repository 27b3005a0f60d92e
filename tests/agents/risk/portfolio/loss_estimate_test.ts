import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  estimateLoss,
  LOSS_METHODS,
  tailOf,
} from "../../../../agents/risk/portfolio/loss_estimate.ts";
import { prepareSample } from "../../../../agents/risk/portfolio/loss_sample.ts";
import { scaleToHorizon } from "../../../../agents/risk/portfolio/horizon.ts";
import { assertNear } from "../../../support/assert_near.ts";

const PROPERTY = { seed: 20_271, numRuns: 300 };
const LEVELS = [0.9, 0.95, 0.975, 0.99] as const;

const returnsArb = fc.array(
  fc.double({ min: -0.3, max: 0.4, noNaN: true }),
  { minLength: 100, maxLength: 300, size: "max" },
);

for (const method of LOSS_METHODS) {
  Deno.test(`estimateLoss() by ${method} has a shortfall of at least the value at risk`, () => {
    fc.assert(
      fc.property(
        returnsArb,
        fc.constantFrom(...LEVELS),
        (returns, level) => {
          const found = estimateLoss(prepareSample(returns), { method, level });
          assert(found.expectedShortfall! >= found.valueAtRisk! - 1e-12);
        },
      ),
      PROPERTY,
    );
  });

  Deno.test(`estimateLoss() by ${method} scales with the returns`, () => {
    fc.assert(
      fc.property(
        returnsArb,
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        (returns, factor) => {
          const options = { method, level: 0.95 };
          const once = estimateLoss(prepareSample(returns), options);
          const scaled = returns.map((value) => value * factor);
          const more = estimateLoss(prepareSample(scaled), options);
          // At the border of a domain a rounding error decides which figure stands in.
          fc.pre(more.usedMethod === once.usedMethod);
          fc.pre(more.usedShortfallMethod === once.usedShortfallMethod);
          const within = 1e-9 * factor;
          assertNear(more.valueAtRisk, factor * once.valueAtRisk!, within);
          assertNear(
            more.expectedShortfall,
            factor * once.expectedShortfall!,
            within,
          );
        },
      ),
      PROPERTY,
    );
  });
}

for (const method of ["historical", "historical_order"] as const) {
  Deno.test(`estimateLoss() by ${method} does not fall with the level`, () => {
    fc.assert(
      fc.property(returnsArb, (returns) => {
        const sample = prepareSample(returns);
        const found = LEVELS.map((level) =>
          estimateLoss(sample, { method, level })
        );
        for (let index = 1; index < found.length; index++) {
          const lower = found[index - 1]!;
          const higher = found[index]!;
          assert(higher.valueAtRisk! >= lower.valueAtRisk!);
          assert(
            higher.expectedShortfall! >= lower.expectedShortfall! - 1e-12,
          );
        }
      }),
      PROPERTY,
    );
  });
}

Deno.test("estimateLoss() grows with the root of the horizon", () => {
  const sample = prepareSample(
    Array.from({ length: 200 }, (_, index) => Math.sin(index * 2.4) / 50),
  );
  for (const method of LOSS_METHODS) {
    const one = estimateLoss(sample, { method, level: 0.99 });
    const ten = estimateLoss(sample, {
      method,
      level: 0.99,
      horizonPeriods: 10,
    });
    assertNear(ten.valueAtRisk, one.valueAtRisk! * Math.sqrt(10), 1e-12);
    assert.equal(ten.horizonPeriods, 10);
  }
  assert.throws(() => scaleToHorizon(1, 0), /horizon/);
});

Deno.test("estimateLoss() of unknown returns is unknown with its reason, never 0", () => {
  const known = Array.from({ length: 120 }, (_, index) => index % 7 / 100);
  const gappy = known.map((value, index) =>
    index > 0 && index % 10 === 0 ? NaN : value
  );
  const found = estimateLoss(prepareSample(gappy), {
    method: "normal",
    level: 0.95,
  });
  assert.equal(found.valueAtRisk, null);
  assert.equal(found.code, "TOO_MANY_GAPS");
  assert.equal(
    found.reason,
    "11 of 120 returns are unknown, at most 5 % may be",
  );
  const infinite = estimateLoss(prepareSample([Infinity, NaN]), {
    method: "ewma",
    level: 0.95,
  });
  assert.equal(infinite.expectedShortfall, null);
  assert.equal(infinite.observations, 0);
});

Deno.test("estimateLoss() takes a history that begins later as a shorter one", () => {
  const known = Array.from({ length: 120 }, (_, index) => index % 7 / 100);
  const late = [...Array(500).fill(NaN), ...known];
  const options = { method: "historical", level: 0.99 } as const;
  assert.deepEqual(
    estimateLoss(prepareSample(late), options),
    estimateLoss(prepareSample(known), options),
  );
});

Deno.test("estimateLoss() of equal returns is that return, without a deviation to divide by", () => {
  const sample = prepareSample(Array(150).fill(-0.001));
  for (const method of ["historical", "normal", "cornish_fisher"] as const) {
    const found = estimateLoss(sample, { method, level: 0.99 });
    assertNear(found.valueAtRisk, 0.001, 1e-12);
    assertNear(found.expectedShortfall, 0.001, 1e-12);
  }
});

Deno.test("estimateLoss() by EWMA takes both seeds and any decay", () => {
  const returns = Array.from({ length: 20 }, (_, index) => (index + 1) / 1_000);
  const options = { method: "ewma", level: 0.99 } as const;
  const window = estimateLoss(prepareSample(returns), {
    ...options,
    seed: "first_window",
  });
  const z = 2.3263478740408408;
  // The mean square of 1 to 20 is 143.5.
  assertNear(window.valueAtRisk, z * Math.sqrt(143.5e-6), 1e-12);
  const square = estimateLoss(prepareSample(returns), {
    ...options,
    decay: 0,
  });
  assertNear(square.valueAtRisk, z * 0.02, 1e-12);
  const few = estimateLoss(prepareSample(returns.slice(1)), {
    ...options,
    seed: "first_window",
    observationsMin: 2,
  });
  assert.equal(few.reason, "19 returns are known, ewma at 0.99 needs 20");
});

Deno.test("estimateLoss() by Cornish-Fisher falls back to the historical figure outside of its domain", () => {
  const returns = Array.from(
    { length: 200 },
    (_, index) => 0.001 * (index % 3),
  );
  returns[100] = -0.9;
  const sample = prepareSample(returns);
  const options = { level: 0.99 } as const;
  const found = estimateLoss(sample, { ...options, method: "cornish_fisher" });
  const standIn = estimateLoss(sample, { ...options, method: "historical" });
  assert.equal(found.code, "FELL_BACK");
  assert.equal(found.method, "cornish_fisher");
  assert.equal(found.usedMethod, "historical");
  assert.equal(found.valueAtRisk, standIn.valueAtRisk);
  assert.equal(found.expectedShortfall, standIn.expectedShortfall);
  assert.match(found.reason!, /^Skewness -\d+\.\d\d and kurtosis /);
});

Deno.test("tailOf() has no rounding error and refuses what is no level", () => {
  assert.equal(tailOf(0.95), 0.05);
  assert.equal(tailOf(0.99), 0.01);
  for (const level of [0, 1, NaN, 95]) {
    assert.throws(() => tailOf(level), /level/);
  }
});
