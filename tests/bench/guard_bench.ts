/**
 * Time in which a risk manager takes in one message of a desk and judges all
 * accounts: 100 accounts with a position each in 100 markets over 1,000 returns.
 * Reports with the tests of the loss estimates are timed apart. Run alone it
 * prints one line of JSON a figure.
 *
 * @module
 */
import { riskManager } from "../../agents/risk_manager.ts";
import { NO_HOLD } from "../../agents/risk/guard_holds.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import type { GuardedAccount } from "../../lib/contracts/guard.ts";
import { createRng } from "../../lib/core/rng.ts";
import { guardConfig } from "../support/config.ts";
import type { LatencyFigure } from "./smc_bench.ts";

const ACCOUNTS = 100;
const ROWS = 1_000;
const MESSAGES = 3_000;
const MINUTE_MS = 60_000;
const START = 1_750_000_020_000;
const LINK = "desk:desk:paper";

const AGENTS = Array.from(
  { length: ACCOUNTS },
  (_, index) => ({ agentId: `agt_${index}`, name: `agent ${index}` }),
);

/** Messages with one changed account each, as they come in real time. */
export function benchGuard(): LatencyFigure[] {
  const rng = createRng(5);
  const guard = riskManager.start({
    actorId: "agt_guard",
    config: {
      agentId: "agt_guard",
      config: agentConfigSchema.parse({
        ...guardConfig("warden", { measure: "gross_exposure_pct" }),
        timeframe: "1m",
        guard: { returns: ROWS },
      }) as AgentConfig,
      startSeq: 0,
      tradeFromSeq: 0,
      guarded: AGENTS,
    },
    snapshot: null,
  });
  guard.linkOpened(LINK, {});
  let now = START;
  const tell = (accounts: readonly GuardedAccount[]) => {
    now += 100;
    const agentIds = AGENTS.map(({ agentId }) => agentId);
    const facts = { type: "guarded", now, agentIds, closed: [], accounts };
    const startMs = performance.now();
    const outputs = guard.receive(LINK, facts);
    return { ms: performance.now() - startMs, isQuiet: outputs.length === 0 };
  };
  tell(AGENTS.map((_, index) => ({
    ...account(index, "101"),
    closes: [{ market: `M${index}`, closes: walk(rng) }],
  })));
  const quiet: number[] = [];
  const reported: number[] = [];
  for (let turn = 0; turn < MESSAGES; turn++) {
    const price = (100 + 3 * rng.next()).toFixed(2);
    const { ms, isQuiet } = tell([account(turn % ACCOUNTS, price)]);
    (isQuiet ? quiet : reported).push(ms);
  }
  return [figure("risk.guard", quiet), figure("risk.guard_report", reported)];
}

function account(index: number, markPrice: string): GuardedAccount {
  return {
    agentId: `agt_${index}`,
    isRealtime: false,
    candleMs: MINUTE_MS,
    markets: [`M${index}`],
    clock: "simulated",
    marketAt: START,
    markAt: null,
    equity: String(10_000 + index),
    dayStart: "10000",
    leverage: 3,
    positions: [{
      market: `M${index}`,
      direction: index % 2 === 0 ? "short" : "long",
      quantity: "10",
      entryPrice: "100",
      markPrice,
    }],
    working: "0",
    tradingState: "active",
    hold: NO_HOLD,
    closes: [],
  };
}

function walk(rng: { next(): number }): Float64Array {
  const closes = new Float64Array(2 * (ROWS + 1));
  let price = 100;
  for (let index = 0; index <= ROWS; index++) {
    price *= 1 + (rng.next() - 0.5) / 50;
    closes[2 * index] = START + (index - ROWS - 1) * MINUTE_MS;
    closes[2 * index + 1] = price;
  }
  return closes;
}

function figure(name: string, times: number[]): LatencyFigure {
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return {
    name,
    unit: "ms",
    n: times.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

if (import.meta.main) {
  for (const line of benchGuard()) {
    // deno-lint-ignore no-console -- a benchmark prints its figures
    console.log(JSON.stringify(line));
  }
}
