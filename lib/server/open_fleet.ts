import type { Env } from "../core/env.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import {
  type FleetOptions,
  type RunningFleet,
  startFleet,
} from "../fleet/fleet.ts";
import { JournalMirror } from "../fleet/cluster/mirror/journal_mirror.ts";
import { accessOf, readExchangeHosts } from "../fleet/market_access.ts";
import { createJournalFiles } from "./journal_files.ts";
import {
  listModels,
  modelFolders,
} from "../inference/library/model_library.ts";
import type { LiveHub } from "../live/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import { EMERGENCY_FOLDER } from "../contracts/emergency_desk.ts";
import { fleetSettings } from "./fleet_settings.ts";
import { createEmergencyInbox, forgetRunningDesks } from "./emergency_inbox.ts";
import { hostIdOf } from "./host_id.ts";
import {
  candlesDirOf,
  hasFolder,
  inferenceOf,
  journalDirOf,
  keySecretPathOf,
} from "./data_paths.ts";
import { listCandleFiles } from "./candle_files.ts";
import { createWorkerHosts, decorateHosts } from "./worker_hosts.ts";
import { processCpuMs, threadCpuMs } from "./cpu_time.ts";
import { createModelRuntime } from "./model_runtime.ts";
import { createRecordingFiles } from "./recording_files.ts";
import { createSilenceFile } from "./silence_file.ts";
import type { PlatformOptions } from "./platform.ts";

/** What this process is among those that share its store; nothing where it has the store for itself. */
export async function sharedWith(
  { env, console, onFenced, onDrainWanted }: PlatformOptions,
  { ids, store }: Pick<FleetOptions, "ids" | "store">,
): Promise<Pick<FleetOptions, "shared" | "mirror">> {
  if (env.KV_URL === null) return {};
  const id = await hostIdOf(env, ids);
  return {
    ...env.FLEET_ROLE === "control" ? {} : {
      mirror: new JournalMirror({
        store: store.journals,
        files: createJournalFiles(journalDirOf(env)),
      }),
    },
    shared: {
      self: {
        id,
        role: env.FLEET_ROLE,
        version: PRODUCT_VERSION,
        exchanges: env.EXCHANGES,
      },
      onFenced() {
        console.error(
          `Host "${id}" gave no sign of life for too long, and others go on with its agents`,
          "it starts anew",
        );
        onFenced?.();
      },
      onDrainWanted: () => onDrainWanted?.(),
    },
  };
}

/** What a process with agents keeps beside store and journals. */
function hostFiles({ DATA_DIR }: Pick<Env, "DATA_DIR">): Pick<
  FleetOptions,
  "silenceFile" | "emergencyInbox" | "recordingFiles"
> {
  return {
    silenceFile: createSilenceFile(`${DATA_DIR}/exchange-silence.json`),
    emergencyInbox: createEmergencyInbox(`${DATA_DIR}/${EMERGENCY_FOLDER}`),
    recordingFiles: createRecordingFiles(`${DATA_DIR}/recordings`),
  };
}

/** Starts the fleet with the workers of this machine. */
export async function openFleet(
  options: PlatformOptions,
  parts:
    & Pick<
      FleetOptions,
      "clock" | "random" | "ids" | "store" | "shared" | "mirror"
    >
    & {
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
  const isHost = env.FLEET_ROLE !== "control";
  if (isHost) await forgetRunningDesks(emergencyDir);
  const access = accessOf(env);
  const inference = inferenceOf(env, root);
  const hosts = createWorkerHosts({
    root,
    candlesDir,
    journalDir: journalDirOf(env),
    emergencyDir,
    clock,
    keySecretPath: keySecretPathOf(env),
    exchangeHosts: isHost ? await readExchangeHosts(access, root) : new Map(),
    inference,
  });
  const fleet = await startFleet({
    ...shared,
    hosts: decorateHosts(hosts, options.decorateHost),
    settings: fleetSettings(env, { access, inference }),
    publishVolatile: (envelope, agentId) =>
      hub.publishVolatile(envelope, agentId),
    listCandleFiles: () =>
      hasFolder(env) ? listCandleFiles(candlesDir) : Promise.resolve([]),
    listModels: () => listModels(modelFolders({ root, dataDir: env.DATA_DIR })),
    modelRuntime: createModelRuntime(inference.runtime, clock),
    findExchangeKey: (id) => exchangeKeys.find(id),
    onKeyUse: (keyId, deskId) => exchangeKeys.used(keyId, deskId),
    ...isHost ? hostFiles(env) : {},
    ...(options.loading === undefined ? {} : { loading: options.loading }),
    processCpuMs,
    mainCpuMs: threadCpuMs,
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
