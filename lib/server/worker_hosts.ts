import {
  type ActorHost,
  type Clock,
  createReadyWorkers,
  createWorkerHost,
  NO_PERMISSIONS,
} from "../../actors/mod.ts";
import { withRealPath } from "../build/permissions.ts";
import { workerUrl } from "../build/worker_urls.ts";
import type { HostFactories } from "../fleet/context.ts";

/** Where the workers' code and files are. */
export interface WorkerHostsOptions {
  /** Folder of the project, where the built workers are. */
  root: URL;
  candlesDir: string;
  journalDir: string;
  /** The desk watches it itself: an emergency stop must not need anybody else. */
  emergencyDir: string;
  clock: Clock;
}

/** Makes workers, and keeps one for the next agent. */
export interface WorkerHosts extends HostFactories {
  /** A worker for the runs of a backtest; it is handed the candles and may do nothing else. */
  backtest(): ActorHost;
  /** Ends what waits to be used. */
  close(): void;
}

/** Workers in isolates of their own, each with the least it needs. */
export function createWorkerHosts(options: WorkerHostsOptions): WorkerHosts {
  const { root, candlesDir, journalDir, emergencyDir, clock } = options;
  const agents = createReadyWorkers({
    clock,
    entry: workerUrl(root, "agent"),
    name: "agent",
    permissions: NO_PERMISSIONS,
  });
  return {
    close: () => agents.close(),
    agent: () => agents.createHost(),
    backtest: () => createBacktestHost(root),
    feed: (kind) =>
      createWorkerHost({
        entry: workerUrl(root, "feed"),
        name: `feed-${kind}`,
        permissions: {
          ...NO_PERMISSIONS,
          read: kind === "replay" ? withRealPath(candlesDir) : false,
        },
      }),
    desk: () =>
      createWorkerHost({
        entry: workerUrl(root, "desk"),
        name: "desk",
        permissions: {
          ...NO_PERMISSIONS,
          read: [journalDir, emergencyDir],
          write: [journalDir, emergencyDir],
        },
      }),
  };
}

/** A worker for the runs of a backtest; it is handed the candles and may do nothing else. */
export function createBacktestHost(root: URL): ActorHost {
  return createWorkerHost({
    entry: workerUrl(root, "backtest"),
    name: "backtest",
    permissions: NO_PERMISSIONS,
  });
}

/** Wraps every host. */
export function decorateHosts(
  hosts: HostFactories,
  decorate:
    | ((host: ActorHost, kind: keyof HostFactories) => ActorHost)
    | undefined,
): HostFactories {
  if (decorate === undefined) return hosts;
  return {
    agent: (type) => decorate(hosts.agent(type), "agent"),
    feed: (kind) => decorate(hosts.feed(kind), "feed"),
    desk: () => decorate(hosts.desk(), "desk"),
  };
}
