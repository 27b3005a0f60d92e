/**
 * What the modules of a fleet share, made once at its start.
 *
 * @module
 */
import { createSupervisor, type SupervisorOptions } from "../../actors/mod.ts";
import type { LogDraft } from "../contracts/log.ts";
import type { FleetContext } from "./context.ts";
import { DeadLetterKeeper } from "./dead_letters.ts";
import { EmergencyService } from "./emergency/service.ts";
import { ExchangeFeeds } from "./feeds.ts";
import type { FleetOptions } from "./fleet.ts";
import { Guards } from "./guards/guards.ts";
import { SOUND_HOST } from "./host_health.ts";
import { SIMULATED_HISTORY_MS } from "./limits.ts";
import { KeyUses } from "./key_uses.ts";
import { PeerCalls } from "./cluster/calls.ts";
import { Cluster } from "./cluster/cluster.ts";
import { projectEvent } from "./projector.ts";
import { Recordings } from "./recordings.ts";
import { AgentRegistry } from "./registry.ts";
import { ServiceHeaps } from "./service_heaps.ts";
import { StartGate } from "./start_gate.ts";
import { VenueSilences } from "./venue_silences.ts";
import { watchStorage } from "./storage/storage_watch.ts";

/** What the first start of a data folder fixes. */
export interface Fixed {
  /** When the simulated markets began. */
  genesisAt: number;
  /** What the orders of this installation begin with. */
  orderNamespace: string;
}

/** Reads what the first start fixed, or fixes it. */
export async function loadFixed(options: FleetOptions): Promise<Fixed> {
  const [genesisAt, orderNamespace] = await Promise.all([
    genesisOf(options),
    options.store.secret(
      "order-namespace",
      () => Promise.resolve(drawNamespace(options.random)),
    ),
  ]);
  return { genesisAt, orderNamespace };
}

const NAMESPACE_LENGTH = 3;

/** Three letters or digits by chance. */
function drawNamespace(random: () => number): string {
  return Array.from(
    { length: NAMESPACE_LENGTH },
    () => Math.floor(random() * 36).toString(36),
  ).join("");
}

async function genesisOf(options: FleetOptions): Promise<number> {
  const day = 86_400_000;
  const text = await options.store.secret(
    "simulated-market-genesis",
    () =>
      Promise.resolve(
        String(
          Math.floor((options.clock.nowMs() - SIMULATED_HISTORY_MS) / day) *
            day,
        ),
      ),
  );
  return Number(text);
}

/** Only what is given: without clocks the supervisor does not look for burning threads. */
function pickCpuClocks(
  { processCpuMs, mainCpuMs, isOverloaded }: FleetOptions,
): Pick<SupervisorOptions, "processCpuMs" | "mainCpuMs" | "isOverloaded"> {
  return {
    ...(processCpuMs === undefined ? {} : { processCpuMs }),
    ...(mainCpuMs === undefined ? {} : { mainCpuMs }),
    ...(isOverloaded === undefined ? {} : { isOverloaded }),
  };
}

/** Watches work that nobody awaits. */
function trackWork(
  onError: FleetOptions["onError"],
): Pick<FleetContext, "settle" | "track"> {
  const underWay = new Set<Promise<unknown>>();
  return {
    track(work, what) {
      const watched = work.catch((error) => onError(what, error));
      underWay.add(watched);
      void watched.finally(() => underWay.delete(watched));
    },
    async settle() {
      await Promise.all(underWay);
    },
  };
}

function appendLog(store: FleetOptions["store"], line: LogDraft) {
  const { agentId, at } = line;
  return store.events.append({
    events: [{ type: "log.added", agentId, at, data: line }],
  });
}

/** A use that cannot be recorded keeps nobody from protecting a position. */
function recordedUses(
  { onKeyUse }: FleetOptions,
  track: FleetContext["track"],
): KeyUses {
  return new KeyUses((keyId, deskId) => {
    const told = onKeyUse?.(keyId, deskId);
    if (told !== undefined) track(told, "record the use of an exchange key");
  });
}

