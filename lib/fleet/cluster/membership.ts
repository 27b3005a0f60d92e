import type { HostRecord, HostState, HostView } from "../../contracts/host.ts";
import { AppError } from "../../core/errors.ts";
import type { HostStore } from "../../store/host_port.ts";
import { type Peer, PeerWatch } from "./peer_watch.ts";

/** What a membership needs. */
export interface MembershipOptions {
  store: HostStore;
  clock: { nowMs(): number; monotonicMs(): number };
  /** This process; brought up to date with each sign of life. */
  record: HostRecord;
}

/** The processes over one store: this one shows itself, looks at the others, and ends whoever is silent for too long. */
export class Membership {
  readonly record: HostRecord;
  readonly #options: MembershipOptions;
  readonly #watch = new PeerWatch();
  #peers: readonly Peer[] = [];

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.record = options.record;
  }

  /** Whether this process runs agents. */
  get isHost(): boolean {
    return this.record.role !== "control";
  }

  /** Everybody as was seen last. */
  get peers(): readonly Peer[] {
    return this.#peers;
  }

  /** Lets this start own agents; `onLost` is told when others take them over. */
  async enter(onLost: () => void): Promise<void> {
    if (!this.isHost) return;
    await this.#options.store.enter(this.record, { onLost });
  }

  /** A sign of life. @throws {AppError} STORE_FENCED */
  async beat(told: Pick<HostRecord, "agents" | "emergency">): Promise<void> {
    Object.assign(this.record, told);
    this.record.beat++;
    this.record.at = this.#options.clock.nowMs();
    await this.#options.store.beat(this.record);
  }

  /** Looks who is there; answers whether this host is wanted to drain. */
  async look(): Promise<boolean> {
    const { store, clock } = this.#options;
    const hosts = await store.list();
    this.#peers = this.#watch.look(hosts, clock.monotonicMs());
    return hosts.some(({ record, isToDrain }) =>
      isToDrain && record.id === this.record.id
    );
  }

  /** Ends the sessions of those that were silent for too long; answers whose this process has ended. */
  async endTheDead(): Promise<readonly HostRecord[]> {
    const ended: HostRecord[] = [];
    for (const { host, state } of this.#peers) {
      if (state !== "dead" || host.record.id === this.record.id) continue;
      // deno-lint-ignore no-await-in-loop -- rarely one
      if (await this.#options.store.end(host)) ended.push(host.record);
    }
    return ended;
  }

  /** Ends this start's session: others take what it owned. */
  async leave(): Promise<void> {
    if (!this.isHost) return;
    this.record.at = this.#options.clock.nowMs();
    await this.#options.store.leave(this.record);
  }

  /** Hosts that are up, this one included. */
  alive(): readonly string[] {
    return this.#peers.filter(({ state }) => state === "alive")
      .map(({ host }) => host.record.id);
  }

  /** The start of a host that may own agents, as it was seen last; null where there is none. */
  sessionOf(hostId: string): string | null {
    const peer = this.#peers.find(({ host }) => host.record.id === hostId);
    return peer === undefined || peer.state === "gone"
      ? null
      : peer.host.record.session;
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

  /** All hosts, for people. */
  views(): readonly HostView[] {
    return this.#peers.map(({ host: { record, isToDrain }, state }) => ({
      id: record.id,
      state: stateOf(state, record.isDraining || isToDrain),
      role: record.role,
      version: record.version,
      startedAt: new Date(record.startedAt).toISOString(),
      lastSeenAt: new Date(record.at).toISOString(),
      agents: record.agents,
      capacity: record.capacity,
      exchanges: [...record.exchanges],
      isLiveArmed: record.isLiveArmed,
      isSelf: record.id === this.record.id,
    }));
  }
}

function stateOf(state: Peer["state"], isDraining: boolean): HostState {
  if (state === "gone" || state === "dead") return "gone";
  if (state === "silent") return "silent";
  return isDraining ? "draining" : "alive";
}
