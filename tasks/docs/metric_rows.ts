import { METRIC_FACTS } from "../../lib/metrics/metrics.ts";

/** Columns of the figures for Prometheus. */
export const METRIC_HEAD = ["metric", "type", "labels", "meaning"] as const;

/** A row for each figure. */
export function metricRows(): string[][] {
  return METRIC_FACTS.map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.length === 0 ? "–" : labels.map((one) => `\`${one}\``).join(", "),
    help,
  ]);
}
