/**
 * The fleet: everything about agents that is not HTTP. Start-up is recovery:
 * it reads what is wanted, starts feeds and desk, and lets the reconciler do
 * the rest.
 *
 * @module
 */
import type { FoundComponent } from "../contracts/health.ts";
import type { DeskLatencies } from "../contracts/latency.ts";
import type { ServiceHeap } from "../contracts/vitals.ts";
import { type Clock } from "../../actors/mod.ts";
import type {
  ProbedKey,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import type { CandleFile } from "../contracts/feed.ts";
import type { ModelInfo } from "../contracts/inference.ts";
import type { StreamEnvelope } from "../contracts/stream.ts";
import type { IdFactory } from "../core/ids.ts";
import type { Store } from "../store/port.ts";
import { createContext, loadFixed } from "./create_context.ts";
import { forgetKey, keyUsers, tellKey } from "./exchange_keys.ts";
import { refuseWhileTraded } from "./key_rotation.ts";
import type { EmergencyInbox } from "./emergency/service.ts";
import { readDeskLatencies } from "./latency.ts";
import type { FleetContext, FleetSettings, HostFactories } from "./context.ts";
import { PAPER_DESK_ID } from "./desk_ids.ts";
import {
  DRAIN_DEADLINE_MS,
  FEED_SWEEP_MS,
  PRUNE_EVERY_MS,
  PUBLISH_TICK_MS,
  SNAPSHOT_TICK_MS,
} from "./limits.ts";
import type { Mirror } from "./cluster/mirror/mirror_port.ts";
import { keyCalls } from "./cluster/key_calls.ts";
import { readComponents } from "./health_components.ts";
import { type ModelRuntime } from "./inference.ts";
import type { Fleet } from "./port.ts";
import { isSettled } from "./quiet.ts";
import { publishDirty, requestSnapshots } from "./periodic.ts";
import type { RecordingFiles } from "./recording_files.ts";
import { createReconciler } from "./reconciler.ts";
import { recoverAgents } from "./recovery.ts";
import { type HostTraffic, readTraffic } from "./cluster/traffic.ts";
import { TemplateService } from "./templates/template_service.ts";
import type { ClusterOptions } from "./cluster/cluster.ts";
import { joinPeers } from "./cluster/join.ts";
import type { SilenceFile } from "./venue_silences.ts";
import { startPlatform } from "./wiring.ts";
import { services } from "./services.ts";

/** What a fleet is made of. */
export interface FleetOptions {
  clock: Clock;
  random: () => number;
  ids: IdFactory;
  store: Store;
  /** Copies journals to the store, where other hosts may go on with agents of this one. */
  mirror?: Mirror;
  hosts: HostFactories;
  settings: FleetSettings;
  publishVolatile(envelope: StreamEnvelope, agentId: string | null): void;
  /** Lists the replayable files. */
  listCandleFiles(): Promise<readonly CandleFile[]>;
  /** Lists the models that the server knows; none if left out. */
  listModels?(): Promise<readonly ModelInfo[]>;
  /** The runtime of the models; left out where it is there anyway. */
  modelRuntime?: ModelRuntime;
  /** Where recordings of agents are kept; in memory if left out. */
  recordingFiles?: RecordingFiles;
  /** Where silences that exchanges asked for outlive the process; nowhere if left out. */
  silenceFile?: SilenceFile;
  /** A key of an exchange, sealed; left out where there are none. */
  findExchangeKey?(id: string): StoredExchangeKey | null;
  /** Reads the keys anew, which another process has changed. */
  reloadKeys?(): Promise<void>;
  /** Told once for each key with which a desk opens. */
  onKeyUse?(keyId: string, deskId: string): Promise<void>;
  /** Where emergency stops wait for a desk that does not answer. */
  emergencyInbox?: EmergencyInbox;
  /** Where several processes work over one store: what this one is. */
  shared?: Omit<ClusterOptions, "store">;
  /** Told of failures of work that nobody awaits. */
  onError(what: string, error: unknown): void;
  /** What else the start of the process waits for; recovered agents trade when it has ended, so that they do not slow it down. */
  loading?: Promise<unknown>;
  /** See {@link FleetContext}. */
  onMessageTimes?: FleetContext["onMessageTimes"];
  /** Told when only a fresh process would help, with the reason; null takes that back. */
  onRecycleWanted?(detail: string | null): void;
  /** Processor time used by the whole process and by the main isolate, for finding threads that burn. */
  processCpuMs?: () => number;
  mainCpuMs?: () => number;
  /** Whether this machine has more to do than processors. */
  isOverloaded?: () => boolean;
}

/** A fleet with its end. */
export interface RunningFleet extends Fleet {
  /** Asks an exchange what a key may do and whose it is. @throws {AppError} Where it does not answer. */
  probeKey(key: StoredExchangeKey): Promise<ProbedKey>;
  /** Tells whoever trades with a key that it has changed. @throws {AppError} Where a desk does not answer. */
  tellKey(key: StoredExchangeKey): Promise<void>;
  /** Tells them that a key was revoked. @throws {AppError} Where a desk does not answer. */
  forgetKey(key: StoredExchangeKey): Promise<void>;
  /** @throws {AppError} `KEY_STATE_CONFLICT` while an agent trades with a key. */
  refuseWhileTraded(key: StoredExchangeKey): void;
  /** Replaces the secrets of a key while nothing trades with it. @throws {AppError} `KEY_STATE_CONFLICT` */
  withKeyReleased<Result>(
    key: StoredExchangeKey,
    replace: () => Promise<Result>,
  ): Promise<Result>;
  /** What passed between this process and others; null where there are none. */
  hostTraffic(): HostTraffic | null;
  /** Reads the imported templates again, which another process may have changed. */
  reloadTemplates(): Promise<void>;
  /** Names of agents that use a key. */
  keyUsers(id: string): readonly string[];
  /** How long decisions take at each desk; those that are down are left out. */
  deskLatencies(): Promise<readonly DeskLatencies[]>;
  /** What the workers of desks, feeds and the like use. */
  serviceHeaps(): readonly ServiceHeap[];
  /** How each part does that the fleet looks after. */
  components(): readonly FoundComponent[];
  /** Threads that burn although their agent was ended. */
  burningThreads(): number;
  /** Nothing is under way that the end of the process would cut short: no step, no agent between two states, no command that waits to be stored. */
  isQuiet(): boolean;
  /** Stops all actors, keeping every desired state, and waits until all is stored. */
  drain(): Promise<void>;
}

/** Recovers the fleet from the store and starts it. Resolves when feeds and desk are up; agents follow. */
export async function startFleet(options: FleetOptions): Promise<RunningFleet> {
  const { clock, store } = options;
  const { context, gate } = createContext(
    options,
    await loadFixed(options),
  );
  const templates = new TemplateService(context);
  await Promise.all([recoverAgents(context), templates.load()]);
  context.recordings.forgetOthers();
  if (context.cluster?.isHost !== false) {
    await startPlatform(context);
    await context.emergency.begin(PAPER_DESK_ID);
    await gate.close(options.loading);
  }
  const reconciler = createReconciler(context);
  context.reconcileSoon = reconciler.wake;
  const timers = [
    clock.every(PUBLISH_TICK_MS, () => publishDirty(context)),
    clock.every(FEED_SWEEP_MS, () => context.exchangeFeeds.sweep()),
    clock.every(SNAPSHOT_TICK_MS, () => requestSnapshots(context)),
    clock.every(
      PRUNE_EVERY_MS,
      () => context.track(store.prune(), "prune the store"),
    ),
  ];
  reconciler.wake();
  const local = services(context, options, templates);
  const peers = await joinPeers(context, local);
  return {
    ...peers?.fleet ?? local,
    ...keyCalls(context, options),
    tellKey: (key) => tellKey(context, key),
    forgetKey: (key) => forgetKey(context, key),
    refuseWhileTraded: (key) => refuseWhileTraded(context, key),
    hostTraffic: () => readTraffic(context),
    reloadTemplates: () => templates.load(),
    keyUsers: (id) => keyUsers(context, id),
    deskLatencies: () => readDeskLatencies(context),
    serviceHeaps: () => context.serviceHeaps.list(),
    components: () => readComponents(context),
    burningThreads: () => context.host.zombieThreads,
    isQuiet: () => reconciler.isIdle() && context.agents.own().every(isSettled),
    async drain() {
      context.isDraining = true;
      context.cluster?.stopTaking();
      timers.forEach((timer) => timer.cancel());
      gate.cancel();
      context.storage.close();
      context.deadLetters.close();
      context.silences.close();
      await reconciler.close();
      await context.supervisor.drain({ deadlineMs: DRAIN_DEADLINE_MS });
      await storeTheRest(context);
      await peers?.leave();
    },
  };
}

/** Waits until all is stored, unless the store fails: then desk and journals repeat it at the next start. */
async function storeTheRest(context: FleetContext): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = context.clock.after(DRAIN_DEADLINE_MS, limit.resolve);
  const stored = context.settle().then(() => context.store.events.flush());
  await Promise.race([stored, limit.promise]);
  timer.cancel();
}
