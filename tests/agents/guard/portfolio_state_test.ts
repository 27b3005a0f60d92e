import assert from "node:assert/strict";
import type { AccountNow } from "../../../agents/guard/guarded_accounts.ts";
import { PortfolioState } from "../../../agents/guard/portfolio_state.ts";
import { MARKETS_LIMIT } from "../../../agents/risk/portfolio/limits.ts";
import { NO_HOLD } from "../../../agents/risk/guard_holds.ts";
import type { GuardedAccount } from "../../../lib/contracts/guard.ts";
import {
  type GuardConfig,
  guardConfigSchema,
} from "../../../lib/contracts/guard_config.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { longOf } from "./guard_world.ts";

const MINUTE = 60_000;
const FIRST = 1_750_000_020_000;

function configOf(fields: Partial<GuardConfig>): GuardConfig {
  return { ...guardConfigSchema.parse({}), ...fields };
}

/** An account that holds what it trades. */
function account(
  market: string,
  fields: Partial<GuardedAccount> = {},
): GuardedAccount {
  return {
    agentId: market,
    isRealtime: false,
    candleMs: MINUTE,
    markets: [market],
    clock: "simulated",
    marketAt: FIRST,
    markAt: null,
    equity: "10000",
    dayStart: "10000",
    leverage: 1,
    positions: [longOf(1_000, market)],
    working: "0",
    tradingState: "active",
    hold: NO_HOLD,
    closes: [],
    ...fields,
  };
}

function now(...accounts: GuardedAccount[]): AccountNow[] {
  return accounts.map((facts) => ({ facts, problem: null }));
}

/** Closes of so many candles in a row, of which every tenth is known: no two make a return. */
function holey(count: number): Float64Array {
  const closes = Array.from({ length: count }, (_, index) => [
    FIRST + index * MINUTE,
    index % 10 === 0 ? 100 : NaN,
  ]);
  return Float64Array.from(closes.flat());
}

Deno.test("PortfolioState waits for returns no longer than it keeps them", () => {
  const state = new PortfolioState({
    candleMs: MINUTE,
    config: configOf({ returns: 100, warmUpCandles: 500 }),
  });
  const held = account("A");
  state.takeCloses({
    ...held,
    closes: [{ market: "A", closes: holey(50) }],
  });
  const reading = () => state.assess(now(held), []).readings.value_at_risk_pct;
  assert.equal(reading(), "waiting");
  state.takeCloses({
    ...held,
    closes: [{ market: "A", closes: holey(701) }],
  });
  assert.equal(reading(), null, "what is missing by then does not come");
});

/** Closes of a walk of so many candles, from a candle on. */
function walk(
  count: number,
  { from = 0, seed = 1 }: { from?: number; seed?: number } = {},
): Float64Array {
  const rng = createRng(seed);
  const closes = Array.from({ length: count }, (_, index) => [
    FIRST + (from + index) * MINUTE,
    100 + rng.next(),
  ]);
  return Float64Array.from(closes.flat());
}

Deno.test("PortfolioState follows a new market however many it has followed before, and keeps those that only rest", () => {
  const state = new PortfolioState({
    candleMs: MINUTE,
    config: configOf({ returns: 60, warmUpCandles: 60 }),
  });
  const resting = account("resting", { positions: [] });
  state.takeCloses({
    ...resting,
    closes: [{ market: "resting", closes: walk(61) }],
  });
  for (let index = 0; index <= MARKETS_LIMIT; index++) {
    const market = `M${index}`;
    const held = account(market);
    state.takeCloses({ ...held, closes: [{ market, closes: walk(61) }] });
    const { assessment } = state.assess(now(held, resting), []);
    assert.equal(assessment.observations, 60, market);
  }
  const { closes } = state.snapshot();
  assert.deepEqual(
    closes.markets.map(({ symbol }) => symbol),
    ["resting", `M${MARKETS_LIMIT}`],
  );
});

Deno.test("PortfolioState forgets no market while a guarded account is absent", () => {
  const state = new PortfolioState({
    candleMs: MINUTE,
    config: configOf({ returns: 60 }),
  });
  const [one, two] = [account("one"), account("two")];
  for (const each of [one, two]) {
    const { agentId: market } = each;
    state.takeCloses({ ...each, closes: [{ market, closes: walk(61) }] });
  }
  state.assess(now(one), ["two"]);
  assert.equal(state.snapshot().closes.markets.length, 2);
  state.assess(now(one), []);
  assert.equal(state.snapshot().closes.markets.length, 1);
});

Deno.test("PortfolioState knows the losses of an exchange's market beside a simulated one that runs sixty times as fast", () => {
  const state = new PortfolioState({
    candleMs: MINUTE,
    config: configOf({ returns: 60 }),
  });
  const real = account("real", { isRealtime: true, clock: "exchange" });
  const simulated = account("simulated", { positions: [] });
  state.takeCloses({
    ...real,
    closes: [{ market: "real", closes: walk(100) }],
  });
  for (let turn = 0; turn < 20; turn++) {
    const fast = walk(60, { from: 10_000 + 60 * turn, seed: turn });
    state.takeCloses({
      ...simulated,
      closes: [{ market: "simulated", closes: fast }],
    });
    const { assessment } = state.assess(now(real, simulated), []);
    assert.equal(assessment.observations, 60);
    assert(
      assessment.losses.some(({ valueAtRiskPct }) =>
        valueAtRiskPct !== null && valueAtRiskPct > 0
      ),
    );
  }
});
