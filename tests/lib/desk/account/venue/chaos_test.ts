import assert from "node:assert/strict";
import fc from "fast-check";
import { decimal, toDecimalText } from "../../../../../lib/core/decimal.ts";
import { SPOT, SWAP } from "./profiles.ts";
import { Chaos } from "./chaos.ts";

const CHOICES = fc.array(fc.nat({ max: 16 * 2520 - 1 }), {
  minLength: 5,
  maxLength: 120,
});

for (const profile of [SWAP, SPOT]) {
  Deno.test(`an account at a ${profile.market} venue holds what the venue's trades add up to, and sends nothing twice, whatever comes late, twice or never`, () => {
    fc.assert(
      fc.property(CHOICES, (choices) => {
        const chaos = new Chaos(profile);
        for (const choice of choices) chaos.act(choice);
        chaos.settle();
        const { bench, oracle } = chaos;
        const { position } = oracle;
        const booked = decimal(bench.side.positionQuantity());
        // Dust that was given up is still there at the venue.
        const difference = position.minus(booked).abs();
        assert.ok(difference.lt(decimal("0.06")), toDecimalText(difference));
        assert.ok(bench.side.isProtected(), "it is protected or flat");
      }),
      { numRuns: 150 },
    );
  });
}
