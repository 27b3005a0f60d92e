import type { CampaignResult } from "./campaign_result.ts";
import type { Recovery } from "./recovery_watch.ts";

/** The figures of a campaign, as `deno task chaos --json` prints them. */
export interface ChaosFigures
  extends Omit<CampaignResult, "lost" | "duplicated" | "recoveries"> {
  lost: number;
  duplicated: number;
  /** From the kill until every agent was where it is wanted. */
  recoveryMsP50: number;
  recoveryMsP99: number;
  recoveryMsMax: number;
  /** Parts of it: until the next process was there, until it listened, until the agents ran. */
  restartMsP50: number;
  listeningMsP50: number;
  agentsMsP50: number;
  /** Processor time of the new process until then: it hardly depends on what else the machine does. */
  recoveryCpuMsP50: number | null;
}

/** Sums a campaign up. */
export function toFigures(result: CampaignResult): ChaosFigures {
  const { recoveries, lost, duplicated, ...counts } = result;
  const part = (pick: (recovery: Recovery) => number, share: number) =>
    Math.round(quantile(recoveries.map(pick), share));
  return {
    ...counts,
    lost: lost.length,
    duplicated: duplicated.length,
    recoveryMsP50: part(({ totalMs }) => totalMs, 0.5),
    recoveryMsP99: part(({ totalMs }) => totalMs, 0.99),
    recoveryMsMax: part(({ totalMs }) => totalMs, 1),
    restartMsP50: part(({ restartMs }) => restartMs, 0.5),
    listeningMsP50: part(
      ({ listeningMs, restartMs }) => listeningMs - restartMs,
      0.5,
    ),
    agentsMsP50: part(
      ({ totalMs, listeningMs }) => totalMs - listeningMs,
      0.5,
    ),
    recoveryCpuMsP50: recoveries.some(({ cpuMs }) => cpuMs === null)
      ? null
      : part(({ cpuMs }) => cpuMs!, 0.5),
  };
}

/** The smallest value that at least `share` of all values do not exceed; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? NaN;
}
