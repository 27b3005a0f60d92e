import type { BacktestView } from "../../contracts/backtest.ts";
import type { BacktestStore } from "../../store/port.ts";
import { isFinal, type Runs } from "./runs.ts";

/**
 * A run of an earlier start cannot be going on: it is stored as failed. Where
 * several processes share the store, this is said of own runs only, and of
 * those from a time when there was one process.
 */
export async function failInterrupted(
  runs: Runs,
  { store, endedAt }: { store: BacktestStore; endedAt: string },
): Promise<void> {
  for (const view of runs.list()) {
    const isOrphan = view.host === undefined && runs.isShared;
    const isOver = isOrphan
      ? !isFinal(view)
      : runs.isOwn(view) && view.state === "running";
    if (!isOver) continue;
    const failed: BacktestView = {
      ...view,
      state: "failed",
      endedAt,
      detail: "The server stopped before the run ended; start it again",
    };
    runs.put(failed);
    // deno-lint-ignore no-await-in-loop -- mostly none, at most one for each process
    await store.save(failed, null);
  }
}
