import type { EpochMs } from "../../lib/contracts/primitives.ts";
import type { ReportLine } from "../agent_report.ts";
import type { LostSignals } from "./sources.ts";

/** Log line of signals that were never heard and are not traded. */
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
