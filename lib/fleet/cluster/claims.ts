import type { AgentRecord } from "../../contracts/agent.ts";
import type {
  AgentOwner,
  HostRecord,
  KnownOwner,
} from "../../contracts/host.ts";
import { AppError } from "../../core/errors.ts";
import type { Claim, HostStore } from "../../store/host_port.ts";
import { SPAWN_MAX_MS } from "./limits.ts";
import type { Peer } from "./peer_watch.ts";
import { isInForce, type Place, placeUnits } from "./placement.ts";
import { unitsOf } from "./units.ts";

/** What claims are made with. */
export interface ClaimsOptions {
  store: HostStore;
  /** This process. */
  self: Pick<HostRecord, "id" | "session">;
  /** By its own clock, for people to read. */
  nowMs(): number;
  monotonicMs(): number;
  /** Everybody as was seen last. */
  peers(): readonly Peer[];
}

/** Who owns which agent, and what this process may take. */
export class Claims {
  readonly #options: ClaimsOptions;
  #owners: ReadonlyMap<string, KnownOwner> = new Map();
  /** New agents, which come into the fleet by their spawn, and when they were reserved. */
  readonly #reserved = new Map<string, number>();
  readonly counts = { takeovers: 0, refusedClaims: 0 };

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** Reads who owns what. */
  async look(): Promise<void> {
    const owners = await this.#options.store.owners();
    this.#owners = new Map(owners.map((known) => [known.owner.agentId, known]));
  }

  /** The host that owns an agent now, or null. */
  hostOf(agentId: string): string | null {
    const owner = this.#owners.get(agentId);
    return isInForce(owner, this.#options.peers()) ? owner.owner.hostId : null;
  }

  /** Agents whose owner in the store is a host, whether it is there or not. */
  countOf(hostId: string): number {
    return [...this.#owners.values()].filter(({ owner }) =>
      owner.hostId === hostId
    ).length;
  }

  /** Where agents go, those included that nobody owns. */
  place(records: readonly AgentRecord[]): readonly Place[] {
    return placeUnits({
      units: unitsOf(records),
      owners: this.#owners,
      peers: this.#options.peers(),
    });
  }

  /** Takes new agents before anybody else knows them. @throws {AppError} HOST_UNREACHABLE */
  async reserve(agentIds: readonly string[]): Promise<void> {
    for (const agentId of agentIds) {
      this.#reserved.set(agentId, this.#options.monotonicMs());
      // deno-lint-ignore no-await-in-loop -- a team has few agents
      const isMine = await this.#commit(agentId, { leader: null, isNew: true });
      if (isMine) continue;
      throw new AppError(
        "HOST_UNREACHABLE",
        `This host cannot take "${agentId}": somebody else has it`,
        { status: 503 },
      );
    }
  }

  /** Takes what falls to this process of agents that nobody owns. */
  async claim(records: readonly AgentRecord[]): Promise<void> {
    const { self } = this.#options;
    const mine = this.place(records).filter(({ hostId, unowned }) =>
      hostId === self.id && unowned.length > 0
    );
    await Promise.all(mine.map(async ({ unit, unowned }) => {
      for (const { id } of unowned) {
        // deno-lint-ignore no-await-in-loop -- the leader first
        if (!await this.#claimOne(id, unit.leader)) break;
      }
    }));
  }

  /** What this start of this process owns, apart from what it was about to spawn. */
  mine(): readonly AgentOwner[] {
    return [...this.#owners.values()].filter((known) =>
      this.#isMine(known) && !this.#isSpawning(known.owner.agentId)
    ).map(({ owner }) => owner);
  }

  /** One whose spawn was in doubt and is stored all the same is taken in like any other after a while. */
  #isSpawning(agentId: string): boolean {
    const sinceMs = this.#reserved.get(agentId);
    if (sinceMs === undefined) return false;
    if (this.#options.monotonicMs() - sinceMs < SPAWN_MAX_MS) return true;
    this.#reserved.delete(agentId);
    return false;
  }

  /** Gives back an agent that this start owns and that is not stored any more, or never was. */
  async giveBack(agentId: string): Promise<void> {
    const known = this.#owners.get(agentId);
    if (known === undefined || !this.#isMine(known)) return;
    await this.#options.store.release(known);
    this.#owners = new Map(
      [...this.#owners].filter(([id]) => id !== agentId),
    );
  }

  /** Who owns an agent now, as the store says; null for nobody. */
  async ownerNow(agentId: string): Promise<string | null> {
    await this.look();
    return this.hostOf(agentId);
  }

  async #claimOne(agentId: string, leaderId: string): Promise<boolean> {
    const leader = agentId === leaderId ? null : this.#owners.get(leaderId);
    if (leader === undefined || leader !== null && !this.#isMine(leader)) {
      return false;
    }
    return await this.#commit(agentId, { leader, isNew: false });
  }

  async #commit(
    agentId: string,
    rest: Pick<Claim, "leader" | "isNew">,
  ): Promise<boolean> {
    const { self, store, nowMs } = this.#options;
    const before = this.#owners.get(agentId);
    const taken = await store.claim({
      owner: {
        agentId,
        hostId: self.id,
        session: self.session,
        epoch: (before?.owner.epoch ?? 0) + 1,
        from: before?.owner.hostId ?? null,
        at: nowMs(),
      },
      before: before ?? null,
      ...rest,
    });
    if (taken === null) {
      this.counts.refusedClaims++;
      return false;
    }
    const isOthers = before !== undefined && before.owner.hostId !== self.id;
    if (isOthers) this.counts.takeovers++;
    this.#owners = new Map([...this.#owners, [agentId, taken]]);
    return true;
  }

  #isMine({ owner }: KnownOwner): boolean {
    return owner.session === this.#options.self.session;
  }
}
