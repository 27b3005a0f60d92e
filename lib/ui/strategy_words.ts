import type { SizingMethod, StrategyKey } from "../contracts/strategies.ts";

/** What people are told of a strategy. */
export interface StrategyWords {
  key: StrategyKey;
  title: string;
  short: string;
  text: string;
}

/** The strategies, in the order in which they are offered. */
export const STRATEGY_WORDS: readonly StrategyWords[] = [
  {
    key: "orderBlock",
    title: "Order Block Trading",
    short: "Order Block",
    text:
      "Limit entry at the retest of an order block in the direction of structure",
  },
  {
    key: "fvg",
    title: "FVG Trading",
    short: "FVG",
    text:
      "Limit entry at the return into a fair value gap in the direction of structure",
  },
  {
    key: "liquiditySweep",
    title: "Liquidity Sweep",
    short: "Liquidity Sweep",
    text:
      "Market entry after a wick took resting liquidity and the candle closed back inside",
  },
  {
    key: "breakout",
    title: "Breakout Trading",
    short: "Breakout",
    text:
      "Market entry after a decisive close out of a narrow range; fixed target or trailing stop",
  },
  {
    key: "meanReversion",
    title: "Mean Reversion",
    short: "Mean Reversion",
    text:
      "Market entry against a close far from its mean while there is no trend",
  },
  {
    key: "pairs",
    title: "Pairs",
    short: "Pairs",
    text:
      "Two markets at once: one bought, one sold while the spread between them is far from its mean",
  },
];

/** The short title of a strategy; what this version does not know is shown as it is. */
export function strategyShort(key: string): string {
  return STRATEGY_WORDS.find((words) => words.key === key)?.short ??
    key.charAt(0).toUpperCase() + key.slice(1);
}

/** What a sizing method is called. */
export const SIZING_WORDS: Readonly<Record<SizingMethod, string>> = {
  fixed_fractional: "The same risk on every trade",
  volatility: "Less risk in a lively market",
  kelly: "By the results of the last trades",
};
