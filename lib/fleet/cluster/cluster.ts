/**
 * This process among the others over one store: gives signs of life, looks who
 * is there, ends whoever is silent for too long, and takes the agents that
 * nobody owns any more.
 *
 * @module
 */
import type { AgentRecord } from "../../contracts/agent.ts";
import type {
  AgentOwner,
  FleetRole,
  HostRecord,
  HostState,
  HostView,
  KnownOwner,
} from "../../contracts/host.ts";
import type { EmergencyDeskState } from "../../contracts/emergency.ts";
import { AppError } from "../../core/errors.ts";
import type { HostStore } from "../../store/host_port.ts";
import type { FleetContext } from "../context.ts";
import { NOTHING_TOLD } from "../emergency/merge_states.ts";
import { RECOVERY_PARALLEL } from "../limits.ts";
import { HOST_PRUNE_MS, HOST_TICK_MS, MAX_TOLD_STOPS } from "./limits.ts";
import { type Peer, PeerWatch } from "./peer_watch.ts";
import { isInForce, type Place, placeUnits } from "./placement.ts";
import { takeIn } from "./take_in.ts";
import { unitsOf } from "./units.ts";

/** What this process is. */
export interface SelfHost {
  id: string;
  role: FleetRole;
  version: string;
  exchanges: readonly string[];
}

/** What a process among others needs. */
export interface ClusterOptions {
  self: SelfHost;
  store: HostStore;
  /** Others go on with the agents of this process: it has to end. */
  onFenced(): void;
  /** A person wants this host to give its agents away and end. */
  onDrainWanted(): void;
}

/** See the module's description. */
export class Cluster {
  readonly #context: FleetContext;
  readonly #options: ClusterOptions;
  readonly #watch = new PeerWatch();
  readonly #record: HostRecord;
  #peers: readonly Peer[] = [];
  #owners: ReadonlyMap<string, KnownOwner> = new Map();
  #timers: { cancel(): void }[] = [];
  #tick: Promise<void> | null = null;
  #taking: Promise<void> | null = null;
  /** New agents, which come into the fleet by their spawn. */
  readonly #reserved = new Set<string>();
  /** What other hosts told of emergency stops, as text. */
  readonly #toldStops = new Map<string, string>();
  #isDrainTold = false;

