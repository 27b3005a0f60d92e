/**
 * Puts the platform together: store, auth, fleet, live hub and API, in this
 * order, and takes it apart again in the reverse one.
 *
 * @module
 */
import { type ActorHost, type Clock, systemClock } from "../../actors/mod.ts";
import type { Services } from "../api/page_state.ts";
import {
  createSetupTokenFile,
  type SetupTokenFile,
} from "../auth/setup_token.ts";
import { serverParts } from "../backtest/server_parts.ts";
import { type RunningBacktests, startBacktests } from "../backtest/service.ts";
import { workerCount } from "../backtest/workers/pool.ts";
import type { Env } from "../core/env.ts";
import { createIdFactory } from "../core/ids.ts";
import { createPooledRandom } from "../core/pooled_random.ts";
import type { HostFactories } from "../fleet/context.ts";
import {
  type FleetOptions,
  type RunningFleet,
  startFleet,
} from "../fleet/fleet.ts";
import { accessOf, readExchangeHosts } from "../fleet/market_access.ts";
import {
  listModels,
  modelFolders,
} from "../inference/library/model_library.ts";
import { createLiveHub } from "../live/hub.ts";
import type { LiveHub } from "../live/port.ts";
import { STREAM_VERSION } from "../contracts/stream.ts";
import { createExchangeKeys } from "../vault/exchange_keys.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import type { Keyring } from "../vault/envelope.ts";
import { openAuditTrail } from "./audit_trail.ts";
import { openIdentity } from "./open_identity.ts";
import { RETAINED_BACKTESTS } from "../store/limits.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { EMERGENCY_FOLDER } from "../contracts/emergency_desk.ts";
import { fleetSettings } from "./fleet_settings.ts";
import { createEmergencyInbox, forgetRunningDesks } from "./emergency_inbox.ts";
import { openDataFolder } from "./data_folder.ts";
import { openVault } from "./open_vault.ts";
import {
  candlesDirOf,
  inferenceOf,
  journalDirOf,
  keySecretPathOf,
} from "./data_paths.ts";
import { listCandleFiles } from "./candle_files.ts";
import {
  createBacktestHost,
  createWorkerHosts,
  decorateHosts,
} from "./worker_hosts.ts";
import type { Console } from "./console.ts";
import { countCommands } from "./count_commands.ts";
import { isOverloaded, processCpuMs, threadCpuMs } from "./cpu_time.ts";
import { createModelRuntime } from "./model_runtime.ts";
import { createRecordingFiles } from "./recording_files.ts";
import { createRecycling } from "./recycling.ts";
import { createSilenceFile } from "./silence_file.ts";
import { createServerMetrics } from "./server_metrics.ts";
import { createServices } from "./services.ts";

/** What a platform starts from. */
export interface PlatformOptions {
  env: Env;
  /** Folder of the project, where the built workers are. */
  root: URL;
  console: Console;
  /** What the process loads meanwhile; agents that a start brings back trade when it has ended. */
  loading?: Promise<unknown>;
  /**
   * Drains the process and ends it for a fresh one, at a quiet moment, because
   * threads burn that cannot be ended otherwise. Left out where nobody would
   * start it again: then the operator is told.
   */
  onRecycle?: (detail: string) => void;
  /** Handed the opened store, so that a measurement can commit events as a fleet would. */
  onStore?: (store: OpenedStore) => void;
  /** Wraps every worker host, so that a test can end workers as a fault would. */
  decorateHost?: (host: ActorHost, kind: keyof HostFactories) => ActorHost;
}

/** A running platform. */
export interface Platform {
  services: Services;
  /** The one-time token for the first account, or null once it exists. */
  setupToken: string | null;
  /** Refuses new work, ends streams, stops all actors and closes the store. */
  drain(reason: string): Promise<void>;
}

/** Starts everything. Rejects with one sentence if any part cannot start. */
export async function startPlatform(
  options: PlatformOptions,
): Promise<Platform> {
  const { env, console, onRecycle } = options;
  const clock = systemClock;
  const ids = createIdFactory({ nowMs: () => clock.nowMs(), random });
  const folder = await openDataFolder(env.DATA_DIR, foldersOf(env));
  const { store, wrapping } = await openVault({ env, time: clock, console });
  options.onStore?.(store);
  const auditTrail = await openAuditTrail(options, { store, clock });
  const hub = createLiveHub({ events: store.events, time: clock });
  const setupToken = createSetupTokenFile(env.DATA_DIR);
  const auth = await openIdentity(options, {
    store,
    clock,
    setupToken,
    wrapping,
    onEnded: (userId) => hub.recheck(userId),
  });
  const recycling = createRecycling({ clock, console, onRecycle });
  const own = { clock, ids, store };
  // The keys first: agents that a start brings back trade with them at once.
  const exchangeKeys = await openExchangeKeys(own, {
    wrapping,
    fleet: () => fleet,
  });
  const fleet: RunningFleet = await openFleet(options, {
    ...own,
    random,
    hub,
    exchangeKeys,
    onRecycleWanted: recycling.onRecycleWanted,
  });
  const backtests = await openBacktests(options, { clock, ids, store, hub });
  const state = { isDraining: false };
  const metrics = createServerMetrics({ clock, fleet, store, hub, state });
  const services = createServices(
    { store, hub, fleet, backtests, exchangeKeys, auditTrail, metrics },
    { ...own, env, auth, state, console },
  );
  const counted = countCommands(services.api);
  recycling.isQuiet = () => counted.underWay() === 0 && fleet.isQuiet();
  return {
    services: { ...services, api: counted.api },
    setupToken: await offerSetup(auth, setupToken),
    async drain(reason) {
      state.isDraining = true;
      metrics.close();
      recycling.onRecycleWanted(null);
      await hub.close(reason);
      await backtests.drain();
      await fleet.drain();
      await auth.close();
      await auditTrail.close();
      await store.close();
      folder.release();
    },
  };
}

