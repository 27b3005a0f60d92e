import assert from "node:assert/strict";
import fc from "fast-check";
import { PairSpread } from "../../../agents/strategies/pair_spread.ts";
import { pairCandles } from "../fixtures/pair_candles.ts";

/** Slope of the least squares of y on x with an intercept. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [joint, squares] = [0, 0];
  x.forEach((value, index) => {
    joint += (value - mx) * (y[index]! - my);
    squares += (value - mx) ** 2;
  });
  return joint / squares;
}

/** All of it from scratch over the candles up to the last. */
function oracle(
  closes: readonly (readonly [number, number])[],
  { window, candles }: { window: number; candles: number },
) {
  const a = closes.map(([close]) => Math.log(close));
  const b = closes.map(([, close]) => Math.log(close));
  const beta = slope(b.slice(-window), a.slice(-window));
  const spread = a.map((value, index) => value - beta * b[index]!);
  const before = spread.slice(-window - 1, -1);
  const change = before.map((value, index) =>
    spread[spread.length - window + index]! - value
  );
  const lambda = slope(before, change);
  const last = spread.slice(-candles);
  const mean = last.reduce((sum, value) => sum + value, 0) / candles;
  const deviation = Math.sqrt(
    last.reduce((sum, value) => sum + (value - mean) ** 2, 0) / candles,
  );
  return {
    beta,
    halfLife: lambda < 0 ? -Math.LN2 / lambda : null,
    z: (last.at(-1)! - mean) / deviation,
  };
}

const near = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)), what);

Deno.test("PairSpread has beta, half-life and distance of a batch computation", () => {
  fc.assert(
    fc.property(
      fc.nat(1_000),
      fc.integer({ min: 20, max: 60 }),
      fc.integer({ min: 3, max: 20 }),
      (seed, window, candles) => {
        const spread = new PairSpread(window);
        const closes: [number, number][] = [];
        for (const bar of pairCandles({ seed, count: 180, halfLife: 5 })) {
          closes.push([bar.close, bar.hedge!.close]);
          spread.push(bar.close, bar.hedge!.close);
          const reading = spread.read();
          assert.equal(reading === null, closes.length < window + 1);
          if (reading === null) continue;
          const wanted = oracle(closes, { window, candles });
          near(reading.beta, wanted.beta, `seed ${seed} beta`);
          assert.equal(reading.halfLife === null, wanted.halfLife === null);
          if (reading.halfLife !== null) {
            const [ours, theirs] = [1 / reading.halfLife, 1 / wanted.halfLife!];
            near(ours, theirs, `seed ${seed} half-life`);
          }
          const distance = spread.distance(reading.beta, candles);
          near(distance!.z, wanted.z, `seed ${seed} z`);
        }
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("PairSpread finds the beta and the half-life that a market was made with", () => {
  const spread = new PairSpread(1_000);
  for (const bar of pairCandles({ seed: 4, count: 4_000, beta: 1.5 })) {
    spread.push(bar.close, bar.hedge!.close);
  }
  const { beta, halfLife } = spread.read()!;
  assert.ok(Math.abs(beta - 1.5) < 0.1, `beta ${beta}`);
  assert.ok(halfLife! > 10 && halfLife! < 40, `half-life ${halfLife}`);
});

Deno.test("PairSpread says nothing of a second market that stands still, nor of a spread that does", () => {
  const still = new PairSpread(10);
  for (let i = 0; i < 30; i++) still.push(100 + i % 3, 50);
  assert.equal(still.read(), null);
  const same = new PairSpread(10);
  for (let i = 0; i < 30; i++) same.push(2 ** (i % 3), 2 ** (i % 3));
  assert.equal(same.distance(1, 10), null);
});

Deno.test("PairSpread goes on from a snapshot bit for bit", () => {
  const candles = pairCandles({ seed: 9, count: 150 });
  for (const cut of [0, 10, 39, 40, 41, 100]) {
    const whole = new PairSpread(40);
    let restored = new PairSpread(40);
    candles.forEach((bar, index) => {
      whole.push(bar.close, bar.hedge!.close);
      restored.push(bar.close, bar.hedge!.close);
      if (index === cut) {
        const snapshot = structuredClone(restored.snapshot());
        restored = new PairSpread(40);
        restored.restore(snapshot);
      }
      assert.deepEqual(restored.read(), whole.read());
      assert.deepEqual(restored.distance(1.1, 17), whole.distance(1.1, 17));
    });
  }
});
