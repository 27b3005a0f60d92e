import type { Timeframe } from "../../lib/contracts/candle.ts";

const MINUTE_MS = 60_000;
const UNIT_MINUTES: Readonly<Record<string, number>> = {
  m: 1,
  h: 60,
  d: 1_440,
};

/** Length of a timeframe such as `15m`, in milliseconds. */
export function timeframeMs(timeframe: Timeframe): number {
  const unit = UNIT_MINUTES[timeframe.slice(-1)]!;
  return Number(timeframe.slice(0, -1)) * unit * MINUTE_MS;
}
