import { BASE, NO_STRATEGIES, type TemplateDefinition } from "./parts.ts";

/** Templates whose decisions are those of models. */
export const MODEL_TEMPLATES: readonly TemplateDefinition[] = [
  {
    name: "model-ensemble",
    title: "Votes of three models",
    type: "decision_engine",
    purpose:
      "Averages what three networks think of each hour and enters where they agree and expect more than a trade costs. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Where a model has learned something that lasts. These three were trained on EUR/USD candles of one hour, up to 2015.",
    risk:
      "None of the three beat its baselines on candles that it had not seen; their cards say so. Without costs this low the engine abstains nearly always.",
    patterns: ["45 features", "LSTM, Transformer, PPO", "Abstentions"],
    riskLevel: "moderate",
    version: 1,
    typicalLatency:
      "1 ms a decision, with three models and hops between workers (target, 99th percentile on 2 cores)",
    config: {
      ...BASE,
      type: "decision_engine",
      symbol: "EUR/USD",
      timeframe: "1h",
      // What a side costs in the cards of the models: 1 bp.
      costs: {
        ...BASE.costs,
        takerFeeBp: 0.5,
        makerFeeBp: 0.5,
        slippageBp: 0.5,
      },
      strategies: NO_STRATEGIES,
    },
  },
];
