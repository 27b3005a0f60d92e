import assert from "node:assert/strict";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import type {
  ExchangeKeyView,
  StoredExchangeKey,
} from "../../../lib/contracts/exchange_key.ts";
import {
  findLiveErrors,
  type LiveContext,
} from "../../../lib/fleet/live_validation.ts";
import { agentConfig } from "../../support/config.ts";
import { agentEntry } from "../../support/record.ts";
import { GOOD_RIGHTS } from "../../support/vault.ts";

const VIEW: ExchangeKeyView = {
  id: "key_1",
  ownerId: "usr_1",
  label: "main",
  exchange: "binance",
  apiKeyEnd: "1234",
  status: "verified",
  statusDetail: "",
  rights: GOOD_RIGHTS,
  verifiedAt: 1,
  isLiveAllowed: true,
  createdAt: 1,
  lastUsedAt: null,
};

function context(
  change: Partial<LiveContext> = {},
  view: Partial<ExchangeKeyView> = {},
): LiveContext {
  const key = { view: { ...VIEW, ...view } } as StoredExchangeKey;
  return {
    ownerId: "usr_1",
    others: [],
    isLiveArmed: true,
    findExchangeKey: (id) => id === "key_1" ? key : null,
    ...change,
  };
}

function live(change: Partial<AgentConfig> = {}): AgentConfig {
  const config = agentConfigSchema.parse(agentConfig({
    name: "Money",
    mode: "live",
    exchangeKeyId: "key_1",
    feed: { kind: "exchange", exchange: "binance", market: "swap" },
  }));
  return { ...config, ...change };
}

function codesOf(config: AgentConfig, given: LiveContext): string[] {
  return findLiveErrors(config, given).map(({ code }) => code);
}

Deno.test("findLiveErrors() lets a live configuration with all it needs pass", () => {
  assert.deepEqual(findLiveErrors(live(), context()), []);
});

Deno.test("findLiveErrors() refuses what lacks any one thing", () => {
  const { exchangeKeyId: _, ...keyless } = live();
  const spot: AgentConfig["feed"] = {
    kind: "exchange",
    exchange: "binance",
    market: "spot",
  };
  const cases: readonly [string, AgentConfig, LiveContext, string[]][] = [
    ["not armed", live(), context({ isLiveArmed: false }), [
      "LIVE_UNAVAILABLE",
    ]],
    ["a simulated market", live({ feed: { kind: "simulated" } }), context(), [
      "LIVE_MARKET_NEEDED",
    ]],
    ["no key", keyless, context(), ["KEY_MISSING"]],
    ["an unknown key", live({ exchangeKeyId: "key_2" }), context(), [
      "KEY_MISSING",
    ]],
    ["another person's key", live(), context({ ownerId: "usr_2" }), [
      "KEY_MISSING",
    ]],
    ["a key of another exchange", live(), context({}, { exchange: "okx" }), [
      "KEY_MISMATCH",
    ]],
    ["a refused key", live(), context({}, { status: "refused" }), [
      "KEY_UNVERIFIED",
    ]],
    [
      "a key that is not allowed",
      live(),
      context({}, {
        isLiveAllowed: false,
      }),
      ["KEY_NOT_ALLOWED"],
    ],
    [
      "leverage on spot",
      live({
        feed: spot,
        risk: { ...live().risk, leverage: 2 },
      }),
      context(),
      ["LEVERAGE_UNAVAILABLE"],
    ],
    [
      "spot without leverage",
      live({
        feed: spot,
        risk: { ...live().risk, leverage: 1 },
      }),
      context(),
      [],
    ],
  ];
  for (const [what, config, given, codes] of cases) {
    assert.deepEqual(codesOf(config, given), codes, what);
  }
});

Deno.test("findLiveErrors() refuses a second agent in one market of one key", () => {
  const other = agentEntry({ ...live(), name: "First" });
  const others = [other];
  assert.deepEqual(codesOf(live(), context({ others })), ["MARKET_TAKEN"]);
  const elsewhere = live({ symbol: "ETH/USDT" });
  assert.deepEqual(codesOf(elsewhere, context({ others })), []);
});

Deno.test("findLiveErrors() refuses a key on paper and asks for nothing else there", () => {
  const paper = live({ mode: "paper" });
  const given = context({ isLiveArmed: false });
  assert.deepEqual(codesOf(paper, given), ["KEY_UNUSED"]);
  const { exchangeKeyId: _, ...keyless } = paper;
  assert.deepEqual(codesOf(keyless, given), []);
});
