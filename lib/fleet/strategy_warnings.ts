/**
 * Strategies and sizing that contradict themselves: valid by the schema, and
 * still not what a person wants.
 *
 * @module
 */
import type { ConfigWarning } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import { findPairWarnings } from "./pair_validation.ts";

/** Strategies whose target is the opposing liquidity where that is far enough. */
const WITH_OPPOSING_TARGET = ["orderBlock", "fvg", "liquiditySweep"] as const;

/** What a person should know of the strategies and their sizes. */
export function findStrategyWarnings(config: AgentConfig): ConfigWarning[] {
  // A decision engine trades what its models say, by no strategy.
  if (config.type === "decision_engine") return sizing(config);
  return [
    ...noStrategy(config),
    ...targets(config),
    ...breakout(config),
    ...sweep(config),
    ...meanReversion(config),
    ...findPairWarnings(config),
    ...sizing(config),
  ];
}

function noStrategy({ strategies, signalsOnly }: AgentConfig): ConfigWarning[] {
  const isAnyOn = Object.values(strategies).some(({ enabled }) => enabled);
  return isAnyOn || signalsOnly ? [] : [{
    pointer: "/strategies",
    code: "NO_STRATEGY",
    detail:
      "No strategy is on, so the agent will only report patterns; turn one on to trade",
  }];
}

function targets({ strategies }: AgentConfig): ConfigWarning[] {
  return WITH_OPPOSING_TARGET.flatMap((key) => {
    const { enabled, targetR, minRewardRisk } = strategies[key];
    return !enabled || minRewardRisk <= targetR ? [] : [{
      pointer: `/strategies/${key}/minRewardRisk`,
      code: "TARGET_BELOW_LEAST_REWARD",
      detail:
        `The least reward of ${minRewardRisk}R is more than the target of ${targetR}R, ` +
        "so only setups with opposing liquidity that far away are traded; lower one or raise the other",
    }];
  });
}

function breakout({ strategies }: AgentConfig): ConfigWarning[] {
  const { enabled, exit, targetR, minRewardRisk } = strategies.breakout;
  return !enabled || exit !== "target" || minRewardRisk <= targetR ? [] : [{
    pointer: "/strategies/breakout/minRewardRisk",
    code: "NEVER_TRADES",
    detail:
      `The least reward of ${minRewardRisk}R is more than the fixed target of ${targetR}R, so no breakout is ever traded; lower one or raise the other`,
  }];
}

function sweep({ strategies }: AgentConfig): ConfigWarning[] {
  const config = strategies.liquiditySweep;
  const hasPools = config.useEqualLevels || config.usePreviousDay ||
    config.usePreviousWeek || config.useSession || config.useSwing;
  return !config.enabled || hasPools ? [] : [{
    pointer: "/strategies/liquiditySweep/useEqualLevels",
    code: "NEVER_TRADES",
    detail:
      "No kind of pool is on, so no liquidity sweep is ever traded; turn one on",
  }];
}

function meanReversion({ strategies }: AgentConfig): ConfigWarning[] {
  const { enabled, entryZ, exitZ } = strategies.meanReversion;
  return !enabled || exitZ > -entryZ ? [] : [{
    pointer: "/strategies/meanReversion/exitZ",
    code: "EXIT_AT_ENTRY",
    detail:
      `The exit at ${exitZ} standard deviations is no nearer to the mean than the entry at ${entryZ}, ` +
      "so every position is closed at once; raise one of them",
  }];
}

function sizing(
  { sizing: { method, minFactor } }: AgentConfig,
): ConfigWarning[] {
  return method !== "kelly" || minFactor > 0 ? [] : [{
    pointer: "/sizing/minFactor",
    code: "SIZING_MAY_STOP",
    detail:
      "With a least part of 0 the agent enters nothing more once its last trades show no edge, " +
      "and only new trades could show one again; use more than 0 to let it go on",
  }];
}
