/** What is said of candles that a venue's history does not have: they stand flat. */
import type { EpochMs } from "../../contracts/primitives.ts";
import { LIVE_CANDLES_MAX } from "./limits.ts";
import type { LiveMarketId, LiveMarketSource } from "./port.ts";
import { nameOf } from "./venue_questions.ts";

/** Whose history it is. */
interface History {
  source: LiveMarketSource;
  market: LiveMarketId;
}

/** Of those before the first one that is known. */
export function missingBefore(
  firstAt: EpochMs,
  { missing, source, market }: History & { missing: number },
): string {
  return `${missing} candles before ${
    new Date(firstAt).toISOString()
  } are not to be had of ${
    nameOf(source, market)
  } (at most ${LIVE_CANDLES_MAX} are fetched): they stand flat at the first known price`;
}

/**
 * Of those between the last one that is known and `rows`, the first that the
 * venue gives after it; null for none. Less than a page apart nothing was traded
 * there: a history that goes back not far enough still has its newest page.
 */
export function missingSince(
  fromAt: EpochMs,
  { rows, source, market, stepMs }: History & {
    rows: readonly (readonly number[])[];
    stepMs: number;
  },
): string | null {
  const [firstAt, lastAt] = [rows.at(0)?.[0], rows.at(-1)?.[0]];
  if (firstAt === undefined || lastAt === undefined) return null;
  const missing = Math.round((firstAt - fromAt) / stepMs);
  const isBreak = lastAt - fromAt >= (source.pageCandles - 1) * stepMs;
  if (missing <= 0 || !isBreak) return null;
  return `${missing} candles from ${
    new Date(fromAt).toISOString()
  } on are not to be had of ${
    nameOf(source, market)
  }: they stand flat at the close before`;
}
