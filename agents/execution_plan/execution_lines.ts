/**
 * Log lines of an executor.
 *
 * @module
 */
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import type { ReportLine } from "../agent_report.ts";
import { strategyTitle } from "../setup_report.ts";
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
