/**
 * The fleet: everything about agents that is not HTTP. Start-up is recovery:
 * it reads what is wanted, starts feeds and desk, and lets the reconciler do
 * the rest.
 *
 * @module
 */
import type { DeskLatencies } from "../contracts/latency.ts";
import { type Clock } from "../../actors/mod.ts";
import type {
  KeyRightsView,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import type { CandleFile } from "../contracts/feed.ts";
import type { ModelInfo } from "../contracts/inference.ts";
import type { StreamEnvelope } from "../contracts/stream.ts";
import type { IdFactory } from "../core/ids.ts";
import type { Store } from "../store/port.ts";
import { validateFor } from "./commands/checks.ts";
import { changeConfig } from "./commands/configure.ts";
import { previewConfig } from "./config_preview.ts";
import { readDecisions } from "./decisions.ts";
import { controlAgent, retire } from "./commands/control.ts";
import { spawnAgent } from "./commands/spawn.ts";
import { readConfigHistory } from "./config_history.ts";
import { createContext, loadFixed } from "./create_context.ts";
import { forgetKey, keyUsers, probeKey, tellKey } from "./exchange_keys.ts";
import type { EmergencyInbox } from "./emergency/service.ts";
import { readDeskLatencies, readLatency } from "./latency.ts";
import type { FleetContext, FleetSettings, HostFactories } from "./context.ts";
import { readRisk } from "./guards/risk_reports.ts";
import { createFleetRisk } from "./risk/fleet_risk.ts";
import { PAPER_DESK_ID } from "./desk_ids.ts";
import {
  DRAIN_DEADLINE_MS,
  FEED_SWEEP_MS,
  PRUNE_EVERY_MS,
  PUBLISH_TICK_MS,
  SNAPSHOT_TICK_MS,
} from "./limits.ts";
import type { Mirror } from "./cluster/mirror/mirror_port.ts";
import { type ModelRuntime, readModelRuntime } from "./inference.ts";
import type { Fleet } from "./port.ts";
import { readChart, readHealth, readPerformance } from "./queries.ts";
import { Library } from "./library.ts";
import { isSettled } from "./quiet.ts";
import { publishDirty, requestSnapshots } from "./periodic.ts";
import type { RecordingFiles } from "./recording_files.ts";
import { createReconciler } from "./reconciler.ts";
import { recoverAgents } from "./recovery.ts";
import { templateOfAgent } from "./templates/agent_template.ts";
import { toTemplateFile } from "./templates/template_file.ts";
import { TemplateService } from "./templates/template_service.ts";
import { agentUses } from "./quotas.ts";
import type { ClusterOptions } from "./cluster/cluster.ts";
import { joinPeers } from "./cluster/join.ts";
import { drainHost, forgetHost } from "./cluster/commands.ts";
import { createTeams } from "./teams/team_service.ts";
import { toDetail, toView } from "./view.ts";
import { readResources } from "./usage/resources_of.ts";
import type { SilenceFile } from "./venue_silences.ts";
import { startPlatform } from "./wiring.ts";

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
  /** Told when only a fresh process would help, with the reason; null takes that back. */
  onRecycleWanted?(detail: string | null): void;
  /** Processor time used by the whole process and by the main isolate, for finding threads that burn. */
  processCpuMs?: () => number;
  mainCpuMs?: () => number;
}

