import { batch, type Signal, signal } from "@preact/signals";
import type { AgentDetail } from "../../contracts/agent.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import type { FleetAgent } from "./fleet_agent.ts";

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

/** When the changes of a burst are taken in: by the browser before its next frame, else at once. */
export type Schedule = (run: () => void) => void;

/** Figures of the whole fleet, and the order of its rows, are drawn at most this often. */
export const FIGURES_EVERY_MS = 350;

/** How a {@link FleetStore} keeps time; without it every change is taken in at once. */
export interface StorePace {
  frame: Schedule;
  /** Runs once after so many milliseconds. */
  later: (ms: number, run: () => void) => void;
}

/**
 * The agents of a page. Each one is a signal of its own, so that an update
 * paints one row; `ids` changes only when agents come and go. What the stream
 * brings waits for the next frame: of many views of an agent only the newest
 * is painted.
 */
export class FleetStore {
  readonly ids: Signal<readonly string[]>;
  readonly limits: Signal<Readonly<Record<string, AgentLimits>>>;
  /** Raised with every change of any agent. */
  readonly version: Signal<number> = signal(0);
  readonly #figures: Signal<number> = signal(0);
  readonly #agents = new Map<string, Signal<FleetAgent>>();
  readonly #changed = new Set<string>();
  readonly #queued = new Map<string, FleetAgent | null>();
  readonly #pace: StorePace | null;
  #isFigureDue = false;

  constructor(
    agents: readonly FleetAgent[],
    limits: Readonly<Record<string, AgentLimits>>,
    pace: StorePace | null = null,
  ) {
    for (const agent of agents) this.#agents.set(agent.id, signal(agent));
    this.ids = signal(agents.map(({ id }) => id));
    this.limits = signal(limits);
    this.#pace = pace;
  }

  /** An agent's signal. */
  find(id: string): Signal<FleetAgent> | undefined {
    return this.#agents.get(id);
  }

  /** All agents; who reads this in a component or computed is told of every change. */
  all(): FleetAgent[] {
    this.version.value;
    return this.peekAll();
  }

  /** The same for figures of the whole fleet, which are told a few times a second at most. */
  allForFigures(): FleetAgent[] {
    this.told();
    return this.peekAll();
  }

  /** Who reads this is told of changes a few times a second at most, and at once of agents that come and go. */
  told(): void {
    this.#figures.value;
    this.ids.value;
  }

  /** All agents as they are now, for who wants to be told of nothing. */
  peekAll(): FleetAgent[] {
    return this.ids.peek().flatMap((id) => this.#agents.get(id)?.peek() ?? []);
  }

  /** Agents that have changed, come or gone since this was asked last. Has one asker. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** Takes a newer view of an agent in; an older one than is known changes nothing. */
  put(agent: FleetAgent): void {
    batch(() => {
      this.#put(agent);
      this.#tell();
    });
  }

  /** Forgets an agent. */
  remove(id: string): void {
    batch(() => {
      this.#remove(id);
      this.#tell();
    });
  }

  /** Takes a whole list in: agents that are not in it are gone. */
  replaceAll(agents: readonly FleetAgent[]): void {
    const present = new Set(agents.map(({ id }) => id));
    batch(() => {
      for (const id of this.ids.peek()) if (!present.has(id)) this.#remove(id);
      for (const agent of agents) this.#put(agent);
      this.#tell();
    });
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

  /** Applies a stream event with the next frame; other types than agents' change nothing. */
  apply(event: StreamEnvelope): void {
    if (event.type === "agent.updated") this.#queue(event.data.id, event.data);
    else if (event.type === "agent.removed") this.#queue(event.data.id, null);
  }

  #queue(id: string, agent: FleetAgent | null): void {
    const isFirst = this.#queued.size === 0;
    this.#queued.set(id, agent);
    if (this.#pace === null) this.#takeIn();
    else if (isFirst) this.#pace.frame(() => this.#takeIn());
  }

  #takeIn(): void {
    batch(() => {
      for (const [id, agent] of this.#queued) {
        if (agent === null) this.#remove(id);
        else this.#put(agent);
      }
      this.#queued.clear();
      this.#tell();
    });
  }

  #put(agent: FleetAgent): void {
    const known = this.#agents.get(agent.id);
    if (known === undefined) {
      this.#agents.set(agent.id, signal(agent));
      this.ids.value = [...this.ids.peek(), agent.id];
    } else if (agent.updatedAt >= known.peek().updatedAt) {
      known.value = agent;
    } else return;
    this.#changed.add(agent.id);
  }

  #remove(id: string): void {
    if (!this.#agents.delete(id)) return;
    this.ids.value = this.ids.peek().filter((known) => known !== id);
    this.#changed.add(id);
  }

  #tell(): void {
    this.version.value = this.version.peek() + 1;
    if (!this.#isFigureDue) this.#tellFigures();
  }

  #tellFigures(): void {
    this.#figures.value = this.version.peek();
    if (this.#pace === null) return;
    this.#isFigureDue = true;
    this.#pace.later(FIGURES_EVERY_MS, () => {
      this.#isFigureDue = false;
      if (this.#figures.peek() !== this.version.peek()) this.#tellFigures();
    });
  }
}
