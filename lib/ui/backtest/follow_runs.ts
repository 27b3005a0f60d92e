import { effect } from "@preact/signals";
import { api, connection, joinLive } from "../client/live.ts";
import type { RunsStore } from "./runs_store.ts";

/**
 * Keeps runs up to date. What happens to a run is told once and not stored, so
 * the runs are asked for again whenever the connection comes (back) to life.
 *
 * @returns Ends it.
 */
export function followRuns(
  store: RunsStore,
  { headSeq }: { headSeq: number },
): () => void {
  const refresh = async () => store.replaceNewest(await api.listBacktests());
  const leave = joinLive({
    headSeq,
    topics: ["backtest:update"],
    onEvent: (event) => store.apply(event),
    refresh,
  });
  const stop = effect(() => {
    // A failure shows in the connection chip, and the next connection asks again.
    if (connection.value.kind === "live") void refresh().catch(() => {});
  });
  return () => {
    stop();
    leave();
  };
}
