import type { LiquiditySource } from "../../lib/contracts/pattern.ts";
import type { LiquiditySweepStrategyConfig } from "../../lib/contracts/strategies.ts";

/** Whether pools of a source are traded. */
export function usesSource(
  config: LiquiditySweepStrategyConfig,
  source: LiquiditySource,
): boolean {
  switch (source) {
    case "equal":
      return config.useEqualLevels;
    case "swing":
      return config.useSwing;
    case "previous_day":
      return config.usePreviousDay;
    case "previous_week":
      return config.usePreviousWeek;
    case "session":
      return config.useSession;
  }
}