  constructor(context: FleetContext, options: ClusterOptions) {
    this.#context = context;
    this.#options = options;
    const now = context.clock.nowMs();
    this.#record = {
      ...options.self,
      session: context.ids("boot"),
      startedAt: now,
      beat: 0,
      at: now,
      agents: 0,
      capacity: context.settings.maxAgentsPerHost,
      isLiveArmed: context.settings.isLiveArmed,
      isDraining: false,
      emergency: NOTHING_TOLD,
    };
  }

  get id(): string {
    return this.#record.id;
  }

  /** Whether this process runs agents. */
  get isHost(): boolean {
    return this.#record.role !== "control";
  }

  /** Enters and looks around once; agents are taken with the ticks that follow. */
  async start(): Promise<void> {
    const { clock } = this.#context;
    const { store, onFenced } = this.#options;
    if (this.isHost) await store.enter(this.#record, { onLost: onFenced });
    await this.#lookAround();
    this.#timers = [
      clock.every(HOST_TICK_MS, () => this.#run()),
      clock.every(
        HOST_PRUNE_MS,
        () => this.#context.track(store.prune(), "remove old mail of hosts"),
      ),
    ];
    this.#run();
  }

  /** Where an agent is: the host that owns it now, or null. */
  hostOf(agentId: string): string | null {
    const owner = this.#owners.get(agentId);
    return isInForce(owner, this.#peers) ? owner.owner.hostId : null;
  }

  /** Hosts that are up, this one included. */
  alive(): readonly string[] {
    return this.#peers.filter(({ state }) => state === "alive")
      .map(({ host }) => host.record.id);
  }

  /** The host where new agents go: with those that they belong together with, else where there is most room. */
  placeOf(records: readonly AgentRecord[]): string | null {
    const known = this.#context.agents.all().map(({ record }) => record);
    const ids = new Set(records.map(({ id }) => id));
    const places = this.#place([...known, ...records]);
    return places.find(({ unit }) => unit.members.some(({ id }) => ids.has(id)))
      ?.hostId ?? null;
  }

  /** Takes a new agent before anybody else knows it. @throws {AppError} HOST_UNREACHABLE where this host may own none. */
  async reserve(agentIds: readonly string[]): Promise<void> {
    for (const agentId of agentIds) {
      this.#reserved.add(agentId);
      // deno-lint-ignore no-await-in-loop -- a team has few agents
      const taken = await this.#options.store.claim({
        owner: this.#ownerOf(agentId, undefined),
        expected: null,
        leader: null,
      });
      if (taken === null) {
        throw new AppError(
          "HOST_UNREACHABLE",
          `This host cannot take "${agentId}": somebody else has it`,
          { status: 503 },
        );
      }
      this.#owners = new Map([...this.#owners, [agentId, taken]]);
    }
  }

  /** All hosts, for people. */
  list(): readonly HostView[] {
    return this.#peers.map(({ host: { record, isToDrain }, state }) => ({
      id: record.id,
      state: stateOf(state, record.isDraining || isToDrain),
      role: record.role,
      version: record.version,
      startedAt: new Date(record.startedAt).toISOString(),
      lastSeenAt: new Date(record.at).toISOString(),
      agents:
        [...this.#owners.values()].filter((owner) =>
          owner.owner.hostId === record.id && isInForce(owner, this.#peers)
        ).length,
      capacity: record.capacity,
      exchanges: [...record.exchanges],
      isLiveArmed: record.isLiveArmed,
      isSelf: record.id === this.id,
    }));
  }

  /** The host as it was seen last. @throws {AppError} HOST_NOT_FOUND */
  require(hostId: string): Peer {
    const peer = this.#peers.find(({ host }) => host.record.id === hostId);
    if (peer !== undefined) return peer;
    throw new AppError(
      "HOST_NOT_FOUND",
      `There is no host "${hostId}"; list the hosts to see which there are`,
      { status: 404 },
    );
  }

  /** No new agents from now on. */
  stopTaking(): void {
    this.#record.isDraining = true;
  }

  /** Gives the agents away: this process runs none of them any more, and everything of them is stored. */
  async leave(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await this.#tick;
    await this.#taking;
    if (!this.isHost) return;
    this.#record.at = this.#context.clock.nowMs();
    await this.#options.store.leave(this.#record).catch((error) =>
      // The others wait until it has been silent long enough.
      this.#context.onError("leave the other hosts", error)
    );
  }

  #run(): void {
    if (this.#tick !== null) return;
    this.#tick = this.#once().catch(() => {
      // The store's health tells of the failure; the next tick tries again.
    }).finally(() => this.#tick = null);
  }

  async #once(): Promise<void> {
    if (this.isHost) await this.#beat();
    await this.#lookAround();
    await this.#endTheDead();
    // Beside the signs of life: to start many agents takes longer than others wait.
    if (this.isHost && !this.#record.isDraining) this.#taking ??= this.#take();
  }

  async #beat(): Promise<void> {
    const record = this.#record;
    record.beat++;
    record.at = this.#context.clock.nowMs();
    record.agents = this.#context.agents.own().length;
    record.emergency = stopsToTell(this.#context.emergency.ownState);
    await this.#options.store.beat(record);
  }

  async #lookAround(): Promise<void> {
    const { store } = this.#options;
    const [hosts, owners] = await Promise.all([store.list(), store.owners()]);
    this.#peers = this.#watch.look(hosts, this.#context.clock.monotonicMs());
    this.#owners = new Map(owners.map((known) => [known.owner.agentId, known]));
    for (const entry of this.#context.agents.all()) {
      entry.hostId = this.hostOf(entry.record.id);
    }
    this.#hearStops();
    const self = hosts.find(({ record }) => record.id === this.id);
    if (self?.isToDrain === true && !this.#isDrainTold) {
      this.#isDrainTold = true;
      this.#options.onDrainWanted();
    }
  }

  /** Stops hold everywhere: what one host has, all others get. */
  #hearStops(): void {
    const { emergency } = this.#context;
    for (const { host: { record }, state } of this.#peers) {
      if (record.id === this.id) continue;
      const told = JSON.stringify(record.emergency);
      if (state === "gone" || state === "dead") {
        if (this.#toldStops.delete(record.id)) emergency.forgetPeer(record.id);
      } else if (this.#toldStops.get(record.id) !== told) {
        this.#toldStops.set(record.id, told);
        emergency.takePeer(record.id, record.emergency);
      }
    }
  }

  async #endTheDead(): Promise<void> {
    for (const { host, state } of this.#peers) {
      if (state !== "dead" || host.record.id === this.id) continue;
      // deno-lint-ignore no-await-in-loop -- rarely one
      if (await this.#options.store.end(host)) this.#tellDead(host.record);
    }
  }

  #tellDead({ id }: HostRecord): void {
    const owned =
      [...this.#owners.values()].filter(({ owner }) => owner.hostId === id)
        .length;
    this.#context.log({
      level: "error",
      category: "system",
      agentId: null,
      agentName: null,
      message:
        `Host "${id}" gave no sign of life for too long; its ${owned} agents go on elsewhere, those that trade with money wait for it`,
      at: this.#context.clock.nowMs(),
      marketAt: null,
    });
  }

  async #take(): Promise<void> {
    try {
      await this.#claimMine();
      await this.#takeInMine();
    } catch (error) {
      // Nothing is lost: the next tick goes on.
      this.#context.onError("take over agents", error);
    } finally {
      this.#taking = null;
    }
  }

  async #claimMine(): Promise<void> {
    const records = this.#context.agents.all().map(({ record }) => record);
    const mine = this.#place(records).filter(({ hostId, unowned }) =>
      hostId === this.id && unowned.length > 0
    );
    await Promise.all(mine.map(async ({ unit, unowned }) => {
      for (const { id } of unowned) {
        // deno-lint-ignore no-await-in-loop -- the leader first
        if (!await this.#claim(id, unit.leader)) break;
      }
    }));
  }

  async #claim(agentId: string, leaderId: string): Promise<boolean> {
    const before = this.#owners.get(agentId);
    const leader = agentId === leaderId ? null : this.#owners.get(leaderId);
    if (leader === undefined || leader !== null && !this.#isMine(leader)) {
      return false;
    }
    const taken = await this.#options.store.claim({
      owner: this.#ownerOf(agentId, before),
      expected: before?.versionstamp ?? null,
      leader,
    });
    if (taken === null) return false;
    this.#owners = new Map([...this.#owners, [agentId, taken]]);
    return true;
  }

  /** What is owned and not here yet, be it from now or from a try that failed. */
  async #takeInMine(): Promise<void> {
    const waiting = [...this.#owners.values()].filter((known) =>
      this.#isMine(known) && !this.#reserved.has(known.owner.agentId) &&
      this.#context.agents.find(known.owner.agentId)?.isOwn !== true
    );
    let next = 0;
    const worker = async () => {
      for (let place = next++; place < waiting.length; place = next++) {
        // deno-lint-ignore no-await-in-loop -- each worker takes one after the other
        await takeIn(this.#context, waiting[place]!.owner, this.id);
      }
    };
    await Promise.all(Array.from({ length: RECOVERY_PARALLEL }, worker));
  }

  #isMine({ owner }: KnownOwner): boolean {
    return owner.session === this.#record.session;
  }

  #ownerOf(agentId: string, before: KnownOwner | undefined): AgentOwner {
    return {
      agentId,
      hostId: this.id,
      session: this.#record.session,
      epoch: (before?.owner.epoch ?? 0) + 1,
      from: before?.owner.hostId ?? null,
      at: this.#context.clock.nowMs(),
    };
  }

  #place(records: readonly AgentRecord[]): readonly Place[] {
    return placeUnits({
      units: unitsOf(records),
      owners: this.#owners,
      peers: this.#peers,
    });
  }
}

/** Without the accounts where they are more than an entry of the store takes. */
function stopsToTell(state: EmergencyDeskState): EmergencyDeskState {
  if (JSON.stringify(state).length <= MAX_TOLD_STOPS) return state;
  const latches = state.latches.map((stop) => ({
    ...stop,
    progress: [],
    residue: [],
  }));
  return { ...state, latches };
}

function stateOf(state: Peer["state"], isDraining: boolean): HostState {
  if (state === "gone" || state === "dead") return "gone";
  if (state === "silent") return "silent";
  return isDraining ? "draining" : "alive";
}
