/** The service of backtests over a real store. */
import type {
  BacktestState,
  BacktestView,
} from "../../../lib/contracts/backtest.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { serverParts } from "../../../lib/backtest/server_parts.ts";
import type { RunBacktest } from "../../../lib/backtest/port.ts";
import {
  type BacktestServiceOptions,
  type RunningBacktests,
  startBacktests,
} from "../../../lib/backtest/service.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import { ManualTime, systemTime } from "../store/support.ts";
import { sampleReport, sampleRequest } from "./sample_report.ts";

export const CALLER = {
  userId: "usr_1",
  email: "me@example.com",
  via: "panel",
} as const;

export interface Rig {
  store: OpenedStore;
  time: ManualTime;
  /** Begun runs, in order. */
  begun: string[];
  /** What the runs that are under way wait for, by their label. */
  gateOf(name: string): PromiseWithResolvers<void>;
  published: (BacktestView | null)[];
  errors: string[];
  start(changes?: Partial<BacktestServiceOptions>): Promise<RunningBacktests>;
  /** Resolves when a run is in a state. */
  until(id: string, state: BacktestState): Promise<BacktestView>;
}

export async function withRig(
  test: (rig: Rig) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({ path: ":memory:", time: systemTime });
  const ids = createIdFactory({
    nowMs: () => time.nowMs(),
    random: () => 0.5,
  });
  const begun: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (name: string) => {
    const gate = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, gate);
    return gate;
  };
  const published: Rig["published"] = [];
  const errors: string[] = [];
  const seen = new EventTarget();
  const run: RunBacktest = async ({ config }, { signal }) => {
    begun.push(config.name);
    const gate = gateOf(config.name);
    signal.addEventListener("abort", () => gate.reject(signal.reason));
    await gate.promise;
    return sampleReport({ config });
  };
  const rig: Rig = {
    store,
    time,
    begun,
    gateOf,
    published,
    errors,
    start: (changes = {}) =>
      startBacktests({
        ...serverParts({ candlesDir: "/nowhere", workers: null }),
        store: store.backtests,
        time,
        ids,
        run,
        publish: (_id, view) => {
          published.push(view);
          seen.dispatchEvent(new CustomEvent("view", { detail: view }));
        },
        onError: (what) => void errors.push(what),
        retained: 2,
        ...changes,
      }),
    until: (id, state) =>
      new Promise((resolve) => {
        const found = published.findLast((view) => view?.id === id);
        if (found?.state === state) return resolve(found);
        seen.addEventListener("view", (event) => {
          const view = (event as CustomEvent<BacktestView | null>).detail;
          if (view?.id === id && view.state === state) resolve(view);
        });
      }),
  };
  try {
    await test(rig);
  } finally {
    await store.close();
  }
}

export function named(name: string) {
  const request = sampleRequest();
  return { ...request, config: { ...request.config, name } };
}
