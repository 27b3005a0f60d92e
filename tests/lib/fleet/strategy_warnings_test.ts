import assert from "node:assert/strict";
import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import { findStrategyWarnings } from "../../../lib/fleet/strategy_warnings.ts";
import { agentConfig } from "../../support/config.ts";

function codes(fields: Partial<AgentConfigInput>): string[] {
  const config = agentConfigSchema.parse({
    ...agentConfig({ name: "test" }),
    ...fields,
  });
  return findStrategyWarnings(config).map(({ pointer, code }) =>
    `${code} ${pointer}`
  );
}

const OFF = { orderBlock: { enabled: false }, fvg: { enabled: false } };

Deno.test("findStrategyWarnings() has nothing to say of the defaults, of all strategies and of any sizing", () => {
  assert.deepEqual(codes({}), []);
  const on = { enabled: true };
  const all = { liquiditySweep: on, breakout: on, meanReversion: on };
  for (const method of ["fixed_fractional", "volatility", "kelly"] as const) {
    assert.deepEqual(codes({ strategies: all, sizing: { method } }), []);
  }
});

Deno.test("findStrategyWarnings() knows every strategy when none seems to be on", () => {
  assert.deepEqual(codes({ strategies: OFF }), ["NO_STRATEGY /strategies"]);
  assert.deepEqual(codes({ strategies: OFF, signalsOnly: true }), []);
  for (const key of ["liquiditySweep", "breakout", "meanReversion", "pairs"]) {
    assert.deepEqual(
      codes({ strategies: { ...OFF, [key]: { enabled: true } } }),
      [],
    );
  }
});

Deno.test("findStrategyWarnings() names a least reward above the target, by strategy and only where it is on", () => {
  const greedy = { enabled: true, minRewardRisk: 3 };
  for (const key of ["orderBlock", "fvg", "liquiditySweep"]) {
    const pointer = `/strategies/${key}/minRewardRisk`;
    assert.deepEqual(codes({ strategies: { [key]: greedy } }), [
      `TARGET_BELOW_LEAST_REWARD ${pointer}`,
    ]);
    const far = { ...greedy, targetR: 3 };
    assert.deepEqual(codes({ strategies: { [key]: far } }), []);
  }
  assert.deepEqual(codes({ strategies: { breakout: greedy } }), [
    "NEVER_TRADES /strategies/breakout/minRewardRisk",
  ]);
  const trail = { ...greedy, exit: "trail" as const };
  assert.deepEqual(codes({ strategies: { breakout: trail } }), []);
  const off = { ...greedy, enabled: false };
  assert.deepEqual(
    codes({ strategies: { breakout: off, liquiditySweep: off } }),
    [],
  );
});

Deno.test("findStrategyWarnings() names pools that are all off, an exit at the entry, a sizing that may stop", () => {
  const noPools = {
    enabled: true,
    useEqualLevels: false,
    usePreviousDay: false,
    usePreviousWeek: false,
    useSession: false,
    useSwing: false,
  };
  assert.deepEqual(codes({ strategies: { liquiditySweep: noPools } }), [
    "NEVER_TRADES /strategies/liquiditySweep/useEqualLevels",
  ]);
  const atOnce = { enabled: true, entryZ: 1, exitZ: -1 };
  assert.deepEqual(codes({ strategies: { meanReversion: atOnce } }), [
    "EXIT_AT_ENTRY /strategies/meanReversion/exitZ",
  ]);
  assert.deepEqual(codes({ sizing: { method: "kelly", minFactor: 0 } }), [
    "SIZING_MAY_STOP /sizing/minFactor",
  ]);
});

Deno.test("findStrategyWarnings() finds pairs that can never be traded", () => {
  const pairs = (change: object) =>
    codes({ strategies: { pairs: { enabled: true, ...change } } });
  assert.deepEqual(pairs({ minHalfLife: 60, maxHalfLife: 20 }), [
    "NEVER_TRADES /strategies/pairs/minHalfLife",
  ]);
  assert.deepEqual(pairs({ entryZ: 4 }), [
    "NEVER_TRADES /strategies/pairs/entryZ",
  ]);
  assert.deepEqual(pairs({}), []);
});
