import assert from "node:assert/strict";
import fc from "fast-check";
import { liquidationDistancePct } from "../../../agents/risk/liquidation_distance.ts";

Deno.test("liquidationDistancePct() is the nearer of long and short by the desk's formula", () => {
  // Long at 10x: (1 − 0.1) / (1 − 0.0055) leaves 9.5 %, which is nearer than the short's 9.4 %.
  const pct = liquidationDistancePct({ leverage: 10, takerFeeBp: 5 })!;
  assert.ok(pct > 9 && pct < 10, String(pct));
});

Deno.test("liquidationDistancePct() falls as leverage and fees rise, and is never negative", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 99 }),
      fc.integer({ min: 0, max: 99 }),
      (leverage, takerFeeBp) => {
        const here = liquidationDistancePct({ leverage, takerFeeBp })!;
        const more = liquidationDistancePct({
          leverage: leverage + 1,
          takerFeeBp,
        })!;
        const dearer = liquidationDistancePct({
          leverage,
          takerFeeBp: takerFeeBp + 1,
        })!;
        assert.ok(here >= 0 && more <= here && dearer <= here);
        assert.ok(here <= 100 / leverage, "margin is what there is to lose");
      },
    ),
  );
});
