/**
 * What the pairs strategy needs beyond its schema.
 *
 * @module
 */
import type { ConfigWarning } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";

/** Why pairs cannot be followed with this configuration. */
export function findPairErrors(
  { symbol, feed, strategies: { pairs } }: AgentConfig,
): ConfigWarning[] {
  if (!pairs.enabled) return [];
  const errors: ConfigWarning[] = [];
  if (feed.kind === "replay" && feed.hedgeFile === undefined) {
    errors.push({
      pointer: "/feed/hedgeFile",
      code: "HEDGE_MISSING",
      detail:
        `The pairs strategy needs the candles of ${pairs.hedgeSymbol}; name their file or turn it off`,
    });
  }
  if (feed.kind === "exchange") {
    errors.push({
      pointer: "/strategies/pairs/enabled",
      code: "HEDGE_UNAVAILABLE",
      detail:
        "The pairs strategy needs two markets in step, which live prices are not; turn it off, or choose the simulated market or a replay",
    });
  }
  if (pairs.hedgeSymbol === symbol) {
    errors.push({
      pointer: "/strategies/pairs/hedgeSymbol",
      code: "HEDGE_IS_SYMBOL",
      detail:
        `${symbol} cannot be held against itself; name another second market`,
    });
  }
  if (feed.kind === "replay" && feed.hedgeFile === feed.file) {
    errors.push({
      pointer: "/feed/hedgeFile",
      code: "HEDGE_IS_SYMBOL",
      detail:
        `"${feed.file}" cannot be held against itself; name the file of the second market`,
    });
  }
  return errors;
}

/** What a person should know of the pairs strategy. */
export function findPairWarnings(
  { strategies: { pairs } }: AgentConfig,
): ConfigWarning[] {
  if (!pairs.enabled) return [];
  const warnings: ConfigWarning[] = [];
  const { minHalfLife, maxHalfLife, exitZ, entryZ, stopZ } = pairs;
  if (minHalfLife > maxHalfLife) {
    warnings.push({
      pointer: "/strategies/pairs/minHalfLife",
      code: "NEVER_TRADES",
      detail:
        `The shortest half-life of ${minHalfLife} candles is above the longest of ${maxHalfLife}, so no pair is ever traded; exchange them`,
    });
  }
  if (!(exitZ < entryZ && entryZ < stopZ)) {
    warnings.push({
      pointer: "/strategies/pairs/entryZ",
      code: "NEVER_TRADES",
      detail:
        `The entry at ${entryZ} must lie between the exit at ${exitZ} and the stop at ${stopZ}, or no pair is held; change one of them`,
    });
  }
  return warnings;
}
