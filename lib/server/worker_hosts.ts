import {
  type ActorHost,
  type Clock,
  createReadyWorkers,
  createWorkerHost,
  NO_PERMISSIONS,
  type WorkerPermissions,
} from "../../actors/mod.ts";
import { SOCKET_VARIABLES, withRealPath } from "../build/permissions.ts";
import { workerUrl } from "../build/worker_urls.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";
import { feedId, type HostFactories } from "../fleet/context.ts";
import { type ExchangeHosts } from "../fleet/market_access.ts";

/** Where the workers' code and files are. */
export interface WorkerHostsOptions {
  /** Folder of the project, where the built workers are. */
  root: URL;
  candlesDir: string;
  journalDir: string;
  clock: Clock;
  /** Hosts of the exchanges that may be reached. */
  exchangeHosts: ExchangeHosts;
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
  const { root, candlesDir, journalDir, clock } = options;
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
    feed: (source) =>
      createWorkerHost({
        entry: workerUrl(root, "feed"),
        name: feedId(source).replaceAll(":", "-"),
        permissions: source.kind === "exchange"
          ? exchangeFeedPermissions(options.exchangeHosts, source)
          : {
            ...NO_PERMISSIONS,
            read: source.kind === "replay" ? withRealPath(candlesDir) : false,
          },
      }),
    desk: () =>
      createWorkerHost({
        entry: workerUrl(root, "desk"),
        name: "desk",
        permissions: {
          ...NO_PERMISSIONS,
          read: [journalDir],
          write: [journalDir],
        },
      }),
  };
}

/** What a worker may that talks to one exchange: reach its hosts. The library's files are packages and load without a permission. */
export function exchangeFeedPermissions(
  exchangeHosts: ExchangeHosts,
  venue: VenueId,
): WorkerPermissions {
  return {
    ...NO_PERMISSIONS,
    net: [...exchangeHosts.get(venueKey(venue)) ?? []],
    env: [...SOCKET_VARIABLES],
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
    feed: (source) => decorate(hosts.feed(source), "feed"),
    desk: () => decorate(hosts.desk(), "desk"),
  };
}
