import type { DecisionConfig } from "../../lib/contracts/decision_config.ts";
import { type CostRates, ratesOf } from "../sizing/costs.ts";
import type { EnsembleGate } from "./ensemble_trader.ts";
import type { MarketFeatures } from "./market_features.ts";
import type { ModelPanel } from "./model_panel.ts";
import type { ModelNews } from "./model_roster.ts";
import { abstain, judgeVotes, type Verdict } from "./verdict.ts";

/** What a verdict on the newest candle is made of. */
export interface JudgedMarket {
  panel: ModelPanel;
  market: MarketFeatures;
  gate: Pick<EnsembleGate, "decision" | "costs">;
  /** The newest candle. */
  seq: number;
  /** False while the history only warms the features up. */
  isTrading: boolean;
  /** Whether prices are live, so that a slow answer counts as none. */
  isLive: boolean;
}

const NO_NEWS: readonly ModelNews[] = [];

/** What the models come to on the newest candle, and what a person should hear of them. To be called once a candle. */
export function judgeCandle(
  { panel, market, gate, seq, isTrading, isLive }: JudgedMarket,
): { verdict: Verdict; news: readonly ModelNews[] } {
  const { roster } = panel;
  if (!isTrading) return warmingUp("The agent warms up");
  if (roster.loaded.length > 0 && !panel.isWarm) {
    const left = market.candlesUntil(roster.longestWindow);
    return warmingUp(
      `Features warm up: ${left} ${
        left === 1 ? "candle is" : "candles are"
      } still to come`,
    );
  }
  const { votes, news } = panel.judge(seq, { isLive });
  const { series } = market.detectors;
  const config: DecisionConfig = gate.decision;
  const rates: CostRates = ratesOf(gate.costs);
  const verdict = judgeVotes(votes, {
    config,
    rates,
    close: series.newestClose,
    atr: series.newestAtr,
  });
  return { verdict, news };
}

function warmingUp(
  reason: string,
): { verdict: Verdict; news: readonly ModelNews[] } {
  return {
    verdict: abstain([], { code: "warming_up", reason }),
    news: NO_NEWS,
  };
}
