import { type Feature, RANGE } from "./feature.ts";
import { LONG_WINDOW_CANDLES, SHORT_WINDOW_CANDLES } from "./limits.ts";

/** What price_features.ts and volume_features.ts write, in order. */
export const PRICE_FEATURES = [
  {
    name: "return_1",
    unit: "standard deviations",
    range: RANGE.clipped,
    meaning:
      "ln(close ÷ close before) ÷ EWMA volatility of one candle, as it was known before this one",
  },
  {
    name: "return_3",
    unit: "standard deviations",
    range: RANGE.clipped,
    meaning: "The same over 3 candles, ÷ √3",
  },
  {
    name: "return_12",
    unit: "standard deviations",
    range: RANGE.clipped,
    meaning: "The same over 12 candles, ÷ √12",
  },
  {
    name: "return_48",
    unit: "standard deviations",
    range: RANGE.clipped,
    meaning: "The same over 48 candles, ÷ √48",
  },
  { name: "body", unit: "ATR", range: RANGE.clipped, meaning: "Close − open" },
  {
    name: "upper_wick",
    unit: "ATR",
    range: RANGE.above,
    meaning: "High − the higher of open and close",
  },
  {
    name: "lower_wick",
    unit: "ATR",
    range: RANGE.above,
    meaning: "The lower of open and close − low",
  },
  {
    name: "atr_log",
    unit: "ln of percent",
    range: RANGE.clipped,
    meaning:
      "ln of the ATR in percent of the close: 0 is 1 %, −2.3 is 0.1 %, 1.6 is 5 %",
  },
  {
    name: "volatility_ratio",
    unit: "–",
    range: RANGE.above,
    meaning:
      `Standard deviation of the last ${SHORT_WINDOW_CANDLES} returns ÷ that of the last ${LONG_WINDOW_CANDLES}; at most √8`,
  },
  {
    name: "volume_z",
    unit: "standard deviations",
    range: RANGE.clipped,
    meaning:
      `ln volume against the last ${LONG_WINDOW_CANDLES} volumes that there were, its own included; 0 where \`volume_known\` is 0`,
  },
  {
    name: "volume_known",
    unit: "flag",
    range: RANGE.share,
    meaning:
      `1 if the candle has a volume above 0 and ${LONG_WINDOW_CANDLES} such candles were seen`,
  },
  {
    name: "rsi",
    unit: "–",
    range: RANGE.signed,
    meaning: "(RSI of 14 candles − 50) ÷ 50",
  },
  {
    name: "adx",
    unit: "–",
    range: RANGE.share,
    meaning: "ADX of 14 candles ÷ 100",
  },
  {
    name: "ema_20_distance",
    unit: "ATR",
    range: RANGE.clipped,
    meaning: "Close − EMA of 20 closes",
  },
  {
    name: "ema_200_distance",
    unit: "√10 ATR",
    range: RANGE.clipped,
    meaning:
      "Close − EMA of 200 closes; without direction a price is √10 times as far from it as from the EMA of 20",
  },
] as const satisfies readonly Feature[];
