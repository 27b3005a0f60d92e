/**
 * Why a setup is traded, in plain words, most important first. Rendered only
 * when somebody is told: most setups never are.
 *
 * @module
 */
import type { GapFacts, OrderBlockFacts } from "./facts.ts";
import {
  breakoutReasons,
  describeTarget,
  meanReversionReasons,
  pairsReasons,
  sweepReasons,
} from "./market_reasons.ts";
import {
  formatPrice,
  type Setup,
  type TradePlan,
  type TradeZone,
} from "./setup.ts";

/** The sentences of a setup. */
export function describeReasons(setup: Setup): string[] {
  if (setup.entry === "limit") {
    return setup.facts.kind === "order_block"
      ? orderBlockReasons(setup, setup.facts)
      : gapReasons(setup, setup.facts);
  }
  switch (setup.facts.kind) {
    case "liquidity_sweep":
      return sweepReasons(setup, setup.facts);
    case "breakout":
      return breakoutReasons(setup, setup.facts);
    case "mean_reversion":
      return meanReversionReasons(setup, setup.facts);
    case "pairs":
      return pairsReasons(setup, setup.facts);
  }
}

interface ZoneReading {
  zone: TradeZone;
  plan: TradePlan;
}

function orderBlockReasons(
  { zone, plan }: ZoneReading,
  facts: OrderBlockFacts,
): string[] {
  const isUp = zone.bias > 0;
  const kind = facts.breakStage === "choch"
    ? "change of character"
    : "break of structure";
  const level = isUp ? "high" : "low";
  const target = facts.opposingMembers > 1
    ? `a pool of ${level}s`
    : `the ${level}`;
  return [
    `${isUp ? "Bullish" : "Bearish"} order block ${zoneText(zone)}`,
    `${isUp ? "Upward" : "Downward"} ${kind} by close`,
    `Displacement leg of ${facts.legAtr.toFixed(1)} ATR`,
    describeTarget(plan, {
      opposing: `${target} at`,
      none: "no liquidity is far enough",
    }),
  ];
}

function gapReasons({ zone, plan }: ZoneReading, facts: GapFacts): string[] {
  const isUp = zone.bias > 0;
  const swing = `the last swing ${isUp ? "high" : "low"}`;
  return [
    `${isUp ? "Bullish" : "Bearish"} fair value gap ${zoneText(zone)}`,
    `Structure points ${isUp ? "up" : "down"}`,
    `Gap of ${facts.gapAtr.toFixed(1)} ATR, body ${
      facts.bodyPct.toFixed(0)
    } % of the range`,
    describeTarget(plan, {
      opposing: swing,
      none: `${swing} is not far enough`,
    }),
  ];
}

function zoneText(zone: TradeZone): string {
  const bottom = Math.min(zone.near, zone.far);
  const top = Math.max(zone.near, zone.far);
  return `${formatPrice(bottom)} to ${formatPrice(top)}`;
}
