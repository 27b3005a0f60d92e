import type { AgentWorkerConfig } from "../../lib/contracts/agent.ts";
import type { AgentConfig } from "../../lib/contracts/agent_config.ts";
import type { AgentNewsSnapshot } from "../agent_news.ts";
import type { CandleLoopSnapshot } from "../candle_loop.ts";
import type { EngineSignalsSnapshot } from "../signals/engine_signals.ts";
import type { DecisionBooksSnapshot } from "./decision_books.ts";
import type { EnsembleTraderSnapshot } from "./ensemble_trader.ts";
import type { MarketFeaturesSnapshot } from "./market_features.ts";
import type { RosterSnapshot } from "./model_roster.ts";

/** What a decision engine is started with: as every agent, and what a backtest may leave out. */
export interface DecisionEngineConfig extends AgentWorkerConfig {
  /** False leaves out all log lines and the memory of decisions. */
  notices?: boolean;
}

/** Everything needed to go on bit for bit. Votes are not part of it: they are asked for again. */
export interface DecisionEngineSnapshot extends CandleLoopSnapshot {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
  /** It may be one candle ahead of the decisions: the one whose votes are waited for. */
  market: MarketFeaturesSnapshot;
  roster: RosterSnapshot;
  trades: EnsembleTraderSnapshot;
  news: AgentNewsSnapshot;
  books: DecisionBooksSnapshot;
  /** Left out by versions before there were signals. */
  signals?: EngineSignalsSnapshot;
}
