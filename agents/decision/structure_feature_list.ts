import { type Feature, RANGE } from "./feature.ts";
import { RECENCY_HALF_CANDLES, SWEPT_CANDLES } from "./limits.ts";

/** What structure_features.ts writes, in order. */
export const STRUCTURE_FEATURES = [
  {
    name: "trend",
    unit: "side",
    range: RANGE.signed,
    meaning:
      "Direction of the last break of the larger structure; 0 before the first",
  },
  {
    name: "internal_trend",
    unit: "side",
    range: RANGE.signed,
    meaning: "The same of the internal structure",
  },
  {
    name: "bos_recency",
    unit: "–",
    range: RANGE.signed,
    meaning:
      `Direction of the last BOS of the larger structure × ${RECENCY_HALF_CANDLES} ÷ (${RECENCY_HALF_CANDLES} + candles since); 0 before the first`,
  },
  {
    name: "choch_recency",
    unit: "–",
    range: RANGE.signed,
    meaning: "The same of the last CHoCH",
  },
  {
    name: "fvg_below",
    unit: "ATR",
    range: RANGE.below,
    meaning:
      "Top of the nearest untouched bullish FVG − close; −5 where there is none",
  },
  {
    name: "fvg_above",
    unit: "ATR",
    range: RANGE.above,
    meaning:
      "Bottom of the nearest untouched bearish FVG − close; 5 where there is none",
  },
  {
    name: "ob_below",
    unit: "ATR",
    range: RANGE.below,
    meaning:
      "Top of the nearest untouched bullish OB − close; 0 inside it, −5 where there is none",
  },
  {
    name: "ob_above",
    unit: "ATR",
    range: RANGE.above,
    meaning:
      "Bottom of the nearest untouched bearish OB − close; 0 inside it, 5 where there is none",
  },
  {
    name: "pool_below",
    unit: "ATR",
    range: RANGE.below,
    meaning:
      "Nearest pool of equal lows or swing low below that price has not taken − close; −5 where there is none",
  },
  {
    name: "pool_above",
    unit: "ATR",
    range: RANGE.above,
    meaning:
      "Nearest pool of equal highs or swing high above that price has not taken − close; 5 where there is none",
  },
  {
    name: "level_below",
    unit: "ATR",
    range: RANGE.below,
    meaning:
      "The same of the lows of the day, the week and the sessions before",
  },
  {
    name: "level_above",
    unit: "ATR",
    range: RANGE.above,
    meaning:
      "The same of the highs of the day, the week and the sessions before",
  },
  {
    name: "swept_low",
    unit: "flag",
    range: RANGE.share,
    meaning:
      `1 if a pool, swing or level of lows was swept within the last ${SWEPT_CANDLES} candles`,
  },
  {
    name: "swept_high",
    unit: "flag",
    range: RANGE.share,
    meaning: "The same of highs",
  },
  {
    name: "leg_direction",
    unit: "side",
    range: RANGE.signed,
    meaning:
      "Direction of the last leg between confirmed swings; 0 before there is one",
  },
  {
    name: "retracement",
    unit: "legs",
    range: RANGE.clipped,
    meaning:
      "Part of the last leg that the candle's extreme comes back by; 0 without a leg",
  },
  {
    name: "deepest_retracement",
    unit: "legs",
    range: RANGE.above,
    meaning: "Largest such part since the leg's end; 0 without a leg",
  },
  {
    name: "range_position",
    unit: "–",
    range: RANGE.signed,
    meaning:
      "Place of the close in the dealing range: −1 bottom, 0 middle, 1 top; above 0 is premium, below discount; 0 without a range",
  },
] as const satisfies readonly Feature[];
