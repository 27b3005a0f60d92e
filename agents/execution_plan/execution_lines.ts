/**
 * Log lines of an executor.
 *
 * @module
 */
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import type { ReportLine } from "../agent_report.ts";
import { strategyTitle } from "../setup_report.ts";
import type { LostSignals } from "../signals/sources.ts";
import type { ExecutionNote } from "./executor_trader.ts";

/** Something that the executor did not do, or what its breaker did. */
export function noteLine(
  { level, message, heard }: ExecutionNote,
  marketAt: EpochMs,
): ReportLine {
  if (heard === undefined) {
    return { level, category: "risk", message, marketAt };
  }
  const { sourceId, signal } = heard;
  const { signalId, side, strategy, kind } = signal;
  const what = kind === "exit" ? "leave" : side;
  return {
    level,
    category: "decision",
    message: `Passed over a signal to ${what}, ${
      strategyTitle(strategy)
    }: ${message}`,
    marketAt,
    data: { sourceId, signalId },
  };
}

/** Signals that were never heard and are not traded. */
export function lostLine(
  { sourceId, fromSeq, beforeSeq }: LostSignals,
  marketAt: EpochMs,
): ReportLine {
  return {
    level: "warning",
    category: "decision",
    message: `Signals of candles ${fromSeq} to ${
      beforeSeq - 1
    } may be lost: the source no longer has them, and they are not traded`,
    marketAt,
    data: { sourceId },
  };
}
