import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  dropGuard,
  gravestDemand,
  type GuardHolds,
  releaseGuard,
  releaseGuards,
  takeDemand,
} from "../../../agents/risk/guard_holds.ts";
import {
  NO_CAUSES,
  rearmCauses,
  type TradingCauses,
  tradingStanding,
} from "../../../agents/risk/limits.ts";
import { graverState } from "../../../agents/risk/portfolio/rule_standing.ts";
import type { GuardDemand, GuardLatch } from "../../../lib/contracts/guard.ts";

const PROPERTY = { seed: 20_281, numRuns: 300 };

const demandArb: fc.Arbitrary<GuardDemand> = fc.record({
  state: fc.constantFrom("reducing", "halted"),
  code: fc.constantFrom("RISK_DRAWDOWN", "RISK_UNKNOWN"),
  reason: fc.constant('Risk manager "g": too much'),
  ruleId: fc.constantFrom("drawdown_pct", "gross_exposure_pct", "data"),
  flattens: fc.boolean(),
});
const latchArb: fc.Arbitrary<GuardLatch> = fc.tuple(
  demandArb,
  fc.integer({ min: 1, max: 20 }),
).map(([demand, id]) => ({ ...demand, id }));

const saidArb = fc.record({
  guardId: fc.constantFrom("a", "b", "c"),
  current: fc.option(demandArb),
  latched: fc.option(latchArb),
});
const holdsArb = fc.array(saidArb, { maxLength: 8 }).map((all) =>
  all.reduce<GuardHolds | undefined>(takeDemand, undefined)
);

const OWN: readonly TradingCauses[] = [
  NO_CAUSES,
  { ...NO_CAUSES, breaker: { reason: "lost too often" } },
  { ...NO_CAUSES, drawdown: { reason: "lost too much" } },
];

Deno.test("tradingStanding() is the strictest of the account's own causes and of every guard's demand", () => {
  fc.assert(
    fc.property(holdsArb, fc.constantFrom(...OWN), (guards, own) => {
      const demands = Object.values(guards ?? {})
        .flatMap(({ current, latched }) => [current, latched])
        .filter((demand) => demand !== null);
      const expected = demands.reduce(
        (state, demand) => graverState(state, demand.state),
        tradingStanding(own).state,
      );
      const causes = guards === undefined ? own : { ...own, guards };
      const standing = tradingStanding(causes);
      assert.equal(standing.state, expected);
      if (standing.code === "TRADING_HALTED") {
        assert.equal(gravestDemand(guards)?.state, "halted");
        assert.match(standing.reason!, /^Risk manager "g"/);
      }
    }),
    PROPERTY,
  );
});

Deno.test("takeDemand() never takes a latch away, whatever the guard says or its absence does", () => {
  fc.assert(
    fc.property(
      holdsArb,
      fc.array(fc.oneof(saidArb, fc.constant(null)), { maxLength: 8 }),
      (guards, later) => {
        const before = latchedStates(guards);
        const after = later.reduce<GuardHolds | undefined>(
          (holds, said) =>
            said === null ? dropGuard(holds, "a") : takeDemand(holds, said),
          guards,
        );
        for (const [guardId, state] of Object.entries(before)) {
          const now = after?.[guardId]?.latched?.state;
          assert(now !== undefined, `the latch of ${guardId} is gone`);
          assert.equal(graverState(state, now), now);
        }
      },
    ),
    PROPERTY,
  );
});

Deno.test("releaseGuards() clears every latch, and a guard that has not heard of it cannot bring it back", () => {
  fc.assert(
    fc.property(holdsArb, (guards) => {
      const released = releaseGuards(guards);
      assert.deepEqual(latchedStates(released), {});
      const again = Object.entries(guards ?? {}).reduce<GuardHolds | undefined>(
        (holds, [guardId, { latched }]) =>
          takeDemand(holds, { guardId, current: null, latched }),
        released,
      );
      assert.deepEqual(latchedStates(again), {});
      // A newer one is another matter.
      for (const [guardId, { latched }] of Object.entries(guards ?? {})) {
        if (latched === null) continue;
        const newer = { ...latched, id: latched.id + 1 };
        const taken = takeDemand(released, {
          guardId,
          current: null,
          latched: newer,
        });
        assert.deepEqual(taken?.[guardId]?.latched, newer);
      }
    }),
    PROPERTY,
  );
});

Deno.test("releaseGuard() releases what one guard latched until a moment, also what has not arrived yet, and no other's", () => {
  fc.assert(
    fc.property(
      holdsArb,
      latchArb,
      fc.integer({ min: 1, max: 20 }),
      (guards, latch, releasedId) => {
        const after = releaseGuard(guards, { guardId: "a", releasedId });
        const mine = after?.["a"]?.latched ?? null;
        assert(mine === null || mine.id > releasedId);
        for (const other of ["b", "c"]) {
          assert.deepEqual(after?.[other], guards?.[other]);
        }
        const late = takeDemand(after, {
          guardId: "a",
          current: null,
          latched: latch,
        });
        if (latch.id <= releasedId) {
          assert.deepEqual(late?.["a"]?.latched ?? null, mine);
        }
      },
    ),
    PROPERTY,
  );
});

Deno.test("dropGuard() lets go of what is not latched and of nothing else", () => {
  fc.assert(
    fc.property(holdsArb, (guards) => {
      const after = dropGuard(guards, "a");
      assert.equal(after?.["a"]?.current ?? null, null);
      assert.deepEqual(
        after?.["a"]?.latched ?? null,
        guards?.["a"]?.latched ?? null,
      );
      assert.deepEqual(after?.["b"], guards?.["b"]);
    }),
    PROPERTY,
  );
});

Deno.test("rearmCauses() releases guards' latches with the account's own, and leaves what guards want now", () => {
  const demand: GuardDemand = {
    state: "reducing",
    code: "RISK_GROSS_EXPOSURE",
    reason: 'Risk manager "g": too much',
    ruleId: "gross_exposure_pct",
    flattens: false,
  };
  const latch: GuardLatch = {
    ...demand,
    state: "halted",
    ruleId: "drawdown_pct",
    id: 7,
  };
  const guards = takeDemand(undefined, {
    guardId: "a",
    current: demand,
    latched: latch,
  })!;
  const causes = { ...NO_CAUSES, guards };
  assert.equal(tradingStanding(causes).state, "halted");
  const rearmed = rearmCauses(causes);
  assert.equal(tradingStanding(rearmed).state, "reducing");
  assert.equal(rearmed.guards?.["a"]?.releasedId, 7);
  assert.equal(rearmCauses(NO_CAUSES), NO_CAUSES);
});

function latchedStates(guards: GuardHolds | undefined) {
  return Object.fromEntries(
    Object.entries(guards ?? {}).flatMap(([guardId, { latched }]) =>
      latched === null ? [] : [[guardId, latched.state]]
    ),
  );
}
