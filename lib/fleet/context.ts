import type { ActorHost, Clock, Supervisor } from "../../actors/mod.ts";
import type { FeedConfig } from "../contracts/feed.ts";
import type { AgentType } from "../contracts/agent_config.ts";
import type { IdFactory } from "../core/ids.ts";
import type { LogDraft } from "../contracts/log.ts";
import type { StreamEnvelope } from "../contracts/stream.ts";
import type { Store } from "../store/port.ts";
import type { DeadLetterKeeper } from "./dead_letters.ts";
import type { EmergencyService } from "./emergency/service.ts";
import type { HostState } from "./host_health.ts";
import type { Recordings } from "./recordings.ts";
import type { AgentRegistry } from "./registry.ts";
import type { StorageWatch } from "./storage/storage_watch.ts";

/** Settings of the fleet, from the environment. */
export interface FleetSettings {
  maxAgentsPerUser: number;
  maxAgentsPerHost: number;
  agentStartMs: number;
  /** Heap above which an agent is started anew from its snapshot. */
  agentHeapMiB: number;
  /** Folder of store and journals, for sentences to people. */
  dataDir: string;
  candlesDir: string;
  journalDir: string;
  simulationSpeed: number;
  simulationSeed: number;
}

/** How workers are made; given by the composition root, so that tests may run actors inline. */
export interface HostFactories {
  agent(type: AgentType): ActorHost;
  feed(kind: FeedConfig["kind"]): ActorHost;
  desk(): ActorHost;
}

/** What the modules of the fleet share. */
export interface FleetContext {
  clock: Clock;
  ids: IdFactory;
  store: Store;
  supervisor: Supervisor;
  hosts: HostFactories;
  settings: FleetSettings;
  agents: AgentRegistry;
  deadLetters: DeadLetterKeeper;
  /** Stops that hold whatever else happens. */
  emergency: EmergencyService;
  /** What agents record of their sessions. */
  recordings: Recordings;
  host: HostState;
  /** Asks for a fresh process, or, with null, takes that back. */
  onRecycleWanted(detail: string | null): void;
  /** Whether the store and the journals take writes. */
  storage: StorageWatch;
  /** Sends an event that is not stored to whoever listens now. */
  publishVolatile(envelope: StreamEnvelope, agentId: string | null): void;
  /** Writes one line to the stored log. */
  log(line: LogDraft): void;
  /** Watches work that nobody awaits: a failure is logged with what it was for. */
  track(work: Promise<unknown>, what: string): void;
  /** Told of failures of work that nobody awaits. */
  onError(what: string, error: unknown): void;
  /** Wakes the reconciler. */
  reconcileSoon(): void;
  /** Resolves when all tracked work so far has ended. */
  settle(): Promise<void>;
  /** Market time of candle 0 of the simulated markets, fixed on the first start. */
  genesisAt: number;
  isDraining: boolean;
}

/** Ids of the children that are not agents. */
export const DESK_ID = "desk:paper";

/** Id of the feed worker of a kind of feed. */
export function feedId(kind: FeedConfig["kind"]): string {
  return `feed:${kind}`;
}
