import type {
  AgentChart,
  ChartRange,
  DecisionView,
  OverlayView,
} from "../lib/contracts/chart.ts";
import { describePattern } from "./agent_report.ts";
import type { DetectorSet } from "./smc/detector_set.ts";
import { buildOverlay } from "./smc/overlay.ts";
import { CODE, SCALE } from "./smc/pattern_codes.ts";
import type { PatternLog } from "./smc/pattern_log.ts";

/** Candles of one answer. */
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
  { fromSeq, beforeSeq, maxZoneAgeCandles }: {
    fromSeq: number;
    beforeSeq: number | undefined;
    maxZoneAgeCandles: number;
  },
): OverlayView {
  return buildOverlay(log.events(log.start, log.end), {
    fromSeq,
    beforeSeq,
    lastSeq: series.lastSeq,
    maxZoneAgeCandles,
    openAtOf: (seq) => series.candle(seq)?.openAt ?? null,
  });
}

/**
 * The newest candles after `afterSeq`, with the overlays of the newest
 * {@link CHART_CANDLES_LIMIT}; or the newest before `beforeSeq`, as far back as
 * the agent remembers, with the overlays of these.
 */
export function readChart(
  detectors: DetectorSet,
  options: ChartRange & {
    maxZoneAgeCandles: number;
    decisions: readonly DecisionView[];
  },
): AgentChart {
  const { afterSeq, beforeSeq, maxZoneAgeCandles, decisions } = options;
  const { series } = detectors;
  const limit = Math.min(options.limit, CHART_CANDLES_LIMIT);
  const candles = beforeSeq === undefined
    ? series.candlesAfter(afterSeq, limit)
    : series.candlesBefore(beforeSeq, limit);
  const fromSeq = beforeSeq === undefined
    ? series.lastSeq - CHART_CANDLES_LIMIT + 1
    : candles[0]?.seq ?? beforeSeq;
  return {
    candles,
    overlays: chartOverlay(detectors, {
      fromSeq,
      beforeSeq,
      maxZoneAgeCandles,
    }),
    decisions,
  };
}
