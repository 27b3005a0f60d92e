import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import { DetectorSet, replayKeptCandles } from "./smc/detector_set.ts";
import type { CandleSeriesSnapshot } from "./market/candle_series.ts";

/** What is read of a snapshot of version 1, from before the internal structure, sessions and ranges. */
interface FirstSnapshot {
  config: AgentConfig;
  detectors: { series: CandleSeriesSnapshot };
  /** Events as objects' columns; the log of the detectors took their place. */
  patterns?: unknown;
}

/** Internal swing length of an agent from before there was one: the default. */
const INTERNAL_SWING_LENGTH = 3;

/**
 * Makes a snapshot of version 2 of one of version 1: detectors of today over the
 * candles that it kept. What they decide from here on is theirs; what was decided
 * stays with the desk.
 */
export function upgradeSnapshot(state: unknown): unknown {
  const { patterns: _, ...first } = state as FirstSnapshot;
  const detector = {
    ...first.config.detector,
    internalSwingLength: INTERNAL_SWING_LENGTH,
  };
  const detectors = new DetectorSet(detector);
  replayKeptCandles(detectors, first.detectors.series);
  return {
    ...first,
    config: { ...first.config, detector },
    detectors: detectors.snapshot(),
  };
}
