import { type Signal, signal } from "@preact/signals";
import type { AgentView } from "../../contracts/agent.ts";
import type { Lever, StopView } from "../../contracts/emergency.ts";
import {
  type ApiClient,
  ApiProblem,
  ApiUnreachable,
  explain,
  isSignedOut,
} from "../client/api_client.ts";
import type { Schedule } from "../client/schedule.ts";
import { factsOfDrills, type StopFacts } from "./stop_facts.ts";
import { isOver, type StopStep, stopSteps } from "./stop_steps.ts";

/** How often it is looked how a stop stands. */
const LOOK_EVERY_MS = 400;
/** Pause before a stop that got no answer is sent again. */
const AGAIN_MS = 2_000;
/** Agents that have not stopped by then are shown as they are. */
const LOOKS_MAX = 150;

/** What a session of the dialog works with. */
export interface StopSessionOptions {
  api: Pick<
    ApiClient,
    "drill" | "emergency" | "listAgents" | "newKey" | "stopTrading"
  >;
  schedule: Schedule;
}

/** One opening of the emergency dialog: what would happen, the stop, and what becomes of it. */
export class StopSession {
  readonly facts: Signal<StopFacts | null> = signal(null);
  /** Why the facts are not known. */
  readonly factsReason = signal("Being counted");
  readonly phase: Signal<"asking" | "sending" | "stopped"> = signal("asking");
  /** Why the stop is not through yet, or was refused. */
  readonly failure: Signal<string | null> = signal(null);
  /** No answer came: the same stop is sent again by itself. */
  readonly isTryingAgain = signal(false);
  /** The login has ended, so that nothing can be stopped from here. */
  readonly isSignedOut = signal(false);
  readonly detail = signal("");
  readonly steps: Signal<readonly StopStep[]> = signal([]);
  readonly #options: StopSessionOptions;
  readonly #keys = new Map<Lever, string>();
  #cancel = () => {};
  #isClosed = false;

  constructor(options: StopSessionOptions) {
    this.#options = options;
  }

  /** Counts what a stop would do; the stop waits for nothing of it. */
  async count(): Promise<void> {
    const { api } = this.#options;
    try {
      const [cancel, flatten] = await Promise.all([
        api.drill("cancel"),
        api.drill("flatten"),
      ]);
      this.facts.value = factsOfDrills({ cancel, flatten });
    } catch (error) {
      this.factsReason.value = explain(error);
    }
  }

  /** Stops everything. Where no answer comes it is sent again until one does; twice is one stop. */
  async stop(request: { lever: Lever; reason: string }): Promise<void> {
    const { api, schedule } = this.#options;
    const key = this.#keys.get(request.lever) ?? api.newKey();
    this.#keys.set(request.lever, key);
    this.phase.value = "sending";
    try {
      const { stop, detail } = await api.stopTrading(request, key);
      this.detail.value = detail;
      this.failure.value = null;
      this.isTryingAgain.value = false;
      this.phase.value = "stopped";
      await this.#follow(stop, 0);
    } catch (error) {
      this.failure.value = explain(error);
      this.isTryingAgain.value = error instanceof ApiUnreachable;
      this.isSignedOut.value = isSignedOut(error);
      // Its stop was released meanwhile: whoever stops again wants another one.
      if (isKeyReused(error)) this.#keys.delete(request.lever);
      if (!this.isTryingAgain.value) this.phase.value = "asking";
      else if (!this.#isClosed) {
        this.#cancel = schedule(AGAIN_MS, () => void this.stop(request));
      }
    }
  }

  /** The dialog is closed: nothing is sent or asked any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  async #follow(stop: StopView, looks: number): Promise<void> {
    this.steps.value = await this.#stepsOf(stop);
    const isDone = !stop.isWorking && isOver(this.steps.value);
    if (isDone || this.#isClosed || looks >= LOOKS_MAX) return;
    this.#cancel = this.#options.schedule(LOOK_EVERY_MS, () => {
      void this.#look(stop, looks + 1);
    });
  }

  async #look(last: StopView, looks: number): Promise<void> {
    let next = last;
    try {
      const { latches } = await this.#options.api.emergency();
      next = latches.find(({ id }) => id === last.id) ??
        { ...last, isWorking: false };
      this.failure.value = null;
    } catch (error) {
      this.failure.value = explain(error);
    }
    await this.#follow(next, looks);
  }

  async #stepsOf(stop: StopView): Promise<StopStep[]> {
    const facts = this.facts.peek();
    return stopSteps(stop, {
      orders: (stop.lever === "flatten" ? facts?.orders : facts?.entries) ??
        null,
      positions: facts?.positions ?? null,
      agents: stop.lever === "flatten" ? await this.#agentsOf(stop) : null,
    });
  }

  /** How many agents of a stop are down; null where the server does not say. */
  async #agentsOf(
    { progress }: StopView,
  ): Promise<{ stopped: number; of: number } | null> {
    const ids = new Set(progress.map(({ agentId }) => agentId));
    try {
      const { items } = await this.#options.api.listAgents();
      const agents = items.filter(({ id }) => ids.has(id));
      return { stopped: agents.filter(isDown).length, of: agents.length };
    } catch {
      return null;
    }
  }
}

function isKeyReused(error: unknown): boolean {
  return error instanceof ApiProblem &&
    error.problem.code === "IDEMPOTENCY_KEY_REUSED";
}

function isDown({ observed }: AgentView): boolean {
  return observed === "stopped" || observed === "killed" ||
    observed === "quarantined";
}
