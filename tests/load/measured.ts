/** What a step of the load comes to. */
import { processCpuMs } from "../support/processor_time.ts";
import { DONE_SHARE } from "./limits.ts";
import { sampleProcess } from "./process_sample.ts";
import type { Rig } from "./rig.ts";

/** One line of the table. */
export interface StepFigures {
  what: "signal" | "stream" | "read" | "write";
  /** Agents, clients or requests a second. */
  step: number;
  p50Ms: number | null;
  p99Ms: number | null;
  limitMs: number;
  /** Of what was asked for, the share that happened; more than 1 is 1. */
  doneShare: number;
  /** Processors that the server took. */
  cores: number | null;
  rssMiB: number | null;
  /** Whether it stayed within its limit, and was done. */
  isWithin: boolean;
}

/** What a step measures itself. */
export type Measured = Pick<
  StepFigures,
  "what" | "step" | "p50Ms" | "p99Ms" | "limitMs" | "doneShare"
>;

/** Runs a step and looks at the server meanwhile. */
export async function measureStep(
  { pid }: Pick<Rig, "pid">,
  run: () => Promise<Measured>,
): Promise<StepFigures> {
  const cpuBefore = await processCpuMs(pid);
  const begunMs = performance.now();
  const measured = await run();
  const elapsedMs = performance.now() - begunMs;
  const cpuAfter = await processCpuMs(pid);
  const { rssMiB } = await sampleProcess(pid);
  return {
    ...measured,
    doneShare: Math.min(1, measured.doneShare),
    cores: cpuBefore === null || cpuAfter === null
      ? null
      : (cpuAfter - cpuBefore) / elapsedMs,
    rssMiB,
    isWithin: isWithin(measured),
  };
}

/** A step that is fast because little of it happens is none that counts. */
export function isWithin(
  { p99Ms, limitMs, doneShare }: Pick<
    Measured,
    "p99Ms" | "limitMs" | "doneShare"
  >,
): boolean {
  return p99Ms !== null && p99Ms <= limitMs && doneShare >= DONE_SHARE;
}

/** The value that a share of sorted times does not exceed; null without any. */
export function percentile(
  sorted: ArrayLike<number>,
  share: number,
): number | null {
  const place = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[place] ?? null;
}

/** The largest step of a kind that counts, with all smaller ones; null where none does. */
export function largestWithin(
  steps: readonly Pick<StepFigures, "what" | "step" | "isWithin">[],
  what: StepFigures["what"],
): number | null {
  let largest: number | null = null;
  for (const step of steps.filter((one) => one.what === what)) {
    if (!step.isWithin) break;
    largest = step.step;
  }
  return largest;
}