/** What the fleet knows of exchange keys. */
function keysOf(
  options: FleetOptions,
  track: FleetContext["track"],
): Pick<FleetContext, "findExchangeKey" | "keysInRotation" | "keyUses"> {
  return {
    findExchangeKey: (id) => options.findExchangeKey?.(id) ?? null,
    keysInRotation: new Set(),
    keyUses: recordedUses(options, track),
  };
}

/** What this process needs where others work over the same store. */
function createPeers(
  context: FleetContext,
  shared: FleetOptions["shared"],
): Pick<FleetContext, "cluster" | "calls"> {
  if (shared === undefined) return { cluster: null, calls: null };
  const { clock, ids, store } = context;
  const cluster = new Cluster(context, { ...shared, store: store.hosts });
  return {
    cluster,
    calls: new PeerCalls({
      processId: shared.self.id,
      session: cluster.session,
      sessionOf: (hostId) => cluster.sessionOf(hostId),
      mail: store.hostMail,
      clock,
      ids,
      onError: context.onError,
    }),
  };
}

/** What the services of a fleet are made with. */
type ContextParts = Omit<
  FleetContext,
  | "storage"
  | "deadLetters"
  | "emergency"
  | "exchangeFeeds"
  | "guards"
  | "recordings"
  | "cluster"
  | "calls"
>;

/** They know each other: each works with everything else. */
function withServices(
  parts: ContextParts,
  options: FleetOptions,
): FleetContext {
  const context = parts as FleetContext;
  Object.assign(context, createPeers(context, options.shared));
  context.storage = watchStorage(context);
  context.exchangeFeeds = new ExchangeFeeds(context);
  context.emergency = new EmergencyService(context, options.emergencyInbox);
  context.guards = new Guards(context);
  context.deadLetters = new DeadLetterKeeper(context);
  context.recordings = new Recordings(context, options.recordingFiles);
  return context;
}

/** Who is told of what, where anybody wants to be. */
function listenersOf(
  options: FleetOptions,
): Pick<FleetContext, "onMessageTimes" | "onRecycleWanted"> {
  return {
    onMessageTimes: (messageMs) => options.onMessageTimes?.(messageMs),
    onRecycleWanted: (detail) => options.onRecycleWanted?.(detail),
  };
}

/** Makes the context of a fleet. */
export function createContext(
  options: FleetOptions,
  { genesisAt, orderNamespace }: Fixed,
): { context: FleetContext; gate: StartGate } {
  const { clock, store } = options;
  const tracking = trackWork(options.onError);
  const supervisor = createSupervisor({
    clock,
    random: options.random,
    ...pickCpuClocks(options),
    onEvent: (event) => {
      projectEvent(context, event);
      gate.look();
    },
  });
  const parts: ContextParts = {
    clock,
    ids: options.ids,
    store,
    mirror: options.mirror ?? null,
    supervisor,
    hosts: options.hosts,
    settings: options.settings,
    agents: new AgentRegistry(),
    spawning: new Map(),
    serviceHeaps: new ServiceHeaps(),
    desks: new Map(),
    inference: null,
    modelRuntime: options.modelRuntime ?? null,
    silences: new VenueSilences({ clock, file: options.silenceFile ?? null }),
    orderNamespace,
    ...keysOf(options, tracking.track),
    publishVolatile: options.publishVolatile,
    log: (line) => tracking.track(appendLog(store, line), "write a log line"),
    ...tracking,
    onError: options.onError,
    ...listenersOf(options),
    host: SOUND_HOST,
    reconcileSoon: () => {},
    startedAt: clock.nowMs(),
    genesisAt,
    isDraining: false,
  };
  const context = withServices(parts, options);
  const gate = new StartGate(context);
  return { context, gate };
}