/** What is in the data folder from the start. */
function foldersOf({ CANDLES_DIR }: Env): string[] {
  return [
    "journal",
    EMERGENCY_FOLDER,
    ...CANDLES_DIR === "" ? ["candles"] : [],
  ];
}

function openExchangeKeys(
  { store, ids, clock }:
    & Pick<FleetOptions, "clock" | "ids">
    & { store: OpenedStore },
  { wrapping, fleet }: { wrapping: Keyring; fleet: () => RunningFleet },
): Promise<ExchangeKeys> {
  return createExchangeKeys({
    store: store.exchangeKeys,
    wrapping,
    ids,
    nowMs: () => clock.nowMs(),
    probe: (key) => fleet().probeKey(key),
    usersOf: (id) => fleet().keyUsers(id),
    audit: (entry) => store.audit(entry),
    onChange: (key) => fleet().tellKey(key),
    onRemove: (key) => fleet().forgetKey(key),
  });
}

async function openFleet(
  options: PlatformOptions,
  parts: Pick<FleetOptions, "clock" | "random" | "ids" | "store"> & {
    hub: LiveHub;
    exchangeKeys: ExchangeKeys;
    /** Threads burn that cannot be ended; null once they have ended after all. */
    onRecycleWanted: (detail: string | null) => void;
  },
): Promise<RunningFleet> {
  const { env, root, console } = options;
  const { hub, exchangeKeys, ...shared } = parts;
  const candlesDir = candlesDirOf(env);
  const { clock } = shared;
  const emergencyDir = `${env.DATA_DIR}/${EMERGENCY_FOLDER}`;
  await forgetRunningDesks(emergencyDir);
  const access = accessOf(env);
  const inference = inferenceOf(env, root);
  const hosts = createWorkerHosts({
    root,
    candlesDir,
    journalDir: journalDirOf(env),
    emergencyDir,
    clock,
    keySecretPath: keySecretPathOf(env),
    exchangeHosts: await readExchangeHosts(access, root),
    inference,
  });
  const fleet = await startFleet({
    ...shared,
    hosts: decorateHosts(hosts, options.decorateHost),
    settings: fleetSettings(env, { access, inference }),
    publishVolatile: (envelope, agentId) =>
      hub.publishVolatile(envelope, agentId),
    listCandleFiles: () => listCandleFiles(candlesDir),
    listModels: () => listModels(modelFolders({ root, dataDir: env.DATA_DIR })),
    modelRuntime: createModelRuntime(inference.runtime, clock),
    findExchangeKey: (id) => exchangeKeys.find(id),
    onKeyUse: (keyId, deskId) => exchangeKeys.used(keyId, deskId),
    silenceFile: createSilenceFile(`${env.DATA_DIR}/exchange-silence.json`),
    emergencyInbox: createEmergencyInbox(emergencyDir),
    recordingFiles: createRecordingFiles(`${env.DATA_DIR}/recordings`),
    ...(options.loading === undefined ? {} : { loading: options.loading }),
    processCpuMs,
    mainCpuMs: threadCpuMs,
    isOverloaded,
    onError: (what, error) => console.error(`Cannot ${what}`, error),
  });
  return {
    ...fleet,
    async drain() {
      await fleet.drain();
      hosts.close();
    },
  };
}

/** Progress of a run is told to whoever listens now; its end is in the store. */
function openBacktests(
  { env, root, console }: PlatformOptions,
  { clock, ids, store, hub }: {
    store: OpenedStore;
    hub: LiveHub;
    clock: Clock;
    ids: ReturnType<typeof createIdFactory>;
  },
): Promise<RunningBacktests> {
  const inference = inferenceOf(env, root);
  const runtime = createModelRuntime(inference.runtime, clock);
  return startBacktests({
    ...serverParts({
      candlesDir: candlesDirOf(env),
      prepareModels: (signal) => runtime.ready(signal),
      workers: {
        // One processor is left to trading and to the panel.
        count: workerCount(navigator.hardwareConcurrency - 1),
        createHost: () => createBacktestHost(root, inference),
        inference,
      },
    }),
    store: store.backtests,
    time: clock,
    ids,
    retained: RETAINED_BACKTESTS,
    publish: (id, view) =>
      hub.publishVolatile({
        v: STREAM_VERSION,
        seq: null,
        topic: "backtest:update",
        at: new Date(clock.nowMs()).toISOString(),
        ...(view === null
          ? { type: "backtest.removed", data: { id } }
          : { type: "backtest.updated", data: view }),
      }, null),
    onError: (what, error) => console.error(`Cannot ${what}`, error),
  });
}

const random = createPooledRandom((words) => {
  crypto.getRandomValues(words);
});

async function offerSetup(
  auth: Services["auth"],
  setupToken: SetupTokenFile,
): Promise<string | null> {
  return await auth.setupNeeded() ? await setupToken.ensure() : null;
}
