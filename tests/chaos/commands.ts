/** A client that gives commands while the server dies, and remembers each one that was acknowledged. */
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import type { Rng } from "../../lib/core/rng.ts";
import { type ChaosClient, pause } from "./client.ts";
import { COMMAND_MAX_MS, COMMAND_MIN_MS, EXTRA_AGENTS_MAX } from "./limits.ts";
import { chaosConfig } from "./plan.ts";

/** Least value of the setting that configuration commands raise by one each time. */
const ORDERS_PER_MINUTE_MIN = 31;
const ORDERS_PER_MINUTE_RANGE = 500;

/** What the server has promised so far. */
export interface Acknowledged {
  commands: number;
  /** Requests that were repeated because the server died before its answer. */
  repeated: number;
  /** Repeated requests of which the server honestly says that it does not know what became of the first one. */
  unknown: number;
  refused: string[];
  desired: Map<string, "running" | "paused">;
  /** Values that an agent's setting may have: one, or two where the answer to the second was lost and its repetition refused. */
  ordersPerMinute: Map<string, number[]>;
  /** Ids of spawned agents by name. */
  spawned: Map<string, string>;
}

/** Gives random commands until it is told to end. */
export class CommandClient {
  readonly acknowledged: Acknowledged = {
    commands: 0,
    repeated: 0,
    unknown: 0,
    refused: [],
    desired: new Map(),
    ordersPerMinute: new Map(),
    spawned: new Map(),
  };
  readonly #client: ChaosClient;
  readonly #rng: Rng;
  /** Agents that may be disturbed. */
  readonly #agentIds: readonly string[];
  /** Those of them whose configuration may be changed. */
  readonly #configurableIds: readonly string[];
  #isEnding = false;
  #count = 0;

  constructor(
    client: ChaosClient,
    { rng, agentIds, configurableIds }: {
      rng: Rng;
      agentIds: readonly string[];
      configurableIds: readonly string[];
    },
  ) {
    this.#client = client;
    this.#rng = rng;
    this.#agentIds = agentIds;
    this.#configurableIds = configurableIds;
  }

  /** Resolves when {@link CommandClient.end} was called and the last command is answered. */
  async run(): Promise<void> {
    while (!this.#isEnding && this.#agentIds.length > 0) {
      // deno-lint-ignore no-await-in-loop -- one command after the other
      await this.#command();
      const range = COMMAND_MAX_MS - COMMAND_MIN_MS;
      // deno-lint-ignore no-await-in-loop -- as above
      await pause(COMMAND_MIN_MS + this.#rng.next() * range);
    }
  }

  end(): void {
    this.#isEnding = true;
  }

  async #command(): Promise<void> {
    this.#count++;
    const chance = this.#rng.next();
    const place = this.#rng.next();
    const pick = (ids: readonly string[]) =>
      ids[Math.floor(place * ids.length)];
    const id = pick(this.#agentIds)!;
    const configurable = pick(this.#configurableIds);
    const { spawned } = this.acknowledged;
    if (chance < 0.1 && spawned.size < EXTRA_AGENTS_MAX) await this.#spawn();
    else if (chance < 0.4 && configurable !== undefined) {
      await this.#configure(configurable);
    } else await this.#control(id, chance < 0.7 ? "pause" : "resume");
  }

  async #control(id: string, action: "pause" | "resume"): Promise<void> {
    const answer = await this.#client.send<AgentView>({
      method: "POST",
      path: `/api/agents/${id}/control`,
      body: { action, reason: "chaos" },
      headers: { "idempotency-key": `command-${this.#count}` },
    });
    if (this.#note(answer, 202, action)) {
      const desired = action === "pause" ? "paused" : "running";
      this.acknowledged.desired.set(id, desired);
    } else if (isUnknown(answer)) {
      const { desired } = await this.#client.get<AgentView>(
        `/api/agents/${id}`,
      );
      this.acknowledged.desired.set(id, desired as "running" | "paused");
    }
  }

  async #spawn(): Promise<void> {
    const name = `extra-${this.#count}`;
    const answer = await this.#client.send<AgentView>({
      method: "POST",
      path: "/api/agents/spawn",
      body: {
        config: chaosConfig(name, { kind: "simulated" }),
        acknowledgeWarnings: true,
      },
      headers: { "idempotency-key": `command-${this.#count}` },
    });
    if (this.#note(answer, 201, "spawn")) {
      this.acknowledged.spawned.set(name, answer.value.id);
    } else if (isUnknown(answer)) {
      const agents = await this.#client.list<AgentView>("/api/agents");
      const found = agents.find((agent) => agent.name === name);
      if (found !== undefined) this.acknowledged.spawned.set(name, found.id);
    }
  }

  async #configure(id: string): Promise<void> {
    const before = await this.#client.get<AgentDetail>(`/api/agents/${id}`);
    const value = ORDERS_PER_MINUTE_MIN +
      this.#count % ORDERS_PER_MINUTE_RANGE;
    const config = structuredClone(before.config);
    config.safety.maxOrdersPerMinute = value;
    const answer = await this.#client.send<AgentDetail>({
      method: "PUT",
      path: `/api/agents/${id}/config`,
      body: { config },
      headers: { "if-match": `"${before.configVersion}"` },
    });
    const { ordersPerMinute } = this.acknowledged;
    if (this.#note(answer, 200, "configure")) ordersPerMinute.set(id, [value]);
    else if (answer.unanswered > 0) {
      // The first try may hold, which its version now forbids to repeat.
      ordersPerMinute.set(id, [before.config.safety.maxOrdersPerMinute, value]);
    } else {
      // Refused at the first try: it must not be in force.
      ordersPerMinute.set(id, [before.config.safety.maxOrdersPerMinute]);
    }
  }

  #note(
    answer: { status: number; value: unknown; unanswered: number },
    expected: number,
    what: string,
  ): boolean {
    if (answer.unanswered > 0) this.acknowledged.repeated++;
    if (answer.status === expected) {
      this.acknowledged.commands++;
      return true;
    }
    if (isUnknown(answer)) {
      this.acknowledged.unknown++;
      return false;
    }
    this.acknowledged.refused.push(
      `${what}: ${answer.status} ${JSON.stringify(answer.value).slice(0, 200)}`,
    );
    return false;
  }
}

/** The server died between effect and answer: whoever asked has to look. */
function isUnknown(answer: { value: unknown }): boolean {
  return JSON.stringify(answer.value).includes("idempotency-outcome-unknown");
}
