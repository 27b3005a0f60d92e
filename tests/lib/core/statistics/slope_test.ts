import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  slopeOf,
  studentQuantile,
} from "../../../../lib/core/statistics/slope.ts";
import { assertNear } from "../../../support/assert_near.ts";

const line = (perX: number, at: number, count: number) =>
  Array.from({ length: count }, (_, x) => ({ x, y: at + perX * x }));

/** Repeatable numbers of a bell, by the sum of twelve even ones. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const even = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, even).reduce((a, b) => a + b) - 6;
}

Deno.test("slopeOf() finds a line that is there, whatever it is added to or scaled by", () => {
  fc.assert(fc.property(
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.integer({ min: 4, max: 200 }),
    (perX, at, count) => {
      const found = slopeOf(line(perX, at, count), 0.95)!;
      assertNear(found.perX, perX, 1e-6);
      assertNear(found.high - found.low, 0, 1e-4);
      const bent = line(perX, at, count).map(({ x, y }, index) => ({
        x,
        y: y + index % 3,
      }));
      const plain = slopeOf(bent, 0.95)!;
      const moved = slopeOf(
        bent.map(({ x, y }) => ({ x: x + 7, y: y * 2 + 5 })),
        0.95,
      )!;
      assertNear(moved.perX, plain.perX * 2, 1e-6);
      assertNear(moved.low, plain.low * 2, 1e-4);
    },
  ));
});

Deno.test("slopeOf() says nothing of too few points or of one place", () => {
  assert.equal(slopeOf(line(1, 0, 3), 0.95), null);
  assert.equal(slopeOf([1, 2, 3, 4].map((y) => ({ x: 1, y })), 0.95), null);
});

Deno.test("slopeOf() holds the true slope as often as it says, also where neighbours repeat each other", () => {
  for (const memory of [0, 0.8]) {
    let inside = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const next = noise(run + 1);
      let last = 0;
      const points = Array.from({ length: 120 }, (_, x) => {
        last = memory * last + next();
        return { x, y: 0.3 * x + last };
      });
      const { low, high } = slopeOf(points, 0.95)!;
      if (low <= 0.3 && 0.3 <= high) inside++;
    }
    const share = inside / runs;
    assert.ok(share > 0.9 && share < 0.99, `${share} with memory ${memory}`);
  }
});

Deno.test("studentQuantile() is that of the tables", () => {
  for (
    const [freedom, expected] of [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [5, 2.571],
      [10, 2.228],
      [30, 2.042],
      [1_000, 1.962],
    ] as const
  ) {
    const found = studentQuantile(0.975, freedom);
    assert.ok(Math.abs(found / expected - 1) < 0.01, `${freedom}: ${found}`);
  }
});
