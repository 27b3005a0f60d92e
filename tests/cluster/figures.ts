import { quantile } from "../chaos/figures.ts";
import type { ClusterResult } from "./campaign.ts";

/** The figures of a campaign, as `deno task cluster --json` prints them. */
export interface ClusterFigures extends
  Omit<
    ClusterResult,
    "overlaps" | "unownedMs" | "readMs" | "lost" | "duplicated"
  > {
  overlaps: number;
  unownedMsP50: number | null;
  unownedMsP99: number | null;
  unownedMsMax: number | null;
  readMsP50: number | null;
  readMsP99: number | null;
  lost: number;
  duplicated: number;
  /** Nothing was lost, doubled or written by somebody else. */
  booksEqual: boolean;
}

/** Sums a campaign up; times of which there are none are null. */
export function toFigures(result: ClusterResult): ClusterFigures {
  const { overlaps, unownedMs, readMs, lost, duplicated, ...counts } = result;
  const part = (values: readonly number[], share: number) =>
    values.length === 0 ? null : Math.round(quantile(values, share));
  return {
    ...counts,
    overlaps: overlaps.length,
    unownedMsP50: part(unownedMs, 0.5),
    unownedMsP99: part(unownedMs, 0.99),
    unownedMsMax: part(unownedMs, 1),
    readMsP50: part(readMs, 0.5),
    readMsP99: part(readMs, 0.99),
    lost: lost.length,
    duplicated: duplicated.length,
    booksEqual: overlaps.length + lost.length + duplicated.length === 0,
  };
}
