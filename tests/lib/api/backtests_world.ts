/** The real service over a store in memory; a test says when and how a run ends. */
import type {
  BacktestProgress,
  BacktestView,
} from "../../../lib/contracts/backtest.ts";
import type { BacktestReport } from "../../../lib/contracts/backtest_report.ts";
import type { IdFactory } from "../../../lib/core/ids.ts";
import { BacktestService } from "../../../lib/backtest/service.ts";
import { ReplayRoom } from "../../../lib/backtest/service/replay_room.ts";
import type { BacktestStore } from "../../../lib/store/port.ts";
import { behavior, simulated } from "../backtest/setup.ts";

export const UNKNOWN_BACKTEST = `bt_${"0".repeat(26)}`;

/** A run that a test holds in its hands. */
export interface HeldRun {
  progress(progress: BacktestProgress): void;
  end(report: BacktestReport): void;
  fail(error: Error): void;
}

export interface BacktestWorld {
  service: BacktestService;
  /** The run under way, when it has begun. */
  held(): Promise<HeldRun>;
  /** Resolves when a run has ended. */
  ended(id: string): Promise<void>;
  published: { id: string; view: BacktestView | null }[];
}

export function createBacktestWorld(
  ids: IdFactory,
  clock: { now: number },
): BacktestWorld {
  const published: BacktestWorld["published"] = [];
  const endings = new Map<string, PromiseWithResolvers<void>>();
  const endingOf = (id: string) => {
    const ending = endings.get(id) ?? Promise.withResolvers<void>();
    endings.set(id, ending);
    return ending;
  };
  let begun = Promise.withResolvers<HeldRun>();
  const service = new BacktestService({
    store: memoryStore(),
    time: {
      nowMs: () => clock.now,
      after: () => ({ cancel: () => {} }),
      every: () => ({ cancel: () => {} }),
    },
    ids,
    run: (_request, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => {
          begun = Promise.withResolvers();
          reject(signal.reason);
        });
        begun.resolve({
          progress: onProgress,
          end: (report) => {
            begun = Promise.withResolvers();
            resolve(report);
          },
          fail: (error) => {
            begun = Promise.withResolvers();
            reject(error);
          },
        });
      }),
    renderTearSheet: ({ config }) => `<!doctype html><h1>${config.name}</h1>`,
    describeFile: (file) =>
      Promise.resolve(
        file === "btc-15m.csv" ? { timeframe: "15m" as const } : null,
      ),
    replays: new ReplayRoom({
      behaviorOf: () => behavior,
      loadCandles: ({ data }) =>
        Promise.resolve(
          simulated(3, data.kind === "simulated" ? data.candles : 500),
        ),
    }),
    publish: (id, view) => {
      published.push({ id, view });
      if (view !== null && view.endedAt !== null) endingOf(id).resolve();
    },
    onError: () => {},
    retained: 3,
  }, []);
  return {
    service,
    held: () => begun.promise,
    ended: (id) => endingOf(id).promise,
    published,
  };
}

function memoryStore(): BacktestStore {
  const views = new Map<string, BacktestView>();
  const reports = new Map<string, BacktestReport>();
  return {
    list: () => Promise.resolve([...views.values()]),
    create: (view) => Promise.resolve(void views.set(view.id, view)),
    save: (view) => {
      if (views.has(view.id)) views.set(view.id, view);
      return Promise.resolve();
    },
    finish: (view, report) => {
      views.set(view.id, view);
      return Promise.resolve(void reports.set(view.id, report));
    },
    modelRecord: () => Promise.resolve(null),
    report: (id) => Promise.resolve(reports.get(id) ?? null),
    remove: (id) => {
      reports.delete(id);
      return Promise.resolve(void views.delete(id));
    },
  };
}
