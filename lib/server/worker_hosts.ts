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
import type { InferenceWorkerConfig } from "../contracts/inference.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";
import { feedId, type HostFactories } from "../fleet/context.ts";
import { type ExchangeHosts } from "../fleet/market_access.ts";

/** Where the workers' code and files are. */
export interface WorkerHostsOptions {
  /** Folder of the project, where the built workers are. */
  root: URL;
  candlesDir: string;
  journalDir: string;
  /** File of the key that exchange keys are sealed with. */
  keySecretPath: string;
  /** The desk watches it itself: an emergency stop must not need anybody else. */
  emergencyDir: string;
  clock: Clock;
  /** Hosts of the exchanges that may be reached. */
  exchangeHosts: ExchangeHosts;
  /** Where models and their runtime are. */
  inference: InferenceWorkerConfig;
}

/** Makes workers, and keeps one for the next agent. */
export interface WorkerHosts extends HostFactories {
  /** A worker for the runs of a backtest. */
  backtest(): ActorHost;
  /** Ends what waits to be used. */
  close(): void;
}

/** Workers in isolates of their own, each with the least it needs. */
export function createWorkerHosts(options: WorkerHostsOptions): WorkerHosts {
  const { root, candlesDir, clock } = options;
  const agents = createReadyWorkers({
    clock,
    entry: workerUrl(root, "agent"),
    name: "agent",
    permissions: NO_PERMISSIONS,
  });
  return {
    close: () => agents.close(),
    agent: (type) =>
      type === "risk_manager" ? createGuardHost(root) : agents.createHost(),
    backtest: () => createBacktestHost(root, options.inference),
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
    desk: (venue) =>
      createWorkerHost({
        entry: workerUrl(root, "desk"),
        name: deskName(venue),
        permissions: deskPermissions(options, venue),
      }),
    inference: () =>
      createWorkerHost({
        entry: workerUrl(root, "inference"),
        name: "inference",
        permissions: inferencePermissions(options.inference),
      }),
  };
}

function deskName(venue: VenueId | null): string {
  return venue === null ? "desk" : `desk-${venueKey(venue)}`;
}

/** Its journals; at a venue that exchange, and the key that opens exchange keys. */
function deskPermissions(
  options: WorkerHostsOptions,
  venue: VenueId | null,
): WorkerPermissions {
  const { journalDir, emergencyDir, exchangeHosts, keySecretPath } = options;
  const own = [journalDir, emergencyDir];
  if (venue === null) return { ...NO_PERMISSIONS, read: own, write: own };
  return {
    ...exchangeFeedPermissions(exchangeHosts, venue),
    read: [...own, keySecretPath],
    write: own,
    env: [...SOCKET_VARIABLES, "EXCHANGE_KEY_SECRET"],
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

/** It reads the runtime, the request for it, and the models, and nothing else of anything. */
export function inferencePermissions(
  { runtime, modelDirs }: InferenceWorkerConfig,
): WorkerPermissions {
  const { folder, requestPath } = runtime;
  return {
    ...NO_PERMISSIONS,
    read: [
      folder,
      ...requestPath === null ? [] : [requestPath],
      ...modelDirs,
    ].flatMap(withRealPath),
  };
}

/** A worker of a backtest comes to be when the runtime is there. */
export function backtestPermissions(
  { runtime: { folder }, modelDirs }: InferenceWorkerConfig,
): WorkerPermissions {
  const runtime = { folder, requestPath: null };
  return inferencePermissions({ runtime, modelDirs });
}

/** A worker for the runs of a backtest; it is handed the candles, may read models, and may do nothing else. */
export function createBacktestHost(
  root: URL,
  inference: InferenceWorkerConfig,
): ActorHost {
  return createWorkerHost({
    entry: workerUrl(root, "backtest"),
    name: "backtest",
    permissions: backtestPermissions(inference),
  });
}

/** A worker of a risk manager: it may do nothing but talk to desks. */
function createGuardHost(root: URL): ActorHost {
  return createWorkerHost({
    entry: workerUrl(root, "guard"),
    name: "guard",
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
    desk: (venue) => decorate(hosts.desk(venue), "desk"),
    inference: () => decorate(hosts.inference(), "inference"),
  };
}
