import type { AgentConfig } from "../contracts/agent_config.ts";
import { TIMEFRAME_MS, timeframeOf } from "../contracts/candle.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";

/** A configuration with the timeframe of its candles, and what a person should know of it. */
export interface FittedConfig {
  config: AgentConfig;
  notes: readonly string[];
}

/** The candles decide the timeframe. */
export function fitTimeframe(
  config: AgentConfig,
  candles: CandleSeries,
): FittedConfig {
  const { stepMs } = candles.gapReport;
  if (stepMs === null || stepMs === TIMEFRAME_MS[config.timeframe]) {
    return { config, notes: [] };
  }
  const timeframe = timeframeOf(stepMs);
  if (timeframe === null) {
    const note = `The candles are ${
      describeStep(stepMs)
    } apart, which is no timeframe of the product; they are traded one by one as they are.`;
    return { config, notes: [note] };
  }
  const note =
    `The candles are ${timeframe}, the template says ${config.timeframe}: running with ${timeframe}.`;
  return { config: { ...config, timeframe }, notes: [note] };
}

/** The time between two candles in words. */
export function describeStep(stepMs: number): string {
  const name = timeframeOf(stepMs);
  if (name !== null) return name;
  return stepMs % 60_000 === 0
    ? `${stepMs / 60_000} minutes`
    : `${stepMs} ms (are the timestamps in milliseconds?)`;
}
