/**
 * What the sweep strategy reads of the detectors, in one place.
 *
 * @module
 */
import type { Bias, LiquidityEvent } from "../../lib/contracts/pattern.ts";
import type { LiquiditySweepStrategyConfig } from "../../lib/contracts/strategies.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import type { SweepSource } from "./facts.ts";

/** The part of a structure detector that tells of a turn. */
interface StructureReading {
  breakBias: Bias | 0;
  lastBreakStage: "bos" | "choch" | null;
}

/** Whose stops a pool is made of; pools without a source are equal levels. */
export function sourceOf(event: LiquidityEvent): SweepSource {
  return (event as { source?: SweepSource }).source ?? "equal";
}

/** Structure of short swings, or of all swings where there is no other. */
export function internalStructure(detectors: DetectorSet): StructureReading {
  const { internal } = detectors as {
    internal?: { structure: StructureReading };
  };
  return internal?.structure ?? detectors.structure;
}

/** Whether pools of a source are traded. */
export function usesSource(
  config: LiquiditySweepStrategyConfig,
  source: SweepSource,
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
