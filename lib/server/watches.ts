import type { Env } from "../core/env.ts";
import {
  type HealthSources,
  type HealthWatch,
  watchHealth,
} from "./health_watch.ts";
import {
  createServerMetrics,
  type ServerMetrics,
  type ServerMetricsOptions,
} from "./server_metrics.ts";
import { freeOf } from "./system_view.ts";

/** What the server looks at to tell how it does. */
export type WatchOptions =
  & ServerMetricsOptions
  & Omit<HealthSources, "freeBytes">
  & { env: Pick<Env, "DATA_DIR"> };

/** Starts everything by which the server watches itself. */
export function watchServer(
  options: WatchOptions,
): { metrics: ServerMetrics; health: HealthWatch; close(): void } {
  const metrics = createServerMetrics(options);
  const health = watchHealth({
    ...options,
    freeBytes: () => freeOf(options.env.DATA_DIR),
  });
  return {
    metrics,
    health,
    close() {
      metrics.close();
      health.close();
    },
  };
}
