import type { AgentConfig } from "../../lib/contracts/agent_config.ts";
import type { DeskStepped } from "../../lib/contracts/links.ts";
import type { DeskAction } from "../../lib/contracts/order.ts";
import type { AgentNewsSnapshot } from "../agent_news.ts";
import type { CandleLoopSnapshot } from "../candle_loop.ts";
import type { SignalSourcesSnapshot } from "../signals/sources.ts";
import type { DetectorSetSnapshot } from "../smc/detector_set.ts";
import type { ExecutorTraderSnapshot } from "./executor_trader.ts";

/** What the desk said last, as far as acting between two candles needs it. */
export type LastStep = Pick<
  DeskStepped,
  "seq" | "tradingState" | "hasPosition"
>;

/** Everything needed to go on bit for bit. */
export interface ExecutorSnapshot extends CandleLoopSnapshot {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
  /** For the chart, and the close of the newest candle. */
  detectors: DetectorSetSnapshot;
  sources: SignalSourcesSnapshot;
  trader: ExecutorTraderSnapshot;
  news: AgentNewsSnapshot;
  lastStep: LastStep | null;
  /** What was done since the last decision, in case the desk has not heard of it. */
  acted: readonly DeskAction[];
}
