/**
 * The way of an order in stages, and how long each takes:
 *
 * - `decision`: the source's work on the candle that made the signal
 * - `link`: from the source's worker to the executor's
 */
export type LatencyStage = "decision" | "link";

/** How long a stage took since the worker began, in milliseconds. */
export interface LatencyFigures {
  count: number;
  msP50: number;
  msP99: number;
  msP999: number;
  msMax: number;
}

/** Figures of the stages that were measured. */
export type StageLatencies = Partial<Record<LatencyStage, LatencyFigures>>;
