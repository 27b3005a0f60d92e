/**
 * Why a setup is traded, in plain words, most important first. Rendered only
 * when somebody is told: most setups never are.
 *
 * @module
 */
import { formatPrice, formatR, type Setup } from "./setup.ts";

/** The sentences of a setup. */
export function describeReasons(setup: Setup): string[] {
  return setup.facts.kind === "order_block"
    ? orderBlockReasons(setup, setup.facts)
    : gapReasons(setup, setup.facts);
}

function orderBlockReasons(
  { zone, plan }: Setup,
  facts: Extract<Setup["facts"], { kind: "order_block" }>,
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
    plan.isAtOpposing
      ? `Target at ${target} at ${formatPrice(plan.targetPrice)} (${
        formatR(plan.rewardRisk)
      })`
      : `Target at ${formatR(plan.rewardRisk)}: no liquidity is far enough`,
  ];
}

function gapReasons(
  { zone, plan }: Setup,
  facts: Extract<Setup["facts"], { kind: "fvg" }>,
): string[] {
  const isUp = zone.bias > 0;
  const swing = `the last swing ${isUp ? "high" : "low"}`;
  return [
    `${isUp ? "Bullish" : "Bearish"} fair value gap ${zoneText(zone)}`,
    `Structure points ${isUp ? "up" : "down"}`,
    `Gap of ${facts.gapAtr.toFixed(1)} ATR, body ${
      facts.bodyPct.toFixed(0)
    } % of the range`,
    plan.isAtOpposing
      ? `Target at ${swing} ${formatPrice(plan.targetPrice)} (${
        formatR(plan.rewardRisk)
      })`
      : `Target at ${formatR(plan.rewardRisk)}: ${swing} is not far enough`,
  ];
}

function zoneText(zone: Setup["zone"]): string {
  const bottom = Math.min(zone.near, zone.far);
  const top = Math.max(zone.near, zone.far);
  return `${formatPrice(bottom)} to ${formatPrice(top)}`;
}
