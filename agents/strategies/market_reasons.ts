/**
 * Why a setup at the market is traded, in plain words.
 *
 * @module
 */
import type { LiquiditySource } from "../../lib/contracts/pattern.ts";
import type {
  BreakoutFacts,
  MeanReversionFacts,
  PairsFacts,
  SweepFacts,
} from "./facts.ts";
import {
  formatPrice,
  formatR,
  type MarketSetup,
  type TradePlan,
} from "./setup.ts";

/** Where the target of a plan is and why. */
export function describeTarget(
  { targetPrice, rewardRisk, isAtOpposing }: TradePlan,
  words: { opposing: string; none: string },
): string {
  const reward = rewardRisk === null ? "" : formatR(rewardRisk);
  if (targetPrice === null) return words.none;
  return isAtOpposing
    ? `Target at ${words.opposing} ${formatPrice(targetPrice)} (${reward})`
    : `Target at ${reward}: ${words.none}`;
}

/** Reasons of a liquidity sweep. */
export function sweepReasons(setup: MarketSetup, facts: SweepFacts): string[] {
  const isUp = setup.bias > 0;
  const side = isUp ? "low" : "high";
  const turned = facts.turnedAfterCandles;
  const level = isUp ? "high" : "low";
  return [
    `${isUp ? "Bullish" : "Bearish"} sweep of ${
      poolText(facts.source, { side, members: facts.members })
    } at ${formatPrice(setup.level!)}, ${isUp ? "down" : "up"} to ${
      formatPrice(facts.extreme)
    }`,
    `Wick of ${
      facts.wickPct.toFixed(0)
    } % of the range, close back inside; the pool is ${facts.poolAgeCandles} candles old`,
    ...(turned === null ? [] : [
      `Internal structure turned ${
        isUp ? "up" : "down"
      } ${turned} candles after the sweep`,
    ]),
    describeTarget(setup.plan, {
      opposing: `${
        facts.opposingMembers > 1 ? `a pool of ${level}s` : `the ${level}`
      } at`,
      none: "no opposite liquidity is far enough",
    }),
  ];
}

function poolText(
  source: LiquiditySource,
  { side, members }: { side: string; members: number },
): string {
  switch (source) {
    case "equal":
      return `${members} equal ${side}s`;
    case "swing":
      return `a swing ${side}`;
    case "previous_day":
      return `the previous day's ${side}`;
    case "previous_week":
      return `the previous week's ${side}`;
    case "session":
      return `the session's ${side}`;
  }
}

/** Reasons of a breakout. */
export function breakoutReasons(
  setup: MarketSetup,
  facts: BreakoutFacts,
): string[] {
  const isUp = setup.bias > 0;
  const extreme = isUp ? "high" : "low";
  const level = facts.level === "donchian"
    ? `the ${extreme} of ${facts.channelCandles} candles`
    : `the last swing ${extreme}`;
  return [
    `Close ${isUp ? "above" : "below"} ${level} at ${
      formatPrice(setup.level!)
    }`,
    `Body of ${facts.bodyPct.toFixed(0)} % of the range`,
    ...(facts.squeezePercentile === null ? [] : [
      `The channel was narrower than usual: percentile ${
        facts.squeezePercentile.toFixed(0)
      } of its recent widths`,
    ]),
    ...volumeReasons(facts),
    facts.trailAtr === null
      ? describeTarget(setup.plan, { opposing: "", none: "a fixed multiple" })
      : `No target: the stop follows ${facts.trailAtr} ATR behind the best close`,
  ];
}

function volumeReasons(facts: BreakoutFacts): string[] {
  if (facts.isVolumeMissing) {
    return ["The market has no volumes, so they were not looked at"];
  }
  return facts.volumeRatio === null
    ? []
    : [`Volume of ${facts.volumeRatio.toFixed(1)} times its mean`];
}

/** Reasons of a mean reversion. */
export function meanReversionReasons(
  { bias, plan }: MarketSetup,
  facts: MeanReversionFacts,
): string[] {
  return [
    `Close ${Math.abs(facts.z).toFixed(1)} standard deviations ${
      bias > 0 ? "below" : "above"
    } its mean of ${facts.windowCandles} candles, ${formatPrice(facts.mean)}`,
    `No trend: ADX of ${facts.adx.toFixed(0)}`,
    `No target price: closed near the mean, ${
      formatR(plan.rewardRisk ?? 0)
    } away now`,
  ];
}

/** Reasons of a pair. */
export function pairsReasons(
  { bias, plan, hedge }: MarketSetup,
  facts: PairsFacts,
): string[] {
  const other = bias > 0 ? "sold" : "bought";
  return [
    `Spread to ${facts.hedgeSymbol} ${
      Math.abs(facts.z).toFixed(1)
    } standard deviations ${
      bias > 0 ? "below" : "above"
    } its mean of ${facts.windowCandles} candles`,
    `Half-life of ${facts.halfLife.toFixed(0)} candles, beta of ${
      facts.beta.toFixed(2)
    }`,
    `${
      formatRatio(hedge?.ratio ?? 0)
    } ${facts.hedgeSymbol} ${other} for each unit`,
    `No target price: closed near the mean, ${
      formatR(plan.rewardRisk ?? 0)
    } away now`,
  ];
}

function formatRatio(ratio: number): string {
  return String(Number(ratio.toPrecision(4)));
}
