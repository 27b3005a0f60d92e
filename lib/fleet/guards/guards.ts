/**
 * Risk managers and whom they guard: wires them to the desks, tells desks and
 * workers who is guarded, and keeps both up to date as agents come and go.
 *
 * @module
 */
import { isUp } from "../../../actors/mod.ts";
import type { GuardedAgent } from "../../contracts/agent.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { DeskQuery } from "../../contracts/desk.ts";
import { GUARD_LINKS, type GuardAtDesk } from "../../contracts/guard.ts";
import type { FleetContext } from "../context.ts";
import { type DeskId, deskIdOf } from "../desk_ids.ts";
import { startedDesks } from "../desks.ts";
import { ASK_DEADLINE_MS } from "../limits.ts";
import type { AgentEntry } from "../registry.ts";
import { agentWorkerConfig } from "../agent_spec.ts";
import { guardedAccount, isGuarded, isMeantToRun } from "./scope.ts";

/** See the module's description. */
export class Guards {
  readonly #context: FleetContext;
  /** Links that are wished for: desks by guard. */
  readonly #links = new Map<string, Set<DeskId>>();
  /** What each desk and each guard's worker was told last, as text. */
  readonly #toldDesks = new Map<string, string>();
  readonly #toldWorkers = new Map<string, string>();
  readonly #underWay = new Set<string>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Agents that a risk manager guards now, oldest first. */
  guardedBy(guard: AgentEntry): AgentEntry[] {
    return this.#context.agents.all().filter((agent) =>
      isGuarded(guard, agent)
    );
  }

  /** The same as its worker is told. */
  namesOf(guard: AgentEntry): GuardedAgent[] {
    return this.guardedBy(guard).map(({ record: { id, config } }) => ({
      agentId: id,
      name: config.name,
    }));
  }

  /** What a desk that starts has to know. */
  deskStarts(deskId: DeskId): readonly GuardAtDesk[] {
    const guards = this.#atDesk(deskId);
    this.#toldDesks.set(deskId, JSON.stringify(guards));
    return guards;
  }

  /** A guard's worker starts with these. */
  workerStarts(guard: AgentEntry): void {
    this.#toldWorkers.set(
      guard.record.id,
      JSON.stringify(this.namesOf(guard)),
    );
  }

  /** Brings links, desks and workers up to date where anything has changed. Called often: cheap without a guard. */
  look(): void {
    const guards = this.#guards();
    const isIdle = guards.length === 0 && this.#links.size === 0 &&
      this.#toldDesks.size === 0;
    if (isIdle) return;
    for (const guard of guards) this.#wire(guard);
    for (const guardId of [...this.#links.keys()]) {
      if (!guards.some(({ record }) => record.id === guardId)) {
        this.disconnect(guardId);
      }
    }
    for (const deskId of startedDesks(this.#context)) this.#tellDesk(deskId);
    for (const guard of guards) this.#tellWorker(guard);
  }

  /** Takes a guard's links apart. */
  disconnect(guardId: string): void {
    for (const deskId of this.#links.get(guardId) ?? []) {
      this.#context.supervisor.disconnect(
        guardId,
        GUARD_LINKS.deskOf(deskId),
      );
    }
    this.#links.delete(guardId);
    this.#toldWorkers.delete(guardId);
  }

  /**
   * A person releases what a guard has latched, at every desk.
   *
   * @throws {AppError} Where a desk does not answer; the others have released it.
   */
  async release(guardId: string): Promise<void> {
    const query: DeskQuery = { type: "releaseGuard", guardId };
    const answers = await Promise.allSettled(
      startedDesks(this.#context).map((deskId) =>
        this.#context.supervisor.ask(deskId, query, {
          deadlineMs: ASK_DEADLINE_MS,
        })
      ),
    );
    const failed = answers.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  #guards(): AgentEntry[] {
    return this.#context.agents.own().filter((entry) =>
      !hasAccount(entry.record.config.type) && isMeantToRun(entry)
    );
  }

  #atDesk(deskId: DeskId): GuardAtDesk[] {
    return this.#guards().map((guard) => ({
      guardId: guard.record.id,
      accounts: this.guardedBy(guard)
        .filter(({ record }) => deskIdOf(record.config) === deskId)
        .map(guardedAccount),
    })).filter(({ accounts }) => accounts.length > 0);
  }

  #wire(guard: AgentEntry): void {
    const { id } = guard.record;
    const wanted = new Set(
      this.guardedBy(guard).map(({ record }) => deskIdOf(record.config)),
    );
    const links = this.#links.get(id) ?? new Set();
    for (const deskId of wanted) {
      if (links.has(deskId)) continue;
      links.add(deskId);
      this.#context.supervisor.connect({
        from: id,
        fromLink: GUARD_LINKS.deskOf(deskId),
        to: deskId,
        toLink: GUARD_LINKS.guardOf(id),
      });
    }
    // A link that nothing is guarded over says so, and stays.
    this.#links.set(id, links);
  }

  #tellDesk(deskId: DeskId): void {
    const guards = this.#atDesk(deskId);
    const query: DeskQuery = { type: "setGuards", guards };
    this.#tell(deskId, {
      told: this.#toldDesks,
      text: JSON.stringify(guards),
      send: () =>
        this.#context.supervisor.ask(deskId, query, {
          deadlineMs: ASK_DEADLINE_MS,
        }),
    });
  }

  #tellWorker(guard: AgentEntry): void {
    const { id } = guard.record;
    const status = this.#context.supervisor.status(id);
    if (status === null || !isUp(status.state)) return;
    this.#tell(id, {
      told: this.#toldWorkers,
      text: JSON.stringify(this.namesOf(guard)),
      send: () =>
        this.#context.supervisor.configure(
          id,
          agentWorkerConfig(this.#context, guard),
        ),
    });
  }

  /** One at a time; who does not take it is told with the next look. */
  #tell(
    id: string,
    { told, text, send }: {
      told: Map<string, string>;
      text: string;
      send: () => Promise<unknown>;
    },
  ): void {
    const before = told.get(id);
    if (before === text || this.#underWay.has(id)) return;
    if (before === undefined && text === "[]") {
      told.set(id, text);
      return;
    }
    this.#underWay.add(id);
    const done = send().then(
      () => void told.set(id, text),
      () => {},
    ).finally(() => this.#underWay.delete(id));
    this.#context.track(done, `tell ${id} who is guarded`);
  }
}
