import assert from "node:assert/strict";

/** Fails where two figures differ by more than `within`, or where the actual one is unknown. */
export function assertNear(
  actual: number | null,
  expected: number,
  within = 1e-8,
): void {
  assert(
    actual !== null && Math.abs(actual - expected) <= within,
    `${actual} is not within ${within} of ${expected}`,
  );
}
