import { type Signal, signal } from "@preact/signals";
import type { AgentDetail, AgentView } from "../../contracts/agent.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";

/** The limits of an agent that a row shows and that are part of its configuration. */
export interface AgentLimits {
  configVersion: number;
  maxDrawdownPct: number;
  dailyLossLimit: string;
}

/** Takes the limits out of a detail. */
export function limitsOf(detail: AgentDetail): AgentLimits {
  const { maxDrawdownPct, dailyLossLimit } = detail.config.risk;
  return {
    configVersion: detail.configVersion,
    maxDrawdownPct,
    dailyLossLimit,
  };
}

/**
 * The agents of a page. Each one is a signal of its own, so that an update
 * paints one row; `ids` changes only when agents come and go.
 */
export class FleetStore {
  readonly ids: Signal<readonly string[]>;
  readonly limits: Signal<Readonly<Record<string, AgentLimits>>>;
  readonly #agents = new Map<string, Signal<AgentView>>();

  constructor(
    agents: readonly AgentView[],
    limits: Readonly<Record<string, AgentLimits>>,
  ) {
    for (const agent of agents) this.#agents.set(agent.id, signal(agent));
    this.ids = signal(agents.map(({ id }) => id));
    this.limits = signal(limits);
  }

  /** An agent's signal. */
  find(id: string): Signal<AgentView> | undefined {
    return this.#agents.get(id);
  }

  /** All agents; who reads this in a component or computed is told of every change. */
  all(): AgentView[] {
    return this.ids.value.flatMap((id) => this.#agents.get(id)?.value ?? []);
  }

  /** Takes a newer view of an agent in; an older one than is known changes nothing. */
  put(agent: AgentView): void {
    const known = this.#agents.get(agent.id);
    if (known === undefined) {
      this.#agents.set(agent.id, signal(agent));
      this.ids.value = [...this.ids.value, agent.id];
    } else if (agent.updatedAt >= known.peek().updatedAt) {
      known.value = agent;
    }
  }

  /** Forgets an agent. */
  remove(id: string): void {
    if (!this.#agents.delete(id)) return;
    this.ids.value = this.ids.value.filter((known) => known !== id);
  }

  /** Takes a whole list in: agents that are not in it are gone. */
  replaceAll(agents: readonly AgentView[]): void {
    const present = new Set(agents.map(({ id }) => id));
    for (const id of this.ids.peek()) if (!present.has(id)) this.remove(id);
    for (const agent of agents) this.put(agent);
  }

  /** Remembers the limits of an agent. */
  putLimits(id: string, limits: AgentLimits): void {
    this.limits.value = { ...this.limits.value, [id]: limits };
  }

  /** Agents whose limits are unknown or of an older configuration. */
  withoutLimits(): string[] {
    return this.all().filter(({ id, configVersion }) =>
      (this.limits.value[id]?.configVersion ?? -1) < configVersion
    ).map(({ id }) => id);
  }

  /** Applies a stream event; other types than agents' change nothing. */
  apply(event: StreamEnvelope): void {
    if (event.type === "agent.updated") this.put(event.data);
    else if (event.type === "agent.removed") this.remove(event.data.id);
  }
}
