/** Tells of backtests: of each change to whoever listens now, of the end in the log. */
import type { BacktestView } from "../contracts/backtest.ts";
import { STREAM_VERSION } from "../contracts/stream.ts";
import type { TimeSource } from "../core/time.ts";
import type { LiveHub } from "../live/port.ts";
import type { EventDraft, Store } from "../store/port.ts";
import type { Console } from "./console.ts";

/** Makes what is called with every change of a backtest; null where it was removed. */
export function tellBacktests(
  { clock, store, hub, console }: {
    clock: Pick<TimeSource, "nowMs">;
    store: Pick<Store, "events">;
    hub: Pick<LiveHub, "publishVolatile">;
    console: Pick<Console, "error">;
  },
): (id: string, view: BacktestView | null) => void {
  return (id, view) => {
    const line = view === null ? null : backtestLine(view, clock.nowMs());
    if (line !== null) {
      store.events.append({ events: [line] }).catch((error) =>
        console.error("Cannot store the end of a backtest", error)
      );
    }
    hub.publishVolatile({
      v: STREAM_VERSION,
      seq: null,
      topic: "backtest:update",
      at: new Date(clock.nowMs()).toISOString(),
      ...(view === null
        ? { type: "backtest.removed", data: { id } }
        : { type: "backtest.updated", data: view }),
    }, null);
  };
}

/** A line of the log about a backtest that has ended; null for anything else. */
export function backtestLine(
  { id, label, state, ownerId, detail }: BacktestView,
  at: number,
): EventDraft | null {
  if (state !== "done" && state !== "failed") return null;
  return {
    type: "log.added",
    agentId: null,
    at,
    data: {
      level: state === "failed" ? "warning" : "info",
      category: "system",
      agentId: null,
      agentName: null,
      message: state === "done"
        ? `The backtest "${label}" is done`
        : `The backtest "${label}" failed: ${detail ?? "nobody knows why"}`,
      at,
      marketAt: null,
      data: { backtestId: id, ownerId, state },
    },
  };
}
