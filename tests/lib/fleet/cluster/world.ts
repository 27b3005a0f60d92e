/**
 * Hosts of a simulated cluster: the real membership and claims over the real
 * store, a database in memory, one virtual clock, and a link for each host that
 * can be cut or fail. In place of trading, a host writes a line for each agent
 * that it believes to own.
 */
import type { Clock } from "../../../../actors/mod.ts";
import type { AgentRecord } from "../../../../lib/contracts/agent.ts";
import type { HostRecord } from "../../../../lib/contracts/host.ts";
import { Claims } from "../../../../lib/fleet/cluster/claims.ts";
import { Membership } from "../../../../lib/fleet/cluster/membership.ts";
import { NOTHING_TOLD } from "../../../../lib/fleet/emergency/merge_states.ts";
import type { KvCall, KvFault } from "../../../../lib/store/kv/faults.ts";
import type { MemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../../lib/store/open_store.ts";
import { agentConfigSchema } from "../../../../lib/contracts/agent_config.ts";
import { agentConfig } from "../../../support/config.ts";
import { recordOf } from "../../store/support.ts";

/** What a host wrote of an agent. */
export interface Line {
  agentId: string;
  epoch: number;
  session: string;
  host: string;
}

/** A record of which only what its place depends on counts. */
export function agentOf(
  id: string,
  change: Partial<AgentRecord["config"]> = {},
): AgentRecord {
  const config = agentConfigSchema.parse(agentConfig({ name: id }));
  return { ...recordOf(id), id, config: { ...config, ...change } };
}

/** What a simulated host is made of. */
export interface HostOptions {
  id: string;
  clock: Clock;
  database: MemoryDatabase;
  random: () => number;
  records: readonly AgentRecord[];
  /** Decides what becomes of a call of this host. */
  onCall(call: KvCall): KvFault;
}

/** One process. It dies by `kill`, and stands still while `isPaused`. */
export class SimulatedHost {
  readonly id: string;
  isPaused = false;
  isDead = false;
  /** Others went on with its agents, and it knows. */
  isFenced = false;
  readonly #options: HostOptions;
  readonly #store: OpenedStore;
  readonly #membership: Membership;
  readonly #claims: Claims;
  readonly #cut: () => void;
  #isTicking = false;

  private constructor(
    options: HostOptions,
    { store, cut, session }: {
      store: OpenedStore;
      cut: () => void;
      session: string;
    },
  ) {
    this.id = options.id;
    this.#options = options;
    this.#store = store;
    this.#cut = cut;
    const record = hostRecord(options, session);
    this.#membership = new Membership({
      store: store.hosts,
      clock: options.clock,
      record,
    });
    this.#claims = new Claims({
      store: store.hosts,
      self: record,
      nowMs: () => options.clock.nowMs(),
      monotonicMs: () => options.clock.monotonicMs(),
      peers: () => this.#membership.peers,
    });
  }

  /** Starts a process of this host. */
  static async start(
    options: HostOptions,
    session: string,
  ): Promise<SimulatedHost> {
    const connection = options.database.connect({
      faults: { onCall: (call) => options.onCall(call) },
    });
    const store = await createStore(connection, {
      time: options.clock,
      random: options.random,
    });
    const cut = () => connection.cut();
    const host = new SimulatedHost(options, { store, cut, session });
    await host.#membership.enter(() => host.isFenced = true);
    return host;
  }

  /** Nothing that is under way is heard of any more. */
  kill(): void {
    this.isDead = true;
    this.#cut();
  }

  /** What the timer of the cluster does. */
  tick(): void {
    if (this.#isTicking || !this.isUp) return;
    this.#isTicking = true;
    void this.#once().catch(() => {}).finally(() => this.#isTicking = false);
  }

  /** Writes for each agent that it believes to own; whether that is stored is not waited for. */
  work(): void {
    if (!this.isUp) return;
    for (const { agentId, epoch, session } of this.#claims.mine()) {
      const line: Line = { agentId, epoch, session, host: this.id };
      this.#store.events.append({
        events: [{
          type: "log.added",
          agentId,
          at: this.#options.clock.nowMs(),
          data: {
            level: "warning",
            category: "system",
            agentId,
            agentName: null,
            message: JSON.stringify(line),
            at: this.#options.clock.nowMs(),
            marketAt: null,
          },
        }],
      }).catch(() => {});
    }
  }

  get isUp(): boolean {
    return !this.isPaused && !this.isDead && !this.isFenced;
  }

  /** Agents that it owns by its own belief. */
  get owned(): readonly string[] {
    return this.#claims.mine().map(({ agentId }) => agentId);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #once(): Promise<void> {
    await this.#membership.beat({
      agents: this.owned.length,
      emergency: NOTHING_TOLD,
    });
    await Promise.all([this.#membership.look(), this.#claims.look()]);
    await this.#membership.endTheDead();
    // A process that stands still does not go on behind an answer.
    if (this.isUp) await this.#claims.claim(this.#options.records);
  }
}

function hostRecord({ id, clock }: HostOptions, session: string): HostRecord {
  const now = clock.nowMs();
  return {
    id,
    session,
    role: "host",
    version: "1.0.0",
    startedAt: now,
    beat: 0,
    at: now,
    agents: 0,
    capacity: 100,
    exchanges: [],
    isLiveArmed: false,
    isDraining: false,
    emergency: NOTHING_TOLD,
  };
}
