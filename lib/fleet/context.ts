import type { ActorHost, Clock, Supervisor } from "../../actors/mod.ts";
import type { FeedSource } from "../contracts/feed.ts";
import type { InferenceWorkerConfig } from "../contracts/inference.ts";
import type { AgentType } from "../contracts/agent_config.ts";
import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";
import type { IdFactory } from "../core/ids.ts";
import type { LogDraft } from "../contracts/log.ts";
import type { StreamEnvelope } from "../contracts/stream.ts";
import type { Store } from "../store/port.ts";
import type { KeyUses } from "./key_uses.ts";
import type { DeskId } from "./desk_ids.ts";
import type { DeadLetterKeeper } from "./dead_letters.ts";
import type { ExchangeFeeds } from "./feeds.ts";
import type { EmergencyService } from "./emergency/service.ts";
import type { Guards } from "./guards/guards.ts";
import type { HostState } from "./host_health.ts";
import type { PeerCalls } from "./cluster/calls.ts";
import type { Cluster } from "./cluster/cluster.ts";
import type { Mirror } from "./cluster/mirror/mirror_port.ts";
import type { ModelRuntime } from "./inference.ts";
import type { MarketAccess } from "./market_access.ts";
import type { Recordings } from "./recordings.ts";
import type { AgentEntry, AgentRegistry } from "./registry.ts";
import type { ServiceHeaps } from "./service_heaps.ts";
import type { VenueSilences } from "./venue_silences.ts";
import type { StorageWatch } from "./storage/storage_watch.ts";

/** Settings of the fleet, from the environment. */
export interface FleetSettings extends MarketAccess {
  maxAgentsPerUser: number;
  maxAgentsPerHost: number;
  agentStartMs: number;
  /** Silence after which an agent's worker counts as dead and is replaced. */
  agentDeadMs: number;
  /** Heap above which an agent is started anew from its snapshot. */
  agentHeapMiB: number;
  /** Folder of store and journals, for sentences to people. */
  dataDir: string;
  candlesDir: string;
  journalDir: string;
  simulationSpeed: number;
  simulationSeed: number;
  /** `TRADING_MODE=live`: this process may trade with money. */
  isLiveArmed: boolean;
  /** File of the key that exchange keys are sealed with. */
  keySecretPath: string;
  /** Where models and their runtime are. */
  inference: InferenceWorkerConfig;
}

/** How workers are made; given by the composition root, so that tests may run actors inline. */
export interface HostFactories {
  agent(type: AgentType): ActorHost;
  feed(source: FeedSource): ActorHost;
  /** A desk worker; with a venue it may reach that exchange. */
  desk(venue: VenueId | null): ActorHost;
  /** The worker that runs models. */
  inference(): ActorHost;
}

/** What the modules of the fleet share. */
export interface FleetContext {
  clock: Clock;
  ids: IdFactory;
  store: Store;
  /** The copy of the journals in the store, for other hosts; null where this is the only one. */
  mirror: Mirror | null;
  supervisor: Supervisor;
  hosts: HostFactories;
  settings: FleetSettings;
  agents: AgentRegistry;
  /** New agents by id whose spawns are under way. */
  spawning: Map<string, AgentEntry>;
  /** Desks that were started, with their start. */
  desks: Map<DeskId, Promise<unknown>>;
  /** The start of the worker that runs models; null where nobody needed it yet. */
  inference: Promise<unknown> | null;
  /** The runtime that it needs; null where it is there anyway. */
  modelRuntime: ModelRuntime | null;
  /** Until when exchanges want to hear nothing. */
  silences: VenueSilences;
  /** Three letters or digits that the orders of this installation begin with. */
  orderNamespace: string;
  /** A key of an exchange, sealed; null where there is none. */
  findExchangeKey(id: string): StoredExchangeKey | null;
  /** Keys whose secrets are being replaced: no account opens with one. */
  keysInRotation: Set<string>;
  /** Which desk was given which key. */
  keyUses: KeyUses;
  /** Of workers that are no agents. */
  serviceHeaps: ServiceHeaps;
  deadLetters: DeadLetterKeeper;
  /** Stops that hold whatever else happens. */
  emergency: EmergencyService;
  /** Risk managers and whom they guard. */
  guards: Guards;
  /** What agents record of their sessions. */
  recordings: Recordings;
  host: HostState;
  /** Asks for a fresh process, or, with null, takes that back. */
  onRecycleWanted(detail: string | null): void;
  /** Feed workers of exchanges, which run while they are used. */
  exchangeFeeds: ExchangeFeeds;
  /** Whether the store and the journals take writes. */
  storage: StorageWatch;
  /** The processes over one store; null where this is the only one. */
  cluster: Cluster | null;
  /** What they ask each other; null where this is the only one. */
  calls: PeerCalls | null;
  /** Sends an event that is not stored to whoever listens now. */
  publishVolatile(envelope: StreamEnvelope, agentId: string | null): void;
  /** Writes one line to the stored log. */
  log(line: LogDraft): void;
  /** Watches work that nobody awaits: a failure is logged with what it was for. */
  track(work: Promise<unknown>, what: string): void;
  /** Told of failures of work that nobody awaits. */
  onError(what: string, error: unknown): void;
  /** Told how long messages to agents took, from their sender to the end of their handling, in milliseconds. */
  onMessageTimes(messageMs: readonly number[]): void;
  /** Wakes the reconciler. */
  reconcileSoon(): void;
  /** Resolves when all tracked work so far has ended. */
  settle(): Promise<void>;
  /** When this process made its fleet. */
  startedAt: EpochMs;
  /** Market time of candle 0 of the simulated markets, fixed on the first start. */
  genesisAt: number;
  isDraining: boolean;
}

/** Id of a feed worker, for instance `feed:exchange:binance.spot`. */
export function feedId(source: FeedSource): string {
  return source.kind === "exchange"
    ? `feed:exchange:${venueKey(source)}`
    : `feed:${source.kind}`;
}
