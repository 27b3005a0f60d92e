/**
 * This process among the others over one store: gives signs of life, looks who
 * is there, and takes the agents that nobody owns any more.
 *
 * @module
 */
import type { AgentRecord } from "../../contracts/agent.ts";
import type { EmergencyDeskState } from "../../contracts/emergency.ts";
import type { AgentOwner, HostView } from "../../contracts/host.ts";
import { AppError } from "../../core/errors.ts";
import type { HostStore } from "../../store/host_port.ts";
import type { FleetContext } from "../context.ts";
import { RECOVERY_PARALLEL } from "../limits.ts";
import { Claims } from "./claims.ts";
import { HOST_PRUNE_MS, HOST_TICK_MS } from "./limits.ts";
import { Membership } from "./membership.ts";
import { noteHosts } from "./note_hosts.ts";
import type { Peer } from "./peer_watch.ts";
import type { Place } from "./placement.ts";
import { recordOf, type SelfHost } from "./self_record.ts";
import { takeIn } from "./take_in.ts";
import { stopsToTell } from "./told_stops.ts";
import { WishLook } from "./wish_look.ts";

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
  readonly #membership: Membership;
  readonly #claims: Claims;
  readonly #wishes: WishLook;
  #timers: { cancel(): void }[] = [];
  #tick: Promise<void> | null = null;
  #taking: Promise<void> | null = null;
  /** What other hosts told of emergency stops, as text. */
  readonly #toldStops = new Map<string, string>();
  #isDrainTold = false;
  /** Why the last tick failed; empty where it did not. */
  #lastFailure = "";

  constructor(context: FleetContext, options: ClusterOptions) {
    this.#context = context;
    this.#options = options;
    const { store } = options;
    const record = recordOf(context, options.self);
    this.#membership = new Membership({ store, clock: context.clock, record });
    this.#wishes = new WishLook(context);
    this.#claims = new Claims({
      store,
      self: record,
      nowMs: () => context.clock.nowMs(),
      monotonicMs: () => context.clock.monotonicMs(),
      peers: () => this.#membership.peers,
    });
  }

  get id(): string {
    return this.#membership.record.id;
  }

  /** This start of the process. */
  get session(): string {
    return this.#membership.record.session;
  }

  /** Whether this process runs agents. */
  get isHost(): boolean {
    return this.#membership.isHost;
  }

  /** Enters and looks around once; agents are taken with the ticks that follow. */
  async start(): Promise<void> {
    const { clock, track } = this.#context;
    const { store, onFenced } = this.#options;
    const { record } = this.#membership;
    record.emergency = this.#stopsToTell();
    await this.#membership.enter(onFenced);
    await this.lookAround();
    this.#timers = [
      clock.every(HOST_TICK_MS, () => this.#run()),
      clock.every(
        HOST_PRUNE_MS,
        () => track(store.prune(), "remove old mail of hosts"),
      ),
    ];
    this.#run();
  }

  /** The start of a host that may own agents, as it was seen last; null where there is none. */
  sessionOf(hostId: string): string | null {
    return this.#membership.sessionOf(hostId);
  }

  /** Where an agent is: the host that owns it now, or null. */
  hostOf(agentId: string): string | null {
    return this.#claims.hostOf(agentId);
  }

  /** Another host that owns an agent now, as the store says; null for none, and for this one. */
  async otherOwnerNow(agentId: string): Promise<string | null> {
    const hostId = await this.#claims.ownerNow(agentId);
    return hostId === this.id ? null : hostId;
  }

  /** Hosts that are up, this one included. */
  alive(): readonly string[] {
    return this.#membership.alive();
  }

  /** Where agents as they are to be go: to those that they belong together with, else where there is most room. */
  placeOf(records: readonly AgentRecord[]): Place {
    const ids = new Set(records.map(({ id }) => id));
    const others = this.#context.agents.all().map(({ record }) => record)
      .filter(({ id }) => !ids.has(id));
    return this.#claims.place([...others, ...records])
      .find(({ unit }) => unit.members.some(({ id }) => ids.has(id)))!;
  }

  /** Takes new agents before anybody else knows them. @throws {AppError} HOST_UNREACHABLE */
  async reserve(agentIds: readonly string[]): Promise<void> {
    await this.#claims.reserve(agentIds);
    const { mirror } = this.#context;
    await Promise.all(
      agentIds.map((id) => mirror?.resume(id, { epoch: 1, isFromHere: false })),
    );
  }

  /** All hosts, for people. */
  list(): readonly HostView[] {
    return this.#membership.views();
  }

  /** The host as it was seen last. @throws {AppError} HOST_NOT_FOUND */
  require(hostId: string): Peer {
    return this.#membership.require(hostId);
  }

  /** What this process took from others, and could not take, since its start. */
  get claimed(): { takeovers: number; refusedClaims: number } {
    return this.#claims.counts;
  }

  /** No new agents from now on. */
  stopTaking(): void {
    this.#membership.record.isDraining = true;
  }

  /** Gives the agents away: this process runs none of them any more, and everything of them is stored. */
  async leave(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await this.#tick;
    await this.#taking;
    await this.#membership.leave().catch((error) =>
      // The others wait until it has been silent long enough.
      this.#context.onError("leave the other hosts", error)
    );
  }

  #run(): void {
    if (this.#tick !== null) return;
    this.#tick = this.#once().then(
      () => void (this.#lastFailure = ""),
      (error) => this.#noteFailure(error),
    ).finally(() => this.#tick = null);
  }

  /** The next tick tries again. Of a store that is away its health tells; anything else is told once as long as it stays the same. */
  #noteFailure(error: unknown): void {
    if (error instanceof AppError && error.code === "STORE_UNAVAILABLE") return;
    const failure = String(error);
    if (failure === this.#lastFailure) return;
    this.#lastFailure = failure;
    this.#context.onError("give a sign of life to the other hosts", error);
  }

  async #once(): Promise<void> {
    const { agents } = this.#context;
    if (this.isHost) {
      await this.#membership.beat({
        agents: agents.own().length,
        emergency: this.#stopsToTell(),
      });
    }
    await this.lookAround();
    const ended = await this.#membership.endTheDead();
    for (const { id } of ended) this.#tellDead(id);
    // What they owned is free now, and not a tick later.
    if (ended.length > 0) await this.lookAround();
    await this.#wishes.look();
    // Beside the signs of life: to start many agents takes longer than others wait.
    const mayTake = this.isHost && !this.#membership.record.isDraining;
    if (mayTake) this.#taking ??= this.#take();
  }

  /** Reads who is there and who owns what, as each tick does. */
  async lookAround(): Promise<void> {
    const [isDrainWanted] = await Promise.all([
      this.#membership.look(),
      this.#claims.look(),
    ]);
    noteHosts(this.#context, this.#claims);
    this.#context.calls!.giveUpEnded();
    this.#hearStops();
    if (!isDrainWanted || this.#isDrainTold) return;
    this.#isDrainTold = true;
    this.#options.onDrainWanted();
  }

  /** Stops hold everywhere: what one host has, or had when it ended, all others get. */
  #hearStops(): void {
    const { peers } = this.#context.emergency;
    const unseen = new Set(this.#toldStops.keys());
    for (const { host: { record }, state } of this.#membership.peers) {
      const { id, emergency } = record;
      if (id === this.id) continue;
      unseen.delete(id);
      const isGone = state === "gone" || state === "dead";
      const told = `${isGone} ${JSON.stringify(emergency)}`;
      if (this.#toldStops.get(id) === told) continue;
      this.#toldStops.set(id, told);
      peers.take(id, emergency, { isGone });
    }
    for (const id of unseen) {
      this.#toldStops.delete(id);
      peers.forget(id);
    }
    this.#context.emergency.giveUnheard();
  }

  #stopsToTell(): EmergencyDeskState {
    return stopsToTell(this.#context.emergency.peers.ownState);
  }

  #tellDead(hostId: string): void {
    this.#context.log({
      level: "error",
      category: "system",
      agentId: null,
      agentName: null,
      message: `Host "${hostId}" gave no sign of life for too long; its ${
        this.#claims.countOf(hostId)
      } agents go on elsewhere, those that trade with money wait for it`,
      at: this.#context.clock.nowMs(),
      marketAt: null,
    });
  }

  async #take(): Promise<void> {
    const { agents, onError } = this.#context;
    try {
      await this.#claims.claim(agents.all().map(({ record }) => record));
      await this.#takeInMine();
    } catch (error) {
      // Nothing is lost: the next tick goes on.
      onError("take over agents", error);
    } finally {
      this.#taking = null;
    }
  }

  /** What is owned and not here yet, be it from now or from a try that failed. */
  async #takeInMine(): Promise<void> {
    const { agents, onError } = this.#context;
    const waiting = this.#claims.mine().filter(({ agentId }) =>
      agents.find(agentId)?.isOwn !== true
    );
    let next = 0;
    const worker = async () => {
      for (let place = next++; place < waiting.length; place = next++) {
        const owner = waiting[place]!;
        // deno-lint-ignore no-await-in-loop -- each worker takes one after the other
        await this.#takeInOne(owner).catch((error) =>
          onError(`take over ${owner.agentId}; it is tried again`, error)
        );
      }
    };
    await Promise.all(Array.from({ length: RECOVERY_PARALLEL }, worker));
  }

  async #takeInOne(owner: AgentOwner): Promise<void> {
    if (await takeIn(this.#context, owner, this.id)) return;
    await this.#claims.giveBack(owner.agentId);
  }
}
