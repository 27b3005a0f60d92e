import assert from "node:assert/strict";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
import {
  guardConfigSchema,
  withGuardPresets,
} from "../../../lib/contracts/guard_config.ts";
import { RISK_MEASURE_NAMES } from "../../../lib/contracts/risk.ts";
import { isGuarded } from "../../../lib/fleet/guards/scope.ts";
import {
  validateConfig,
  type ValidationContext,
} from "../../../lib/fleet/validation.ts";
import { agentConfig } from "../../support/config.ts";
import { agentEntry } from "../../support/record.ts";
import type { AgentEntry } from "../../../lib/fleet/registry.ts";

const GUARD = "agt_GUARD";
const SLOW = entry("agt_SLOW", { name: "slow", timeframe: "4h" });
const OTHER = entry("agt_OTHER", guard("other guard", {}));

const WORLD: ValidationContext = {
  siblings: [SLOW, OTHER],
  agentsAllowed: 10,
  candleFiles: [],
  models: [],
  listening: { selfId: GUARD, ownerId: "usr_1", agents: [] },
  candlesDir: "data/candles",
  simulationSpeed: 60,
  access: { exchanges: [], exchangeEndpoints: {} },
  isNew: true,
  changedId: GUARD,
  live: {
    ownerId: "usr_1",
    others: [],
    isLiveArmed: false,
    findExchangeKey: () => null,
  },
};

function entry(
  id: string,
  config: Parameters<typeof agentEntry>[0],
): AgentEntry {
  const made = agentEntry(config);
  return { ...made, record: { ...made.record, id } };
}

function guard(name: string, settings: object): AgentConfigInput {
  return {
    ...agentConfig({ name, type: "risk_manager" }),
    guard: settings as AgentConfigInput["guard"],
  };
}

Deno.test("validateConfig() accepts a risk manager with presets, which no rule of theirs contradicts", () => {
  const { guard: _guard, ...config } = guard("warden", {});
  const result = validateConfig(config, WORLD);
  assert.deepEqual(result.errors, []);
  assert.equal(result.worstDayLoss, null);
  assert.deepEqual(
    Object.keys(result.config!.guard!.rules).toSorted(),
    [...RISK_MEASURE_NAMES].toSorted(),
  );
});

const MISTAKES: readonly [string, object, string, RegExp][] = [
  [
    "nobody to guard",
    { scope: { kind: "agents", agentIds: [] } },
    "/guard/scope/agentIds",
    /Name at least one agent to guard/,
  ],
  [
    "an agent that is not there",
    { scope: { kind: "agents", agentIds: ["agt_SLOW", "agt_GONE"] } },
    "/guard/scope/agentIds",
    /You have no agent "agt_GONE"/,
  ],
  [
    "itself",
    { scope: { kind: "agents", agentIds: [GUARD] } },
    "/guard/scope/agentIds",
    /cannot guard itself/,
  ],
  [
    "another risk manager",
    { scope: { kind: "agents", agentIds: ["agt_OTHER"] } },
    "/guard/scope/agentIds",
    /"other guard" is a risk manager, too/,
  ],
  [
    "a key that is nobody's",
    { scope: { kind: "account", exchangeKeyId: "key_1" } },
    "/guard/scope/exchangeKeyId",
    /You have no exchange key/,
  ],
  [
    "a release beyond its limit",
    { rules: { drawdown_pct: { release: 12 } } },
    "/guard/rules/drawdown_pct",
    /its release must be below its warning/,
  ],
  [
    "a mirrored rule the wrong way round",
    { rules: { liquidation_distance_pct: { release: 1 } } },
    "/guard/rules/liquidation_distance_pct",
    /its release must be above its warning/,
  ],
  [
    "positions to be closed by a rule that only reduces",
    { rules: { gross_exposure_pct: { flatten: true } } },
    "/guard/rules/gross_exposure_pct/flatten",
    /closes positions only when it halts/,
  ],
  [
    "a limit that is no number",
    { rules: { drawdown_pct: { limit: "much" } } },
    "/guard/rules/drawdown_pct/limit",
    /Enter a number from 0 to 10000 percent/,
  ],
];

for (const [what, settings, pointer, sentence] of MISTAKES) {
  Deno.test(`validateConfig() refuses a risk manager with ${what}`, () => {
    const { errors } = validateConfig(guard("warden", settings), WORLD);
    const found = errors.find((error) => error.pointer === pointer);
    assert.match(found?.detail ?? JSON.stringify(errors), sentence);
  });
}

Deno.test("validateConfig() refuses the block guard on an agent that trades, and a live risk manager", () => {
  const trader = validateConfig({
    ...agentConfig({ name: "trader" }),
    guard: {},
  }, WORLD);
  assert.deepEqual(trader.errors.map(({ code }) => code), ["GUARD_UNUSED"]);
  const live = validateConfig(
    { ...guard("warden", {}), mode: "live" },
    WORLD,
  );
  assert.deepEqual(live.errors.map(({ code }) => code), [
    "GUARD_TRADES_NOTHING",
  ]);
});

Deno.test("validateConfig() warns of candles too short for a guarded market, and of no rule in force", () => {
  const rules = Object.fromEntries(
    RISK_MEASURE_NAMES.map((name) => [name, { enabled: false }]),
  );
  const { warnings } = validateConfig(
    { ...guard("warden", { rules }), timeframe: "15m" },
    WORLD,
  );
  assert.deepEqual(warnings.map(({ code }) => code), [
    "GUARD_TIMEFRAME_SHORT",
    "GUARD_WITHOUT_RULES",
  ]);
});

Deno.test("isGuarded() takes agents of the same owner that are meant to run, within the scope", () => {
  const scoped = (scope: object) => entry(GUARD, guard("warden", { scope }));
  const user = scoped({ kind: "user" });
  assert(isGuarded(user, SLOW));
  assert(!isGuarded(user, OTHER));
  assert(!isGuarded(user, user));
  const stopped = entry("agt_SLOW", { name: "slow" });
  stopped.record = { ...stopped.record, desired: "stopped" };
  assert(!isGuarded(user, stopped));
  const foreign = entry("agt_SLOW", { name: "slow" });
  foreign.record = { ...foreign.record, ownerId: "usr_2" };
  assert(!isGuarded(user, foreign));
  assert(isGuarded(scoped({ kind: "agents", agentIds: ["agt_SLOW"] }), SLOW));
  assert(!isGuarded(scoped({ kind: "agents", agentIds: ["agt_X"] }), SLOW));
  assert(!isGuarded(scoped({ kind: "account", exchangeKeyId: "key_1" }), SLOW));
});

Deno.test("withGuardPresets() completes a risk manager and leaves every other type as it is", () => {
  const trader = { type: "pattern_detector" };
  assert.equal(withGuardPresets(trader), trader);
  assert.deepEqual(
    withGuardPresets({ type: "risk_manager", guard: undefined }).guard,
    guardConfigSchema.parse({}),
  );
});
