import type { AgentWorkerConfig } from "../contracts/agent.ts";
import { TIMEFRAME_MS } from "../contracts/candle.ts";
import { DeskAccount } from "../desk/account/account.ts";
import type { BacktestOptions } from "./engine.ts";

/** Name of the agent of every backtest. */
export const AGENT_ID = "backtest";

/** The desk account of a run. */
export function openDesk(
  options: BacktestOptions,
  startSeq: number,
): DeskAccount {
  const { config, seed } = options;
  return DeskAccount.open({
    config: {
      agentId: AGENT_ID,
      symbol: config.symbol,
      startSeq,
      pacing: "lockstep",
      risk: config.risk,
      safety: config.safety,
      seed: seed ?? config.seed,
      costs: config.costs,
      candleMs: TIMEFRAME_MS[config.timeframe],
      entriesAllowed: true,
    },
  });
}

/** What the agent of a run is started with. */
export function agentConfig(
  { config, tradeFromSeq }: BacktestOptions,
  startSeq: number,
): AgentWorkerConfig & { notices: boolean } {
  return {
    agentId: AGENT_ID,
    config,
    startSeq,
    tradeFromSeq: tradeFromSeq ?? startSeq,
    // Nobody reads the log lines here.
    notices: false,
  };
}
