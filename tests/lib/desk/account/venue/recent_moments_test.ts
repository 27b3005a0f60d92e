import assert from "node:assert/strict";
import fc from "fast-check";
import { RecentMoments } from "../../../../../lib/desk/account/venue/recent_moments.ts";
import { ORDER_MOMENTS_MAX } from "../../../../../lib/desk/limits.ts";

const WINDOW_MS = 1_000;
const OPTIONS = { atOf: (at: number) => at, windowMs: WINDOW_MS };

/** Steps of a clock that mostly goes on, and goes back now and then. */
const steps = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: -200, max: -1 }) },
  ),
  { maxLength: 300 },
);

function momentsOf(steps: readonly number[]): number[] {
  let at = 1_000_000;
  return steps.map((step) => at += step);
}

Deno.test("RecentMoments tells what is within the window before a moment, whatever the clock did", () => {
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: -2_000, max: 2_000 }),
      (steps, offsetMs) => {
        const ats = momentsOf(steps);
        const recent = new RecentMoments<number>([], OPTIONS);
        for (const at of ats) recent.add(at);
        const now = (ats.at(-1) ?? 0) + offsetMs;
        const expected = ats.filter((at) => at > now - WINDOW_MS);
        assert.deepEqual(recent.before(now), expected);
        assert.equal(recent.countBefore(now), expected.length);
      },
    ),
  );
});

Deno.test("RecentMoments kept and taken up again goes on as if it had not been", () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const ats = momentsOf([...before, ...after]);
      const through = new RecentMoments<number>([], OPTIONS);
      for (const at of ats) through.add(at);
      const first = new RecentMoments<number>([], OPTIONS);
      for (const at of ats.slice(0, before.length)) first.add(at);
      const second = new RecentMoments<number>(first.kept(), OPTIONS);
      for (const at of ats.slice(before.length)) second.add(at);
      const newest = Math.max(...ats);
      assert.deepEqual(
        second.kept().filter((at) => at > newest - WINDOW_MS),
        through.kept(),
      );
    }),
  );
});

Deno.test("RecentMoments keeps the newest ones where there is no room for all", () => {
  const recent = new RecentMoments<number>([], OPTIONS);
  const count = 5 * ORDER_MOMENTS_MAX;
  for (let index = 0; index < count; index++) recent.add(1_000 + index / 1e6);
  const kept = recent.kept();
  assert.equal(kept.length, ORDER_MOMENTS_MAX);
  assert.equal(kept.at(-1), 1_000 + (count - 1) / 1e6);
  assert.ok(recent.countBefore(1_000) >= ORDER_MOMENTS_MAX);
});