/** A fleet with its end. */
export interface RunningFleet extends Fleet {
  /** Asks an exchange what a key may do. @throws {AppError} Where it does not answer. */
  probeKey(key: StoredExchangeKey): Promise<KeyRightsView>;
  /** Tells whoever trades with a key that it has changed. @throws {AppError} Where a desk does not answer. */
  tellKey(key: StoredExchangeKey): Promise<void>;
  /** Tells them that a key was revoked. @throws {AppError} Where a desk does not answer. */
  forgetKey(key: StoredExchangeKey): Promise<void>;
  /** Names of agents that use a key. */
  keyUsers(id: string): readonly string[];
  /** How long decisions take at each desk; those that are down are left out. */
  deskLatencies(): Promise<readonly DeskLatencies[]>;
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
    probeKey: (key) => probeKey(context, key),
    tellKey: (key) => tellKey(context, key),
    forgetKey: (key) => forgetKey(context, key),
    keyUsers: (id) => keyUsers(context, id),
    deskLatencies: () => readDeskLatencies(context),
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

function hostCalls(
  context: FleetContext,
): Pick<Fleet, "isShared" | "hosts" | "drainHost" | "forgetHost"> {
  return {
    isShared: context.cluster !== null,
    hosts: () => context.cluster?.list() ?? [],
    drainHost: (id, caller) => drainHost(context, id, caller),
    forgetHost: (id, caller) => forgetHost(context, id, caller),
  };
}

function riskCalls(
  context: FleetContext,
): Pick<Fleet, "risk" | "guarded" | "riskOfAll"> {
  const { agents, guards } = context;
  return {
    risk: (id) => Promise.resolve(readRisk(context, agents.require(id))),
    guarded: (id) =>
      guards.guardedBy(agents.require(id)).map(({ record }) => record.id),
    riskOfAll: createFleetRisk(context),
  };
}

function templateCalls(
  context: FleetContext,
  templates: TemplateService,
): Pick<
  Fleet,
  | "templates"
  | "exportTemplate"
  | "exportAgentTemplate"
  | "importTemplate"
  | "removeTemplate"
> {
  return {
    templates: () => templates.list(),
    exportTemplate: (name) => templates.export(name),
    exportAgentTemplate: (id, name) =>
      toTemplateFile(
        templateOfAgent(context.agents.require(id).record.config, name),
      ),
    importTemplate: (file, caller) => templates.import(file, caller),
    removeTemplate: (name, caller) => templates.remove(name, caller),
  };
}

function services(
  context: FleetContext,
  options: FleetOptions,
  templates: TemplateService,
): Fleet {
  const library = new Library(context, options);
  return {
    ...templateCalls(context, templates),
    list: () => context.agents.all().map(toView),
    quotas: (userId) => [...agentUses(context, userId), templates.use()],
    get: (id) => toDetail(context.agents.require(id), context.agents),
    validate: (input, caller) =>
      validateFor(context, input, { caller, ...library.known() }),
    spawn: async (request, caller) =>
      await spawnAgent(context, request, {
        caller,
        ...await library.refresh(),
      }),
    control: (id, request, caller) =>
      controlAgent(context, context.agents.require(id), { request, caller }),
    updateConfig: async (id, config, { expectedVersion, caller }) =>
      await changeConfig(context, context.agents.require(id), {
        caller,
        ...await library.refresh(),
        config,
        expectedVersion,
      }),
    previewConfig: (id, input, caller) =>
      previewConfig(context, context.agents.require(id), {
        input,
        caller,
        ...library.known(),
      }),
    remove: (id, caller) => retire(context, context.agents.require(id), caller),
    chart: (id, query) => readChart(context, context.agents.require(id), query),
    decisions: (id) => readDecisions(context, context.agents.require(id)),
    performance: (id) =>
      Promise.resolve(readPerformance(context.agents.require(id))),
    ...riskCalls(context),
    resources: (id) =>
      Promise.resolve(readResources(context, context.agents.require(id))),
    latency: (id) => readLatency(context, context.agents.require(id)),
    configHistory: async (id, page) =>
      await readConfigHistory(context, context.agents.require(id), page),
    trades: (id, page) =>
      context.store.agents.trades(context.agents.require(id).record.id, page),
    recordings: (id) =>
      context.recordings.list(context.agents.require(id).record.id),
    recording: (id, name) =>
      context.recordings.open(context.agents.require(id).record.id, name),
    candleFiles: () => library.candleFiles(),
    models: () => library.models(),
    modelRuntime: () => readModelRuntime(context),
    teams: createTeams(context, () => library.refresh()),
    emergency: context.emergency,
    ...hostCalls(context),
    health: () => readHealth(context),
    heldReason: () => context.storage.problem,
  };
}
