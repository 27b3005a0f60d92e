import type {
  AgentChart,
  DecisionView,
  OverlayView,
} from "../lib/contracts/chart.ts";
import { describePattern } from "./agent_report.ts";
import type { DetectorSet } from "./smc/detector_set.ts";
import { buildOverlay } from "./smc/overlay.ts";
import { CODE, SCALE } from "./smc/pattern_codes.ts";
import type { PatternLog } from "./smc/pattern_log.ts";

/** Candles that an agent shows on its chart. */
export const CHART_CANDLES_LIMIT = 600;

/** Whether an event is worth a notice: breaks of the larger structure, new blocks, new gaps. */
export function isNotable(log: PatternLog, number: number): boolean {
  switch (log.codeOf(number)) {
    case CODE["structure.bos"]:
    case CODE["structure.choch"]:
      return log.detailOf(number) === SCALE.swing;
    case CODE["order_block.created"]:
    case CODE["fvg.created"]:
      return true;
    default:
      return false;
  }
}

/** The newest notable event of a log in words, or null. */
export function describeLastPattern(log: PatternLog): string | null {
  for (let number = log.end - 1; number >= log.start; number--) {
    if (isNotable(log, number)) return describePattern(log.event(number));
  }
  return null;
}

/** What the chart shows of the remembered events. */
function chartOverlay(
  { log, series }: DetectorSet,
  maxZoneAgeCandles: number,
): OverlayView {
  return buildOverlay(log.events(log.start, log.end), {
    fromSeq: series.lastSeq - CHART_CANDLES_LIMIT + 1,
    lastSeq: series.lastSeq,
    maxZoneAgeCandles,
    openAtOf: (seq) => series.candle(seq)?.openAt ?? null,
  });
}

/** The newest candles after `afterSeq`, at most `limit`; overlays always cover the whole chart. */
export function readChart(
  detectors: DetectorSet,
  options: {
    afterSeq: number;
    limit: number;
    maxZoneAgeCandles: number;
    decisions: readonly DecisionView[];
  },
): AgentChart {
  const { afterSeq, limit, maxZoneAgeCandles, decisions } = options;
  return {
    candles: detectors.series.candlesAfter(
      afterSeq,
      Math.min(limit, CHART_CANDLES_LIMIT),
    ),
    overlays: chartOverlay(detectors, maxZoneAgeCandles),
    decisions,
  };
}
