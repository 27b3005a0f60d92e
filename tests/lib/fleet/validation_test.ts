import assert from "node:assert/strict";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
import {
  validateConfig,
  type ValidationContext,
} from "../../../lib/fleet/validation.ts";
import { agentConfig } from "../../support/config.ts";
import { agentEntry } from "../../support/record.ts";

const ALONE: ValidationContext = {
  siblings: [],
  agentsAllowed: 10,
  candleFiles: [{ file: "btc.csv", bytes: 1 }],
  models: [],
  candlesDir: "data/candles",
  simulationSpeed: 60,
  access: { exchanges: ["binance"], exchangeEndpoints: {} },
  isNew: true,
  listening: { selfId: null, ownerId: "usr_1", agents: [] },
  changedId: null,
  live: {
    ownerId: "usr_1",
    others: [],
    isLiveArmed: false,
    findExchangeKey: () => null,
  },
};

function risk(
  change: Partial<AgentConfigInput["risk"]>,
): AgentConfigInput["risk"] {
  return { ...agentConfig({ name: "x1" }).risk, ...change };
}

function exchange(id: string) {
  return { kind: "exchange", exchange: id, market: "spot" } as const;
}

Deno.test("validateConfig() accepts live prices of an exchange that may be reached", () => {
  for (const market of ["spot", "swap"] as const) {
    const feed = { ...exchange("binance"), market };
    const result = validateConfig(agentConfig({ name: "ok", feed }), ALONE);
    assert.deepEqual(result.errors, []);
  }
});

Deno.test("validateConfig() accepts every template", () => {
  const result = validateConfig(agentConfig({ name: "fine" }), ALONE);
  assert.deepEqual(result.errors, []);
  assert.equal(result.valid, true);
  assert.ok(result.estimate !== null && result.estimate.memoryMiB > 0);
});

const MISTAKES: readonly [string, unknown, string, RegExp][] = [
  ["a short name", agentConfig({ name: "x" }), "/name", /2 to 40 letters/],
  [
    "too little capital",
    agentConfig({ name: "ok", risk: risk({ initialCapital: "99" }) }),
    "/risk/initialCapital",
    /100 to 100000/,
  ],
  [
    "capital as a word",
    agentConfig({ name: "ok", risk: risk({ initialCapital: "much" }) }),
    "/risk/initialCapital",
    /Enter a number/,
  ],
  [
    "too much leverage",
    agentConfig({ name: "ok", risk: risk({ leverage: 101 }) }),
    "/risk/leverage",
    /1 to 100/,
  ],
  [
    "half a leverage",
    agentConfig({ name: "ok", risk: risk({ leverage: 1.5 }) }),
    "/risk/leverage",
    /whole number/,
  ],
  [
    "a drawdown of 60 %",
    agentConfig({ name: "ok", risk: risk({ maxDrawdownPct: 60 }) }),
    "/risk/maxDrawdownPct",
    /1 to 50/,
  ],
  [
    "a daily limit of 5",
    agentConfig({ name: "ok", risk: risk({ dailyLossLimit: 5 }) }),
    "/risk/dailyLossLimit",
    /10 to 10000/,
  ],
  [
    "an unknown setting",
    { ...agentConfig({ name: "ok" }), levrage: 3 },
    "/levrage",
    /no setting "levrage"/,
  ],
  [
    "live mode",
    agentConfig({ name: "ok", mode: "live" }),
    "/mode",
    /TRADING_MODE=live/,
  ],
  [
    "an executor without sources",
    agentConfig({ name: "ok", type: "executor" }),
    "/sources",
    /name at least one/,
  ],
  [
    "a missing candle file",
    agentConfig({
      name: "ok",
      feed: { kind: "replay", file: "eth.csv", speed: "max" },
    }),
    "/feed/file",
    /no candle file "eth.csv"/,
  ],
  [
    "a path as candle file",
    agentConfig({
      name: "ok",
      feed: { kind: "replay", file: "../etc/passwd.csv", speed: "max" },
    }),
    "/feed/file",
    /without a path/,
  ],
  [
    "an exchange that does not exist",
    agentConfig({ name: "ok", feed: exchange("binence") }),
    "/feed/exchange",
    /no exchange "binence" with live prices; choose binance/,
  ],
  [
    "an exchange that the server may not reach",
    agentConfig({ name: "ok", feed: exchange("kraken") }),
    "/feed/exchange",
    /may not reach kraken; choose binance, or add it to EXCHANGES/,
  ],
  [
    "two live markets in step",
    agentConfig({
      name: "ok",
      feed: exchange("binance"),
      strategies: {
        ...agentConfig({ name: "ok" }).strategies,
        pairs: { enabled: true },
      },
    }),
    "/strategies/pairs/enabled",
    /two markets in step/,
  ],
];

for (const [what, input, pointer, sentence] of MISTAKES) {
  Deno.test(`validateConfig() explains ${what} at its field`, () => {
    const result = validateConfig(input, ALONE);
    assert.equal(result.valid, false);
    const found = result.errors.find((error) => error.pointer === pointer);
    assert.match(found?.detail ?? JSON.stringify(result.errors), sentence);
  });
}

Deno.test("validateConfig() lists all mistakes at once", () => {
  const result = validateConfig(
    agentConfig({ name: "x", risk: risk({ leverage: 0, maxDrawdownPct: 0 }) }),
    ALONE,
  );
  assert.deepEqual(
    result.errors.map((error) => error.pointer).sort(),
    ["/name", "/risk/leverage", "/risk/maxDrawdownPct"],
  );
});

Deno.test("validateConfig() refuses a name that is taken, whatever its case", () => {
  const siblings = [agentEntry({ name: "Alpha" })];
  const result = validateConfig(agentConfig({ name: "alpha" }), {
    ...ALONE,
    siblings,
  });
  assert.equal(result.errors[0]?.code, "NAME_TAKEN");
});

Deno.test("validateConfig() refuses one agent more than allowed, and no fewer", () => {
  const siblings = [agentEntry({ name: "one" })];
  const input = agentConfig({ name: "two" });
  assert.equal(
    validateConfig(input, { ...ALONE, siblings, agentsAllowed: 2 }).valid,
    true,
  );
  assert.equal(
    validateConfig(input, { ...ALONE, siblings, agentsAllowed: 1 }).errors[0]
      ?.code,
    "QUOTA_EXCEEDED",
  );
});

Deno.test("validateConfig() warns of liquidation before the drawdown limit and names a safe leverage", () => {
  const warned = validateConfig(
    agentConfig({
      name: "ok",
      risk: risk({ leverage: 50, maxDrawdownPct: 10 }),
    }),
    ALONE,
  );
  assert.equal(warned.valid, true);
  const warning = warned.warnings.find(({ pointer }) =>
    pointer === "/risk/leverage"
  );
  assert.match(warning?.detail ?? "", /2\.0 %.*use 8× or less/);
  const safe = validateConfig(
    agentConfig({
      name: "ok",
      risk: risk({ leverage: 8, maxDrawdownPct: 10 }),
    }),
    ALONE,
  );
  assert.equal(
    safe.warnings.some(({ pointer }) => pointer === "/risk/leverage"),
    false,
  );
});

Deno.test("validateConfig() states the worst day and the worst total in quote currency", () => {
  const result = validateConfig(
    agentConfig({
      name: "ok",
      risk: risk({
        initialCapital: "1000",
        maxDrawdownPct: 10,
        dailyLossLimit: "250",
      }),
    }),
    ALONE,
  );
  assert.equal(result.worstTotalLoss, "100");
  assert.equal(result.worstDayLoss, "100");
});
